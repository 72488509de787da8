import { randomUUID } from "node:crypto";
import type { Person } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { formatKeyStatement, type KeyAction } from "#lib/ledger/key-statement.ts";
import type { Context } from "./context.ts";
import type { Db, Tx } from "./store.ts";

/** How long a statement about keys can be handed in: it may have to be carried to another machine. */
const statementTtlMs = 24 * 3_600_000;

/** Statements about keys that one person may ask for in that time. */
const statementsMax = 50;

/** What a key is asked to sign. `signingKeyId` is the enrolled key that signs; absent while a key is enrolled. */
export type NewKeyStatement = {
  readonly person: Person;
  readonly organizationId: string;
  readonly action: KeyAction;
  readonly key: string | null;
  readonly signedWith: string;
  readonly signingKeyId?: string;
  readonly spki?: Uint8Array;
  readonly label?: string;
};

/**
 * Writes a statement about keys that waits for its signature.
 *
 * @throws {Refusal} too-many.
 */
export async function openKeyStatement(
  db: Db,
  ctx: Pick<Context, "now" | "random" | "site">,
  { person, organizationId, action, key, signedWith, signingKeyId, spki, label }: NewKeyStatement,
): Promise<{ id: string; statement: string; expiresAt: Date }> {
  const since = new Date(ctx.now.getTime() - statementTtlMs);
  const count = await db.keyStatement.count({ where: { userId: person.userId, createdAt: { gt: since } } });
  if (count >= statementsMax) throw new Refusal("too-many", "You have started this very often. Go on tomorrow.");
  const { legalName } = await db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { legalName: true },
  });
  const expiresAt = new Date(ctx.now.getTime() + statementTtlMs);
  const statement = formatKeyStatement({
    origin: ctx.site.logOrigin,
    action,
    organizationId,
    organizationName: legalName,
    key,
    signedWith,
    expires: expiresAt.toISOString(),
    nonce: encodeHex(ctx.random(new Uint8Array(16))),
  });
  const id = randomUUID();
  await db.keyStatement.create({
    data: {
      id,
      organizationId,
      userId: person.userId,
      action,
      signingKeyId: signingKeyId ?? null,
      spki: spki ? Uint8Array.from(spki) : null,
      label: label ?? "",
      statement,
      createdAt: ctx.now,
      expiresAt,
    },
  });
  return { id, statement, expiresAt };
}

/**
 * A statement about keys as it waits for its signature.
 *
 * @throws {Refusal} not-found.
 */
export async function loadKeyStatement(db: Db, id: string, ...actions: readonly KeyAction[]) {
  const row = await db.keyStatement.findFirst({ where: { id, action: { in: [...actions] } } });
  if (!row) throw new Refusal("not-found", "This statement is no longer there. Start again; nothing was changed.");
  return row;
}

/**
 * Spends a statement about keys, once.
 *
 * @throws {Refusal} expired.
 */
export async function spendKeyStatement(tx: Tx, { id }: { readonly id: string }, now: Date): Promise<void> {
  const { count } = await tx.keyStatement.updateMany({
    where: { id, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count > 0) return;
  throw new Refusal("expired", "This statement was used or has run out. Start again; nothing was changed.");
}
