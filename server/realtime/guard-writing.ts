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
  const firsts = structs.filter(({ id }, at) => structs[at - 1]?.id.client !== id.client);
  write(firsts.length);
  for (const { id } of firsts) {
    const group = structs.filter((struct) => struct.id.client === id.client);
    write(group.length, id.client, id.clock);
    for (const struct of group) struct.write(encoder, 0);
  }
  write(deletes.size);
  for (const [client, ranges] of deletes) {
    write(client, ranges.length);
    for (const { clock, len } of ranges) write(clock, len);
  }
  return encoder.toUint8Array();
}
