import { createHash, randomBytes } from "node:crypto";
import type { Db } from "#lib/data/store.ts";
import type { Person } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { storedSessionToken } from "./session-token.ts";

/** How long the browser may take from one host to the other. */
const handoverTtlMs = 60_000;

/** How long a session on the signing host lasts at most: keys are not used for days on end. */
const signingSessionMs = 8 * 3_600_000;

/** What the signing host keeps in the browser while it asks the other host who this is, and what it asks with. */
export type HandoverState = { readonly nonce: string; readonly state: string };

/** Begins a handover on the signing host: the nonce stays in this browser, the state travels. */
export function beginHandover(): HandoverState {
  const nonce = randomBytes(32).toString("base64url");
  return { nonce, state: stateOf(nonce) };
}

/** A ticket for the signing host, made where the person is signed in, for the browser that asks with `state`; used once, within a minute. */
export async function makeHandover(db: Db, person: Person, state: string, now: Date): Promise<string> {
  const ticket = randomBytes(32).toString("base64url");
  await db.verificationToken.create({
    data: {
      identifier: `handover:${person.sessionId}`,
      token: tokenOf(ticket, state),
      expires: new Date(now.getTime() + handoverTtlMs),
    },
  });
  return ticket;
}

/**
 * Ends a handover on the signing host: spends the ticket in the browser that began it, and gives back the token of a session there.
 *
 * @throws {Refusal} expired, also for a ticket that was made for another browser.
 */
export async function finishHandover(
  db: Db,
  given: { readonly ticket: string; readonly nonce: string | undefined; readonly userAgent: string | null },
  now: Date,
): Promise<string> {
  const token = tokenOf(given.ticket, stateOf(given.nonce ?? ""));
  const row = given.nonce === undefined ? null : await db.verificationToken.findUnique({ where: { token } });
  const isSpent = row ? (await db.verificationToken.deleteMany({ where: { token } })).count === 1 : false;
  if (!row || !isSpent || row.expires <= now || !row.identifier.startsWith("handover:")) throw expired();
  const former = await db.session.findUnique({ where: { id: row.identifier.slice("handover:".length) } });
  // Signed out meanwhile: nothing is handed over.
  if (!former || former.expires <= now) throw expired();
  const sessionToken = randomBytes(32).toString("base64url");
  await db.session.create({
    data: {
      sessionToken: storedSessionToken(sessionToken),
      userId: former.userId,
      // It ends with the session that it came from: signing out there signs out here.
      handedFromId: former.id,
      createdAt: former.createdAt,
      lastSeenAt: now,
      expires: new Date(Math.min(former.expires.getTime(), now.getTime() + signingSessionMs)),
      userAgent: given.userAgent?.slice(0, 300) ?? null,
    },
  });
  return sessionToken;
}

function stateOf(nonce: string): string {
  return createHash("sha256").update(nonce).digest("base64url");
}

function tokenOf(ticket: string, state: string): string {
  return createHash("sha256").update(`${ticket}\n${state}`).digest("hex");
}

function expired(): Refusal {
  return new Refusal("expired", "This way to the signing site was used or took too long. Open the page once more.");
}
