import { createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Context } from "./context.ts";
import type { Db, Tx } from "./store.ts";

/** How long a link and its code count. */
export const challengeTtlMs = 10 * 60 * 1000;

/** Wrong codes after which a challenge is dead. */
export const challengeAttemptsMax = 5;

/** What a code is for: to sign in, or to confirm one act (its `subject`) while signed in. */
export type ChallengePurpose = "sign-in" | "step-up";

/** What leaves by mail; the database keeps only HMACs of it under a key of its own. */
export type OpenChallenge = { readonly id: string; readonly token: string; readonly code: string };

/**
 * Opens a challenge for one mail address, bound to the browser whose nonce is given. The code follows from the token, so that
 * the link opened elsewhere can show it.
 */
export async function openChallenge(
  tx: Db | Tx,
  ctx: Pick<Context, "now" | "random" | "site">,
  input: { purpose: ChallengePurpose; email: string; browser: string; subject?: string; callbackPath?: string },
): Promise<OpenChallenge> {
  const token = Buffer.from(ctx.random(new Uint8Array(32))).toString("base64url");
  const code = codeOf(ctx.site.secret, token);
  const row = await tx.signInChallenge.create({
    data: {
      purpose: input.purpose,
      email: input.email,
      subject: input.subject ?? null,
      callbackPath: input.callbackPath ?? "/",
      tokenHmac: mac(ctx.site.secret, "token", token),
      codeHmac: mac(ctx.site.secret, "code", code),
      browserHmac: mac(ctx.site.secret, "browser", input.browser),
      createdAt: ctx.now,
      expiresAt: new Date(ctx.now.getTime() + challengeTtlMs),
    },
    select: { id: true },
  });
  return { id: row.id, token, code };
}

/** An answer to a challenge: the token of the link, or the code typed. */
export type ChallengeAnswer = {
  readonly id: string;
  readonly browser: string | undefined;
  readonly token?: string | undefined;
  readonly code?: string | undefined;
};

/**
 * Uses a challenge up: once, in time, in the browser that asked. Each try counts, and is counted in a statement of its own so
 * that refusing it cannot undo the count: call it outside the transaction of what the code opens.
 *
 * @throws {Refusal} expired, wrong-code.
 */
export async function spendChallenge(
  db: Db,
  ctx: Pick<Context, "now" | "site">,
  purpose: ChallengePurpose,
  answer: ChallengeAnswer,
): Promise<{ email: string; subject: string | null; callbackPath: string }> {
  const row = await db.signInChallenge.findUnique({ where: { id: answer.id } });
  if (!row || row.purpose !== purpose || row.usedAt || row.expiresAt <= ctx.now) throw spent();
  if (!answer.browser || !equal(row.browserHmac, mac(ctx.site.secret, "browser", answer.browser))) {
    throw new Refusal(
      "wrong-code",
      "This was asked for in another browser. Type the code there, or ask for a new one here.",
    );
  }
  const counted = await db.signInChallenge.updateMany({
    where: { id: row.id, usedAt: null, attempts: { lt: challengeAttemptsMax } },
    data: { attempts: { increment: 1 } },
  });
  if (counted.count === 0) throw spent();
  const isRight = answer.token
    ? equal(row.tokenHmac, mac(ctx.site.secret, "token", answer.token))
    : equal(row.codeHmac, mac(ctx.site.secret, "code", (answer.code ?? "").replace(/\s/g, "")));
  if (!isRight) {
    const left = challengeAttemptsMax - row.attempts - 1;
    throw left > 0
      ? new Refusal(
          "wrong-code",
          `That is not the code of the mail. ${left === 1 ? "One try is" : `${left} tries are`} left.`,
        )
      : spent();
  }
  const used = await db.signInChallenge.updateMany({ where: { id: row.id, usedAt: null }, data: { usedAt: ctx.now } });
  if (used.count === 0) throw spent();
  return { email: row.email, subject: row.subject, callbackPath: row.callbackPath };
}

/** What a page may say about a challenge without using it. Reading changes nothing, however often a scanner does. */
export type ChallengeView =
  | { readonly state: "spent" }
  | {
      readonly state: "open";
      readonly email: string | null;
      readonly isThisBrowser: boolean;
      readonly code: string | null;
    };

/** Looks at a challenge: the address for the browser that asked, the code for whoever holds the link in another one. */
export async function viewChallenge(
  db: Db,
  ctx: Pick<Context, "now" | "site">,
  answer: ChallengeAnswer,
): Promise<ChallengeView> {
  const row = await db.signInChallenge.findUnique({ where: { id: answer.id } });
  const isDead = !row || row.usedAt || row.expiresAt <= ctx.now || row.attempts >= challengeAttemptsMax;
  if (isDead) return { state: "spent" };
  const { secret } = ctx.site;
  const isThisBrowser = answer.browser !== undefined && equal(row.browserHmac, mac(secret, "browser", answer.browser));
  if (answer.token === undefined)
    return { state: "open", email: isThisBrowser ? row.email : null, isThisBrowser, code: null };
  if (!equal(row.tokenHmac, mac(secret, "token", answer.token))) return { state: "spent" };
  return { state: "open", email: row.email, isThisBrowser, code: isThisBrowser ? null : codeOf(secret, answer.token) };
}

function codeOf(secret: Uint8Array, token: string): string {
  return (mac(secret, "code-of-token", token).readUIntBE(0, 6) % 1_000_000).toString().padStart(6, "0");
}

function mac(secret: Uint8Array, purpose: string, text: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHmac("sha256", secret).update(`${purpose}\n${text}`).digest());
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function spent(): Refusal {
  return new Refusal("expired", "This code was used, has run out or was tried too often. Ask for a new one.");
}
