import type { RoomEvent } from "#lib/protocol/messages.ts";
import type { Access } from "./access.ts";
import type { Room } from "./room.ts";

/** The first frame: what the person may do here now. */
export function welcomeTo(room: Room, access: Access): RoomEvent {
  const isOpen = room.mode === "open" || room.mode === "held";
  const reason = room.mode === "closed" ? "frozen" : room.mode === "damaged" ? "damaged" : access.reason;
  return {
    event: "welcome",
    mode: isOpen ? access.mode : "read",
    ...(reason === undefined ? {} : { reason }),
    seq: room.head.seq,
    generation: room.row.generation,
  };
}
