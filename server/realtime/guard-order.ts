import * as Y from "yjs";
import { Refused, type Struct } from "./guard-places.ts";

/**
 * The new structs of an update in the order in which Yjs takes them in: the highest client first, and before a struct what it leans on. Two clients'
 * structs may wait for each other in a circle, which would stay pending for ever. `known` gives the next clock of a client in the room.
 *
 * @param fresh structs per client in order of clock, clients in falling order; everything they lean on is there or among them.
 * @throws {Refused} unknown-origin.
 */
export function integrationOrder(
  fresh: ReadonlyMap<number, readonly Struct[]>,
  known: (client: number) => number,
): Struct[] {
  const order: Struct[] = [];
  const queues = new Map([...fresh].map(([client, structs]) => [client, { structs, at: 0, clock: known(client) }]));
  const clockOf = (client: number) => queues.get(client)?.clock ?? known(client);
  const next = (client: number): Struct => {
    const queue = queues.get(client);
    const struct = queue?.structs[queue.at];
    // All of that client's are taken or wait themselves.
    if (!queue || !struct || struct.id.clock !== queue.clock) throw new Refused("unknown-origin");
    queue.at += 1;
    return struct;
  };
  for (const [client, queue] of queues) {
    while (queue.at < queue.structs.length) {
      const waiting = [next(client)];
      for (let struct = waiting.pop(); struct; struct = waiting.pop()) {
        const wanted = wantedBy(struct, clockOf);
        if (wanted !== undefined) waiting.push(struct, next(wanted));
        else {
          order.push(struct);
          const own = queues.get(struct.id.client);
          if (own) own.clock += struct.length;
        }
      }
    }
  }
  return order;
}

/** The client whose next struct must come before this one. */
function wantedBy(struct: Struct, clockOf: (client: number) => number): number | undefined {
  if (struct instanceof Y.GC) return undefined;
  const parent: unknown = struct.parent;
  for (const id of [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null])
    if (id !== null && id.client !== struct.id.client && id.clock >= clockOf(id.client)) return id.client;
  return undefined;
}
