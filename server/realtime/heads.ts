import type { Rooms } from "./rooms.ts";
import type { RoomStore } from "./store.ts";

/**
 * Compares the rooms in memory with the database. Messages between processes get lost, and another server may write to a room that we
 * hold too: its readers here would look at an old text until somebody here writes. One question for all rooms.
 */
export async function followHeads(rooms: Rooms, store: RoomStore): Promise<void> {
  const held = (await rooms.all()).filter((room) => room.peers.size > 0 && room.mode !== "damaged");
  if (held.length === 0) return;
  const heads = await store.headsOf(held.map((room) => room.row.id));
  for (const room of held) {
    const head = heads.get(room.row.id);
    if (!head || head.generation !== room.row.generation) room.discard({ kind: "reload" });
    else if (head.isClosed && room.mode === "open") {
      // What was accepted goes to the database once more, which refuses it; its authors then hear why.
      await room.settle();
      room.discard({ kind: "closed", code: "frozen" });
    } else if (head.seq > room.head.seq) await room.catchUp();
  }
}
