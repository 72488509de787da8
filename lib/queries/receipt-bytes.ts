import type { Context } from "#lib/data/context.ts";
import { keeperOf } from "#lib/data/keeper.ts";
import { latestCheckpoint, listLeafHashes } from "#lib/data/log.ts";
import { signatureActKinds, textActKinds } from "#lib/domain/keeper-acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { encodeBase64 } from "#lib/ledger/hash.ts";
import { buildReceipt, type LoggedBytes } from "#lib/ledger/receipt.ts";
import { buildSealedReceipt } from "#lib/ledger/sealed-receipt.ts";
import { loadSignedAct, type SignedAct, type SignedPayload } from "./signed-act.ts";

/**
 * The bytes of `receipt.json`, with all that a verifier needs and no network. For everyone once the act is public; the
 * officer's name goes only to people of the organization.
 *
 * @throws {Refusal} not-found; not-available while no checkpoint covers the entry.
 */
export async function receiptBytes(ctx: Context, actId: string): Promise<Uint8Array> {
  const act = await loadSignedAct(ctx, actId);
  const { actor } = ctx;
  const isOurs = actor.kind === "person" && actor.memberships.some((one) => one.organizationId === act.organizationId);
  if (!act.publication && !isOurs) throw new Refusal("not-found", "There is no such receipt.");
  const head = await latestCheckpoint(ctx.db);
  const logIndex = act.publication?.logIndex ?? null;
  if (logIndex === null || logIndex >= head.size) {
    throw new Refusal(
      "not-available",
      "The proof of this act is made when it is public and the log is signed over it.",
    );
  }
  if (!isOurs && (await ctx.db.redaction.count({ where: { versionId: act.version.id } })) > 0) {
    throw new Refusal(
      "not-available",
      "A clause of this text is withheld, and a receipt carries the whole text: the organization that signed has it.",
    );
  }
  return buildReceipt({
    vkey: await logVkey(ctx),
    checkpoint: head.note,
    leaves: await listLeafHashes(ctx.db, head.size),
    version: act.canonical,
    statement: act.statement,
    evidence: act.evidence,
    act: await loadEntry(ctx, logIndex),
    key: await findKeyEntry(ctx, act),
    later: await listLater(ctx, act, head.size),
    texts: textsOf(act.payload),
    officer:
      isOurs && act.officer?.name && act.officer.salt ? { name: act.officer.name, salt: act.officer.salt } : null,
  });
}

/** The words whose hashes the statement carries. */
function textsOf(payload: SignedPayload): string[] {
  return [
    ...("reservations" in payload ? (payload.reservations ?? []).map(({ text }) => text) : []),
    ...(payload.kind === "sign" && payload.declaration !== "" ? [payload.declaration] : []),
  ];
}

/**
 * The bytes of `sealed-receipt.json`: what the organization keeps while there is no receipt, with the keeper's promise, and of a
 * signature that was pulled out. For people of the organization alone.
 *
 * @throws {Refusal} not-found; not-available for an act of which the keeper has promised nothing.
 */
export async function sealedReceiptBytes(ctx: Context, actId: string): Promise<Uint8Array> {
  const act = await loadSignedAct(ctx, actId);
  const { actor } = ctx;
  const isOurs = actor.kind === "person" && actor.memberships.some((one) => one.organizationId === act.organizationId);
  if (!isOurs) throw new Refusal("not-found", "There is no such receipt.");
  if (act.promise === null && act.payload.kind !== "retract") {
    throw new Refusal("not-available", "The keeper promises its publication when the depositary has examined it.");
  }
  return buildSealedReceipt({
    log: await logVkey(ctx),
    keeper: keeperOf(ctx.site).vkey,
    version: act.version.canonical,
    statement: act.statement,
    evidence: act.evidence,
    promise: act.promise,
    officer:
      act.officer?.name && act.officer.salt
        ? { name: act.officer.name, salt: encodeBase64(Uint8Array.from(act.officer.salt)) }
        : null,
  });
}

async function loadEntry(ctx: Context, index: bigint): Promise<LoggedBytes> {
  const row = await ctx.db.logEntry.findUniqueOrThrow({ where: { index }, select: { entry: true } });
  return { index: Number(index), bytes: row.entry };
}

/** The key of the log as its first entry states it. */
async function logVkey(ctx: Context): Promise<string> {
  const first = parseEntry((await loadEntry(ctx, 0n)).bytes);
  if (first.type !== "log.genesis") throw new Error("The log does not begin with its genesis entry.");
  return first.vkey;
}

/** The enrolment of the key that signed. */
async function findKeyEntry(ctx: Context, act: SignedAct): Promise<LoggedBytes | null> {
  if (act.payload.keySha256 === null || act.signingKeyId === null) return null;
  const enrolment = await ctx.db.keyEnrolment.findUnique({ where: { signingKeyId: act.signingKeyId } });
  return enrolment && loadEntry(ctx, enrolment.logIndex);
}

/** What the log says of the key after the act: that somebody else vouches for it now, or that it was revoked. */
async function listLaterOfKey(ctx: Context, act: SignedAct, own: bigint, size: bigint): Promise<bigint[]> {
  const { keySha256 } = act.payload;
  if (keySha256 === null) return [];
  const rows = await ctx.db.$queryRaw<{ index: bigint }[]>`
    SELECT index FROM log_entry
    WHERE index > ${own} AND index < ${size} AND act_id IS NULL AND convert_from(entry, 'UTF8')::jsonb->>'type' = 'key'
      AND convert_from(entry, 'UTF8')::jsonb->>'key' = ${keySha256}
    ORDER BY index`;
  return rows.map(({ index }) => index);
}

/** What happened since: later acts about the signature, and what became of its version and its text. */
async function listLater(ctx: Context, act: SignedAct, size: bigint): Promise<LoggedBytes[]> {
  const own = act.publication?.logIndex ?? null;
  if (own === null) return [];
  const rows = await ctx.db.actPublication.findMany({
    where: {
      charterId: act.charterId,
      logIndex: { gt: own, lt: size },
      act: {
        versionId: act.version.id,
        OR: [
          // Of this signature alone: one that was annulled may have been followed by another.
          {
            kind: {
              in: [
                "withdraw",
                "revoke-withdrawal",
                "narrow-reservation",
                "reaffirm",
                "endorse-correction",
                ...signatureActKinds,
              ],
            },
            payload: { path: ["signActId"], equals: "signActId" in act.payload ? act.payload.signActId : act.id },
          },
          { kind: { in: ["supersede", "close", ...textActKinds] } },
        ],
      },
    },
    orderBy: { logIndex: "asc" },
    take: 100,
    select: { logIndex: true },
  });
  const withheld = await ctx.db.redaction.findMany({
    where: { versionId: act.version.id, logIndex: { gt: own, lt: size } },
    select: { logIndex: true },
  });
  const indexes = [
    ...rows.flatMap(({ logIndex }) => (logIndex === null ? [] : [logIndex])),
    ...withheld.map(({ logIndex }) => logIndex),
    ...(await listLaterOfKey(ctx, act, own, size)),
  ].sort((left, right) => (left < right ? -1 : 1));
  const entries: LoggedBytes[] = [];
  for (const index of indexes.slice(0, 100)) entries.push(await loadEntry(ctx, index));
  return entries;
}
