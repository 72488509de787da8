import * as Y from "yjs";
import { checkRows, equal, genesisChain } from "./room-chain.ts";
import { findRoom, readRows, readSnapshots, type Sql } from "./room-rows.ts";

/** A stored row does not match its hash or chain. Everything up to `goodSeq` is intact. */
export class RoomDamaged extends Error {
  override readonly name = "RoomDamaged";
  readonly roomId: string;
  readonly goodSeq: number;
  constructor(roomId: string, goodSeq: number) {
    super(`The log of room ${roomId} is damaged after row ${goodSeq}.`);
    this.roomId = roomId;
    this.goodSeq = goodSeq;
  }
}

/** Checks every row of a room from the first on, and every snapshot against the rows. Gives the number of rows. @throws {RoomDamaged} */
export async function checkRoomLog(sql: Sql, roomId: string): Promise<number> {
  const room = await findRoom(sql, roomId);
  if (!room) return 0;
  const doc = new Y.Doc({ gc: false });
  const snapshots = new Map((await readSnapshots(sql, roomId, room.lastSeq)).map((one) => [one.seq, one]));
  let seq = 0;
  let chain = genesisChain(roomId);
  while (seq < room.lastSeq) {
    const checked = checkRows(await readRows(sql, roomId, seq, 1_000), seq, chain);
    for (const update of checked.updates) {
      Y.applyUpdate(doc, update.payload);
      const snapshot = snapshots.get(update.seq);
      if (snapshot && !sameContent(doc, snapshot.state)) throw new RoomDamaged(roomId, update.seq - 1);
    }
    if (checked.isDamaged || checked.updates.length === 0) throw new RoomDamaged(roomId, checked.seq);
    ({ seq, chain } = checked);
  }
  if (!equal(chain, room.lastChain)) throw new RoomDamaged(roomId, Math.max(0, seq - 1));
  return seq;
}

function sameContent(doc: Y.Doc, state: Uint8Array): boolean {
  const other = new Y.Doc({ gc: false });
  Y.applyUpdate(other, state);
  const same = Y.equalSnapshots(Y.snapshot(other), Y.snapshot(doc));
  other.destroy();
  return same;
}
