import * as encoding from "lib0/encoding";
import * as Y from "yjs";

/**
 * Updates of one client in the order in which they came, as one. What is typed letter after letter, nearly everything that ever comes, becomes one
 * piece of text: a document that takes it looks as if it had taken the letters, which Yjs would join there, and everything on the way is cheaper.
 *
 * @throws {Error} on bytes that are no update.
 */
export function mergeRun(updates: readonly Uint8Array[]): Uint8Array {
  return typedRun(updates) ?? Y.mergeUpdates([...updates]);
}

/** Text of which each piece stands behind the one before; undefined where the updates hold anything else. */
function typedRun(updates: readonly Uint8Array[]): Uint8Array | undefined {
  let first: Y.Item | undefined;
  let text = "";
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    const [item] = structs;
    if (structs.length !== 1 || ds.clients.size > 0 || !(item instanceof Y.Item)) return undefined;
    if (!(item.content instanceof Y.ContentString)) return undefined;
    if (first === undefined) {
      // Without a neighbour it would name its parent.
      if (item.origin === null && item.rightOrigin === null) return undefined;
      first = item;
    } else if (!follows(item, first, text.length)) return undefined;
    text += item.content.str;
  }
  return first && encodeText(first, text);
}

function follows(item: Y.Item, first: Y.Item, length: number): boolean {
  const { client, clock } = first.id;
  return (
    item.id.client === client &&
    item.id.clock === clock + length &&
    item.origin?.client === client &&
    item.origin.clock === clock + length - 1 &&
    Y.compareIDs(item.rightOrigin, first.rightOrigin)
  );
}

/** One text as an update: one client, one struct, nothing deleted. */
function encodeText({ id, origin, rightOrigin }: Y.Item, text: string): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, 1, id.client, id.clock]) encoding.writeVarUint(encoder, number);
    encoding.writeUint8(encoder, textRef | (origin ? hasOrigin : 0) | (rightOrigin ? hasRightOrigin : 0));
    for (const neighbour of [origin, rightOrigin]) {
      if (!neighbour) continue;
      encoding.writeVarUint(encoder, neighbour.client);
      encoding.writeVarUint(encoder, neighbour.clock);
    }
    encoding.writeVarString(encoder, text);
    encoding.writeVarUint(encoder, 0);
  });
}

/** The first byte of an item in the first format of Yjs: what it holds, and which neighbours it names. */
const textRef = 4;
const hasOrigin = 128;
const hasRightOrigin = 64;
