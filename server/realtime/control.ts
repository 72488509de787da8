import { z } from "zod";
import type { ControlMessage } from "#lib/data/room-control.ts";

const Control = z.object({
  roomId: z.string().optional(),
  event: z.enum(["appended", "closed", "rights", "freezing", "thawed"]),
  userId: z.string().optional(),
});

/** A message of another process on the channel of rooms; undefined for what is none. */
export function parseControl(payload: string): ControlMessage | undefined {
  try {
    const { roomId, event, userId } = Control.parse(JSON.parse(payload));
    return { event, ...(roomId === undefined ? {} : { roomId }), ...(userId === undefined ? {} : { userId }) };
  } catch {
    // Somebody else's message on our channel.
    return undefined;
  }
}
