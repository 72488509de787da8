import { Refusal } from "#lib/domain/refusal.ts";
import { encodeEntry, parseEntry } from "#lib/ledger/entry.ts";
import { encodeBase64, isEqualBytes } from "#lib/ledger/hash.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { Prisma } from "./generated/client.ts";
import type { Db, Tx } from "./store.ts";

/** An entry that waits to be appended: its exact bytes, the act that it records, if it records one, and the key that it enrols. */
export type NewEntry = { readonly bytes: Uint8Array; readonly actId: string | null; readonly enrols?: string };

/**
 * Takes the log for this transaction: until it ends nobody else appends. Numbers of acts and notifications are given out
 * under the same lock, so that they follow the order of the log. Gives back the size.
 *
 * Take it last, after every row lock; whoever holds it must not wait for another lock. It is the row that is held; the queue before it
 * lets those in who came first. By the row alone each of many who wait looks through what was written of it meanwhile, and who comes
 * later passes them.
 */
export async function lockLog(tx: Tx): Promise<bigint> {
  const rows = await tx.$queryRaw<{ size: bigint }[]>`
    SELECT size FROM log_head CROSS JOIN pg_advisory_xact_lock(hashtextextended('the log', 0)) WHERE id = 1 FOR UPDATE OF log_head`;
  const head = rows[0];
  if (!head) throw new Error("The row of log_head is missing.");
  return head.size;
}

/**
 * Appends entries in the transaction of the acts that became public, and gives back their indexes, counted from 0.
 * A crash before the commit leaves nothing; after it, the signer publishes the growth from its own state.
 *
 * @throws {Refusal} unavailable while the log has no first entry, which the signer writes when it starts.
 */
export async function appendEntries(tx: Tx, entries: readonly NewEntry[], now: Date): Promise<bigint[]> {
  const { sql, indexes } = appendingAt(await lockLog(tx), entries, now);
  await tx.$executeRaw`WITH ${sql} SELECT`;
  return [...indexes];
}

/**
 * The same as parts of a statement (`WITH ${sql} …`), for a caller that holds the log, knows its size, and has more to write: everybody
 * waits for it, so it is asked together.
 */
export function appendingAt(size: bigint, entries: readonly NewEntry[], now: Date): Appending {
  if (size === 0n) throw new Refusal("unavailable", "The public log is not open yet. Try again in a moment.");
  return appending(size, entries, now);
}

/** What is written to append entries, and the indexes that they get. */
export type Appending = { readonly sql: Prisma.Sql; readonly indexes: readonly bigint[] };

/**
 * Opens an empty log: the genesis entry names the log and the key that signs it, the second the keeper's countersigning
 * key. Does nothing when it is open.
 *
 * @throws {Refusal} conflict when the log was opened under another name or key: the data belong to another installation.
 */
export async function openLog(
  tx: Tx,
  log: { origin: string; vkey: string; keeperVkey: string },
  now: Date,
): Promise<void> {
  const { origin, vkey, keeperVkey } = log;
  const size = await lockLog(tx);
  if (size === 0n) {
    const at = now.toISOString();
    const genesis = encodeEntry({ type: "log.genesis", v: 1, origin, vkey, at });
    const keeper = encodeEntry({ type: "log.key", v: 1, action: "added", use: "keeper", vkey: keeperVkey, at });
    const first = [genesis, keeper].map((bytes) => ({ bytes, actId: null }));
    await tx.$executeRaw`WITH ${appending(size, first, now).sql} SELECT`;
    return;
  }
  const first = await tx.logEntry.findUniqueOrThrow({ where: { index: 0n }, select: { entry: true } });
  const entry = parseEntry(first.entry);
  if (entry.type === "log.genesis" && entry.origin === origin && entry.vkey === vkey) return;
  throw new Refusal(
    "conflict",
    "The public log in this database was opened under another name or with another key; nothing is signed.",
  );
}

function appending(size: bigint, entries: readonly NewEntry[], now: Date): Appending {
  const rows = entries.map(({ bytes, actId }, at) => ({
    index: size + BigInt(at),
    entry: Uint8Array.from(bytes),
    leafHash: Uint8Array.from(leafHash(bytes)),
    actId,
    createdAt: now,
  }));
  const enrolled = entries.flatMap(({ enrols }, at) =>
    enrols === undefined ? [] : [Prisma.sql`(${enrols}::uuid, ${size + BigInt(at)}::bigint)`],
  );
  const sql = Prisma.sql`
    appended AS (
      INSERT INTO log_entry (index, entry, leaf_hash, act_id, created_at) VALUES ${Prisma.join(rows.map(valuesOf))}
    ) ${
      enrolled.length === 0
        ? Prisma.empty
        : Prisma.sql`, enrolled AS (INSERT INTO key_enrolment (signing_key_id, log_index) VALUES ${Prisma.join(enrolled)})`
    }, grown AS (UPDATE log_head SET size = ${size + BigInt(rows.length)}::bigint WHERE id = 1)`;
  return { sql, indexes: rows.map((row) => row.index) };
}

type LogRow = {
  readonly index: bigint;
  readonly entry: Uint8Array<ArrayBuffer>;
  readonly leafHash: Uint8Array<ArrayBuffer>;
  readonly actId: string | null;
  readonly createdAt: Date;
};

function valuesOf({ index, entry, leafHash: leaf, actId, createdAt }: LogRow): Prisma.Sql {
  return Prisma.sql`(${index}::bigint, ${entry}::bytea, ${leaf}::bytea, ${actId}::uuid, ${createdAt.toISOString()}::timestamptz)`;
}

/** The leaf hashes of the first `size` entries, in order. */
export async function listLeafHashes(db: Db | Tx, size: bigint): Promise<Uint8Array[]> {
  const known = knownLeaves.get(db) ?? [];
  // From the last known one on: if that is another by now, the database was exchanged for another, and everything is read anew.
  const from = Math.max(0, Math.min(known.length, Number(size)) - 1);
  const rows = await db.logEntry.findMany({
    where: { index: { gte: BigInt(from), lt: size } },
    orderBy: { index: "asc" },
    select: { leafHash: true },
  });
  const expected = known[from];
  if (expected && !(rows[0] && isEqualBytes(rows[0].leafHash, expected))) {
    knownLeaves.delete(db);
    return listLeafHashes(db, size);
  }
  const leaves = [...known.slice(0, from), ...rows.map((row) => Uint8Array.from(row.leafHash))];
  if (leaves.length > known.length) knownLeaves.set(db, leaves);
  return leaves;
}

/** What was read of a log before, by its database: leaves never change, so that only those appended since are read again. */
const knownLeaves = new WeakMap<Db | Tx, readonly Uint8Array[]>();

/** A published head of the log. `root` is base64; `note` is the signed checkpoint, empty while the log is. */
export type PublishedHead = { readonly size: bigint; readonly root: string; readonly note: string };

/** The newest checkpoint the signer has published; the head of the empty log before the first. */
export async function latestCheckpoint(db: Db | Tx): Promise<PublishedHead> {
  const row = await db.checkpoint.findFirst({ orderBy: { size: "desc" } });
  if (!row) return { size: 0n, root: encodeBase64(rootOf([])), note: "" };
  return { size: row.size, root: encodeBase64(row.root), note: row.note };
}
