import * as encoding from "lib0/encoding";

/** A struct by its client and clock. */
export type At = readonly [client: number, clock: number];

/** A struct as it stands in an update of the first format of Yjs; what `Y.encodeStateAsUpdate` would never write, too. */
export type Forged = (
  | { readonly text: string }
  | { readonly element: string }
  | { readonly textNode: true }
  | { readonly value: string | number }
  | { readonly deleted: number }
  | { readonly collected: number }
  | { readonly skipped: number }
  | { readonly embed: string }
  | { readonly mark: string }
  | { readonly document: string }
) & {
  readonly after?: At;
  readonly before?: At;
  /** Read only where it names no neighbour: a root by its name, or an element. */
  readonly in?: string | At;
  readonly key?: string;
};

export type ForgedGroup = { readonly client: number; readonly clock: number; readonly structs: readonly Forged[] };
export type ForgedDeletes = readonly (readonly [
  client: number,
  ranges: readonly (readonly [clock: number, length: number])[],
])[];

/** Writes an update by hand, group after group, whatever they say. */
export function forgeUpdate(groups: readonly ForgedGroup[], deletes: ForgedDeletes = []): Uint8Array {
  return encoding.encode((encoder) => {
    const write = (...numbers: number[]) => {
      for (const one of numbers) encoding.writeVarUint(encoder, one);
    };
    write(groups.length);
    for (const { client, clock, structs } of groups) {
      write(structs.length, client, clock);
      for (const struct of structs) writeStruct(encoder, struct);
    }
    write(deletes.length);
    for (const [client, ranges] of deletes) {
      write(client, ranges.length);
      for (const range of ranges) write(...range);
    }
  });
}

function writeStruct(encoder: encoding.Encoder, struct: Forged): void {
  const { after, before, key } = struct;
  const isAlone = "collected" in struct || "skipped" in struct;
  const flags = isAlone ? 0 : (after ? 128 : 0) | (before ? 64 : 0) | (key === undefined ? 0 : 32);
  encoding.writeUint8(encoder, kindOf(struct) | flags);
  if (!isAlone) {
    for (const id of [after, before]) if (id) writeId(encoder, id);
    if (!after && !before) writeParent(encoder, struct.in ?? "charter", key);
  }
  writeContent(encoder, struct);
}

function writeParent(encoder: encoding.Encoder, parent: string | At, key: string | undefined): void {
  encoding.writeVarUint(encoder, typeof parent === "string" ? 1 : 0);
  if (typeof parent === "string") encoding.writeVarString(encoder, parent);
  else writeId(encoder, parent);
  if (key !== undefined) encoding.writeVarString(encoder, key);
}

function writeId(encoder: encoding.Encoder, [client, clock]: At): void {
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
}

function kindOf(struct: Forged): number {
  if ("collected" in struct) return 0;
  if ("deleted" in struct) return 1;
  if ("text" in struct) return 4;
  if ("embed" in struct) return 5;
  if ("mark" in struct) return 6;
  if ("element" in struct || "textNode" in struct) return 7;
  if ("value" in struct) return 8;
  return "document" in struct ? 9 : 10;
}

function writeContent(encoder: encoding.Encoder, struct: Forged): void {
  if ("collected" in struct) encoding.writeVarUint(encoder, struct.collected);
  else if ("deleted" in struct) encoding.writeVarUint(encoder, struct.deleted);
  else if ("skipped" in struct) encoding.writeVarUint(encoder, struct.skipped);
  else if ("text" in struct) encoding.writeVarString(encoder, struct.text);
  else if ("embed" in struct) encoding.writeVarString(encoder, JSON.stringify(struct.embed));
  else if ("mark" in struct) {
    encoding.writeVarString(encoder, struct.mark);
    encoding.writeVarString(encoder, "true");
  } else if ("element" in struct) {
    encoding.writeVarUint(encoder, 3);
    encoding.writeVarString(encoder, struct.element);
  } else if ("textNode" in struct) encoding.writeVarUint(encoder, 6);
  else if ("value" in struct) {
    encoding.writeVarUint(encoder, 1);
    encoding.writeAny(encoder, struct.value);
  } else {
    encoding.writeVarString(encoder, struct.document);
    encoding.writeAny(encoder, {});
  }
}
