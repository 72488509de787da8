import { createHash } from "node:crypto";
import type { HashedUpdate, LoggedUpdate } from "./room-rows.ts";

/** The chain of hashes over the rows of a room: who can change a row can not make those after it agree. */

/** The chain before the first update of a room; it ties all rows to this room. */
export function genesisChain(roomId: string): Uint8Array {
  return createHash("sha256").update(`concordat/room/v1\n${roomId}`).digest();
}

/** `SHA-256(previous ‖ seq as 8 bytes, big end first ‖ user id as text, empty for none ‖ payload)`. */
export function nextChain(previous: Uint8Array, seq: number, userId: string | null, payload: Uint8Array): Uint8Array {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(seq));
  return createHash("sha256")
    .update(previous)
    .update(counter)
    .update(userId ?? "")
    .update(payload)
    .digest();
}

/** SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
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
  for (const { sha256: hash, chain: stored, ...update } of rows) {
    const expected = nextChain(chain, seq + 1, update.userId, update.payload);
    if (update.seq !== seq + 1 || !equal(hash, sha256(update.payload)) || !equal(stored, expected))
      return { updates, seq, chain, isDamaged: true };
    seq += 1;
    chain = expected;
    updates.push(update);
  }
  return { updates, seq, chain, isDamaged: false };
}

/** Whether two byte strings are the same. */
export function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
