import type { Context } from "#lib/data/context.ts";
import { latestCheckpoint, listLeafHashes } from "#lib/data/log.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { decodeHex, decodeUtf8, encodeBase64, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { consistencyProof } from "#lib/ledger/merkle.ts";
import { notPublic, publicVersionWhere } from "./public-charter.ts";
import { publicBytes } from "./public-corrections.ts";
import { type LogQuery, QueryRefusal } from "./public-query.ts";

/** How many entries one answer has at most. */
export const entriesPerAnswerMax = 2_000;

/**
 * The newest signed checkpoint of the log, as a note.
 *
 * @throws {Refusal} unavailable before the signer has published the first one.
 */
export async function loadPublicCheckpoint(ctx: Context): Promise<string> {
  const head = await latestCheckpoint(ctx.db);
  if (head.size === 0n) throw new Refusal("unavailable", "The log has no checkpoint yet. Try again in a moment.");
  return head.note;
}

/**
 * Entries of the log, one a line, each line their exact bytes and an LF: from `from` (0) up to, not including, `to`, and
 * never beyond the newest checkpoint, so that what is given is always covered by a signature.
 *
 * @throws {QueryRefusal} malformed for positions that the signed log does not have.
 */
export async function loadPublicEntries(ctx: Context, query: LogQuery): Promise<string> {
  const { size } = await latestCheckpoint(ctx.db);
  const from = BigInt(query.from);
  const to = query.to === undefined ? size : BigInt(query.to);
  if (from > size) throw new QueryRefusal("from", `from: The log has ${size} entries.`);
  if (to > size) throw new QueryRefusal("to", `to: The log has ${size} entries.`);
  const rows = await ctx.db.logEntry.findMany({
    where: { index: { gte: from, lt: to } },
    orderBy: { index: "asc" },
    take: entriesPerAnswerMax,
    select: { entry: true },
  });
  return rows.map((row) => `${decodeUtf8(row.entry)}\n`).join("");
}

/**
 * The proof that the log of `from` entries is the beginning of the log of `to` (default: of the newest checkpoint): its
 * hashes in base64, one a line. Source: RFC 9162 section 2.1.4.
 *
 * @throws {QueryRefusal} malformed for sizes that the signed log does not have.
 */
export async function loadConsistency(ctx: Context, query: LogQuery): Promise<string> {
  const { size } = await latestCheckpoint(ctx.db);
  const from = BigInt(query.from);
  const to = query.to === undefined ? size : BigInt(query.to);
  if (to > size) throw new QueryRefusal("to", `to: The log has ${size} entries.`);
  if (from > to || from === 0n) throw new QueryRefusal("from", "from: Give a size from 1 up to that of the later log.");
  const hashes = consistencyProof(Number(from), await listLeafHashes(ctx.db, to));
  return hashes.map((hash) => `${encodeBase64(hash)}\n`).join("");
}

/**
 * What the keeper says of its own log, as a policy file: a start for a reader's own, who adds witnesses and the keys of
 * organizations from elsewhere.
 *
 * @throws {Refusal} unavailable before the log is open.
 */
export async function loadLogPolicy(ctx: Context): Promise<string> {
  const row = await ctx.db.logEntry.findUnique({ where: { index: 0n }, select: { entry: true } });
  const first = row && parseEntry(row.entry);
  if (first?.type !== "log.genesis") throw new Refusal("unavailable", "The log is not open yet.");
  return [
    "# The keeper's own word: compare the key with what others were told before you rely on it.",
    "# Keys of organizations are added from elsewhere: organization <id> <SHA-256 of its key>",
    `log ${first.vkey}`,
    `relying-party ${ctx.site.signRpId} ${ctx.site.signOrigin}`,
    "quorum none",
    "",
  ].join("\n");
}

/**
 * The text that a public entry names by its SHA-256 (64 lower-case hex digits): a clause list, a declaration, or the words
 * of a reservation.
 *
 * @throws {Refusal} not-found.
 */
export async function loadLogBlob(ctx: Context, hashHex: string): Promise<Uint8Array> {
  const lists = await ctx.db.charterVersion.findMany({
    where: { ...publicVersionWhere, charter: { visibility: "PUBLIC" } },
    select: { clauseHashes: true },
  });
  for (const { clauseHashes } of lists) {
    const bytes = encodeJcs(clauseHashes);
    if (sha256Hex(bytes) === hashHex) return bytes;
  }
  const corrected = await ctx.db.correction.findFirst({
    where: { sha256: Uint8Array.from(decodeHex(hashHex)) },
    select: { versionId: true, canonical: true },
  });
  if (corrected) return publicBytes(ctx.db, corrected);
  const copies = await ctx.db.correction.findMany({ select: { clauseHashes: true } });
  for (const { clauseHashes } of copies) {
    const bytes = encodeJcs(clauseHashes);
    if (sha256Hex(bytes) === hashHex) return bytes;
  }
  const rows = await ctx.db.$queryRaw<{ declaration: string }[]>`
    SELECT a.payload->>'declaration' AS declaration
    FROM act_publication p JOIN act a ON a.id = p.act_id JOIN charter c ON c.id = p.charter_id
    WHERE a.kind = 'sign' AND c.visibility = 'PUBLIC' AND a.payload->>'declaration' <> ''
      AND sha256(convert_to(a.payload->>'declaration', 'UTF8')) = ${Uint8Array.from(decodeHex(hashHex))}
    LIMIT 1`;
  const text =
    rows[0]?.declaration ?? (await findReservation(ctx, hashHex)) ?? (await findBindingEvidence(ctx, hashHex));
  if (text === undefined) throw notPublic();
  return encodeUtf8(text);
}

/** The words of a reservation of a public signature, or of what a narrowing left of it. */
async function findReservation(ctx: Context, hashHex: string): Promise<string | undefined> {
  const rows = await ctx.db.$queryRaw<{ text: string }[]>`
    SELECT r->>'text' AS text
    FROM act_publication p JOIN act a ON a.id = p.act_id JOIN charter c ON c.id = p.charter_id,
      jsonb_array_elements(a.payload->'reservations') AS r
    WHERE a.kind IN ('sign', 'narrow-reservation') AND c.visibility = 'PUBLIC'
      AND jsonb_typeof(a.payload->'reservations') = 'array'
      AND sha256(convert_to(r->>'text', 'UTF8')) = ${Uint8Array.from(decodeHex(hashHex))}
    LIMIT 1`;
  return rows[0]?.text;
}

/** What was seen at a domain that names a key, once the key stands in the log. */
async function findBindingEvidence(ctx: Context, hashHex: string): Promise<string | undefined> {
  const rows = await ctx.db.$queryRaw<{ evidence: string }[]>`
    SELECT b.evidence FROM key_binding b JOIN key_enrolment e ON e.signing_key_id = b.signing_key_id
    WHERE b.evidence_sha256 = ${Uint8Array.from(decodeHex(hashHex))} AND b.bound_by IN ('dns', 'well-known') LIMIT 1`;
  return rows[0]?.evidence;
}
