import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";
import { readUpdate } from "./guard-reading.ts";

/**
 * Updates of one client in the order in which they came, as one. What is typed letter after letter, nearly everything that ever comes, becomes one
 * piece of text: a document that takes it looks as if it had taken the letters, which Yjs would join there, and everything on the way is cheaper.
 *
 * @throws {Error} on bytes that are no update.
 */
export function mergeRun(updates: readonly Uint8Array[]): Uint8Array {
  const typed = typedRun(updates);
  if (typed) return typed;
  // Merging believes whatever it reads, and makes whatever that asks for.
  for (const update of updates) readUpdate(update);
  return Y.mergeUpdates([...updates]);
}

/**
 * Updates of several clients as one, as Yjs merges them; where each holds one piece of text of a client of its own, they are put one behind the
 * other as they are.
 *
 * @throws {Error} on bytes that are no update.
 */
export function mergeBatch(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  if (only && updates.length === 1) return only;
  return besideOneAnother(updates) ?? Y.mergeUpdates([...updates]);
}

/** One piece of text that stands beside another, as the first format of Yjs writes it down. */
type TypedText = {
  readonly client: number;
  readonly clock: number;
  readonly origin: Neighbour;
  readonly rightOrigin: Neighbour;
  readonly text: string;
};
type Neighbour = { readonly client: number; readonly clock: number } | undefined;

/** Text of which each piece stands behind the one before; undefined where the updates hold anything else. */
function typedRun(updates: readonly Uint8Array[]): Uint8Array | undefined {
  let first: TypedText | undefined;
  let text = "";
  for (const update of updates) {
    const piece = typedTextIn(update);
    if (!piece || (first && !follows(piece, first, text.length))) return undefined;
    first ??= piece;
    text += piece.text;
  }
  return first && encodeText(first, text);
}

function follows(piece: TypedText, first: TypedText, length: number): boolean {
  const { client, clock } = first;
  return (
    piece.client === client &&
    piece.clock === clock + length &&
    piece.origin?.client === client &&
    piece.origin.clock === clock + length - 1 &&
    piece.rightOrigin?.client === first.rightOrigin?.client &&
    piece.rightOrigin?.clock === first.rightOrigin?.clock
  );
}

/** Yjs writes clients from the highest number to the lowest. */
function besideOneAnother(updates: readonly Uint8Array[]): Uint8Array | undefined {
  const byClient = new Map<number, Uint8Array>();
  for (const update of updates) {
    const client = typedTextIn(update)?.client;
    if (client === undefined || byClient.has(client)) return undefined;
    // Without the number of clients before it and the number of deletions behind.
    byClient.set(client, update.subarray(1, update.length - 1));
  }
  const parts = [...byClient].sort(([left], [right]) => right - left).map(([, part]) => part);
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, parts.length);
    for (const part of parts) encoding.writeUint8Array(encoder, part);
    encoding.writeVarUint(encoder, 0);
  });
}

/**
 * What an update holds, when that is one client's one piece of text beside another and nothing deleted; undefined for anything else. The general
 * reader of Yjs takes several times as long for it.
 */
function typedTextIn(update: Uint8Array): TypedText | undefined {
  if (update[0] !== 1 || update[1] !== 1 || update.at(-1) !== 0) return undefined;
  const decoder = decoding.createDecoder(update);
  decoder.pos = 2;
  const client = decoding.readVarUint(decoder);
  const clock = decoding.readVarUint(decoder);
  const info = decoding.readUint8(decoder);
  // Without a neighbour it would name its parent.
  if ((info & ~(hasOrigin | hasRightOrigin)) !== textRef || info === textRef) return undefined;
  const origin = info & hasOrigin ? neighbourIn(decoder) : undefined;
  const rightOrigin = info & hasRightOrigin ? neighbourIn(decoder) : undefined;
  const text = textIn(decoder);
  if (text === "" || decoder.pos !== update.length - 1) return undefined;
  return { client, clock, origin, rightOrigin, text };
}

function neighbourIn(decoder: decoding.Decoder): Neighbour {
  return { client: decoding.readVarUint(decoder), clock: decoding.readVarUint(decoder) };
}

function textIn(decoder: decoding.Decoder): string {
  const { arr, pos } = decoder;
  const letter = arr[pos + 1] ?? 128;
  if (arr[pos] !== 1 || letter > 127) return decoding.readVarString(decoder);
  decoder.pos += 2;
  return String.fromCharCode(letter);
}

/** One text as an update: one client, one struct, nothing deleted. */
function encodeText({ client, clock, origin, rightOrigin }: TypedText, text: string): Uint8Array {
  return encoding.encode((encoder) => {
    for (const number of [1, 1, client, clock]) encoding.writeVarUint(encoder, number);
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
