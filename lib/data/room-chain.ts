import { createHash, hash } from "node:crypto";
import type { HashedUpdate, LoggedUpdate, Origin, StoredSnapshot } from "./room-rows.ts";

/** The chain of hashes over the rows of a room: who can change a row can not make those after it agree. */

/** The chain before the first update of a room; it ties all rows to this room. */
export function genesisChain(roomId: string): Uint8Array {
  return createHash("sha256").update(`concordat/room/v1\n${roomId}`).digest();
}

/**
 * `SHA-256("concordat/row/v2\n" ‖ previous ‖ seq as 8 bytes, big end first ‖ user id \n organization id \n via \n ‖ SHA-256(payload))`; ids as text,
 * empty for none. Nothing that says whose words these are can be changed without breaking the chain.
 */
export function nextChain(previous: Uint8Array, seq: number, origin: Origin, payload: Uint8Array): Uint8Array {
  return chainOver(previous, seq, origin, sha256(payload));
}

/** The same for who has `SHA-256(payload)` already. */
export function chainOver(previous: Uint8Array, seq: number, origin: Origin, payloadSha256: Uint8Array): Uint8Array {
  const names = `${origin.userId ?? ""}\n${origin.organizationId ?? ""}\n${origin.via}\n`;
  // In one piece: this is done for every row that is ever written or read.
  const bytes = Buffer.allocUnsafe(
    rowLabel.length + previous.length + 8 + Buffer.byteLength(names) + payloadSha256.length,
  );
  let at = rowLabel.copy(bytes);
  bytes.set(previous, at);
  at = writeCounter(bytes, seq, at + previous.length);
  at += bytes.write(names, at);
  bytes.set(payloadSha256, at);
  return hash("sha256", bytes, "buffer");
}

const rowLabel = Buffer.from("concordat/row/v2\n");

/** The first form, `SHA-256(previous ‖ seq ‖ user id ‖ payload)`, as older rows have it. No row of the second form passes for one of these. */
export function firstFormOfChain(
  previous: Uint8Array,
  seq: number,
  userId: string | null,
  payload: Uint8Array,
): Uint8Array {
  return createHash("sha256")
    .update(previous)
    .update(counter(seq))
    .update(userId ?? "")
    .update(payload)
    .digest();
}

function counter(seq: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  writeCounter(bytes, seq, 0);
  return bytes;
}

/** Eight bytes, big end first; gives where they end. */
function writeCounter(into: Buffer, seq: number, at: number): number {
  return into.writeUInt32BE(seq % 2 ** 32, into.writeUInt32BE(Math.floor(seq / 2 ** 32), at));
}

/** SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash("sha256", bytes, "buffer");
}

/** `SHA-256("concordat/snapshot/v1\n" ‖ chain at its row ‖ state)`: a state that is put under another row, or into another room, is found. */
export function snapshotHash(chain: Uint8Array, state: Uint8Array): Uint8Array {
  return createHash("sha256").update("concordat/snapshot/v1\n").update(chain).update(state).digest();
}

/** Rows as far as they are intact. */
export type Checked = {
  readonly updates: LoggedUpdate[];
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly isDamaged: boolean;
};

/** Follows the chain through rows in order, from what it was after row `afterSeq`. */
export function checkRows(rows: readonly HashedUpdate[], afterSeq: number, chainBefore: Uint8Array): Checked {
  let seq = afterSeq;
  let chain = chainBefore;
  const updates: LoggedUpdate[] = [];
  for (const { sha256: storedSha256, chain: stored, ...update } of rows) {
    const payloadSha256 = sha256(update.payload);
    const isOwn =
      equal(stored, chainOver(chain, seq + 1, update, payloadSha256)) ||
      equal(stored, firstFormOfChain(chain, seq + 1, update.userId, update.payload));
    if (update.seq !== seq + 1 || !isOwn || !equal(storedSha256, payloadSha256))
      return { updates, seq, chain, isDamaged: true };
    seq += 1;
    chain = stored;
    updates.push(update);
  }
  return { updates, seq, chain, isDamaged: false };
}

/**
 * Whether a snapshot is what was written as of its row: `old` ones, from before they were bound to their row, are passed over and say nothing.
 */
export function judgeSnapshot(snapshot: StoredSnapshot, anchor: HashedUpdate | undefined): "sound" | "old" | "bad" {
  if (anchor?.seq === snapshot.seq && equal(snapshot.sha256, snapshotHash(anchor.chain, snapshot.state)))
    return "sound";
  return equal(snapshot.sha256, sha256(snapshot.state)) ? "old" : "bad";
}

/** Whether two byte strings are the same. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
