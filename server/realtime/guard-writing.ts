import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import type { Reading } from "./guard-reading.ts";

/** Writes down what was read, as Yjs would. */
export function writeUpdate({ structs, deletes }: Reading): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  const write = (...numbers: number[]) => {
    for (const one of numbers) encoding.writeVarUint(encoder.restEncoder, one);
  };
  // The structs of a client stand together.
  const groups = new Map<number, Reading["structs"][number][]>();
  for (const struct of structs) {
    const group = groups.get(struct.id.client);
    if (group) group.push(struct);
    else groups.set(struct.id.client, [struct]);
  }
  write(groups.size);
  for (const [client, group] of groups) {
    write(group.length, client, group[0]?.id.clock ?? 0);
    for (const struct of group) struct.write(encoder, 0);
  }
  write(deletes.size);
  for (const [client, ranges] of deletes) {
    write(client, ranges.length);
    for (const { clock, len } of ranges) write(clock, len);
  }
  return encoder.toUint8Array();
}
