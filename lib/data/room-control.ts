import { type Sql, sqlOf } from "./room-rows.ts";
import type { Tx } from "./store.ts";

/** The channel on which processes tell each other of rare events: payload is JSON of `ControlMessage`. */
export const controlChannel = "concordat_room";
/** `appended`: the server wrote an update. `closed`: the text is frozen. `rights`: rights or sessions changed; without a room, anywhere. */
export type ControlMessage = {
  readonly roomId?: string;
  readonly event: "appended" | "closed" | "rights" | "freezing" | "thawed";
  /** Of whom the rights changed; all when absent. */
  readonly userId?: string;
};

/** Tells every realtime process what happened to a room, at the commit of the transaction; with a user, to that one's sockets only. */
export async function notifyRoom(
  tx: Pick<Tx, "$queryRawUnsafe">,
  roomId: string,
  event: ControlMessage["event"],
  userId?: string,
): Promise<void> {
  await notifyRooms(sqlOf(tx), { roomId, event, ...(userId === undefined ? {} : { userId }) });
}

/** The same for any rooms. For rare events only: a committing transaction with a NOTIFY holds up all others. */
export async function notifyRooms(sql: Sql, message: ControlMessage): Promise<void> {
  // pg_notify gives void, which not every driver can read.
  await sql.query("SELECT pg_notify($1, $2)::text AS sent", [controlChannel, JSON.stringify(message)]);
}
