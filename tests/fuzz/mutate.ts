import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

type Random = () => number;

const extremes = [0, 1, 127, 128, 255, 2 ** 14, 2 ** 25 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 40, 2 ** 53 - 1];

/**
 * One to three changes to the bytes of a frame; `other` is one to splice in. Mostly the message inside is changed and framed
 * again, so that it reaches what is behind the parser of frames.
 */
export function mutate(frame: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const inner = random() < 0.8 ? innerOf(frame) : undefined;
  let bytes = inner?.message ?? frame;
  for (let left = 1 + below(random, 3); left > 0; left -= 1) bytes = mutateOnce(bytes, other, random);
  return inner ? inner.framed(bytes) : bytes;
}

/** The update or states that a frame carries, and how to frame another in their place. */
function innerOf(frame: Uint8Array): { message: Uint8Array; framed(message: Uint8Array): Uint8Array } | undefined {
  const head = frame.subarray(0, frame[0] === 0 ? 2 : 1);
  const decoder = decoding.createDecoder(frame.subarray(head.length));
  try {
    const message = decoding.readVarUint8Array(decoder);
    return { message, framed: (fresh) => joined(head, varUint(fresh.length), fresh) };
  } catch {
    return undefined;
  }
}

function mutateOnce(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const at = below(random, bytes.length + 1);
  const length = below(random, 8);
  switch (below(random, 9)) {
    case 0:
      return changed(bytes, at, (byte) => byte ^ (1 << below(random, 8)));
    case 1:
      return changed(bytes, at, () => below(random, 256));
    case 2:
      return joined(bytes.subarray(0, at), bytes.subarray(at + length));
    case 3:
      return joined(bytes.subarray(0, at), randomBytes(length, random), bytes.subarray(at));
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at));
    case 5:
      return bytes.subarray(0, at);
    case 6:
      // A number somewhere becomes one at the edge of what can be counted.
      return joined(
        bytes.subarray(0, at),
        varUint(extremes[below(random, extremes.length)] ?? 0),
        bytes.subarray(at + 1),
      );
    case 7: {
      const from = below(random, other.length + 1);
      return joined(bytes.subarray(0, at), other.subarray(from, from + length * 4), bytes.subarray(at));
    }
    default:
      return changed(bytes, at, (byte) => byte + (random() < 0.5 ? 1 : 255));
  }
}

/** A frame with an update whose structs are drawn by lot: every kind of struct, parent and content that the format knows. */
export function drawnUpdate(clients: readonly number[], random: Random): Uint8Array {
  const update = encoding.encode((encoder) => {
    const groups = below(random, 3);
    encoding.writeVarUint(encoder, groups);
    for (let group = 0; group < groups; group += 1) {
      const structs = 1 + below(random, 3);
      encoding.writeVarUint(encoder, structs);
      encoding.writeVarUint(encoder, pick(clients, random));
      encoding.writeVarUint(encoder, below(random, 30));
      for (let struct = 0; struct < structs; struct += 1) writeStruct(encoder, clients, random);
    }
    const deleted = below(random, 3);
    encoding.writeVarUint(encoder, deleted);
    for (let client = 0; client < deleted; client += 1) {
      encoding.writeVarUint(encoder, pick(clients, random));
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarUint(encoder, below(random, 40));
      encoding.writeVarUint(encoder, number(random));
    }
  });
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarUint(encoder, 1 + below(random, 2));
    encoding.writeVarUint8Array(encoder, update);
  });
}

function writeStruct(encoder: encoding.Encoder, clients: readonly number[], random: Random): void {
  const content = below(random, 12);
  const flags = below(random, 8) << 5;
  encoding.writeUint8(encoder, content | flags);
  if (content === 0 || content === 10) {
    encoding.writeVarUint(encoder, number(random));
    return;
  }
  for (const flag of [128, 64])
    if (flags & flag) {
      encoding.writeVarUint(encoder, pick(clients, random));
      encoding.writeVarUint(encoder, below(random, 40));
    }
  if ((flags & 192) === 0) {
    const isRoot = random() < 0.4;
    encoding.writeVarUint(encoder, isRoot ? 1 : 0);
    if (isRoot) encoding.writeVarString(encoder, random() < 0.7 ? "charter" : "__proto__");
    else {
      encoding.writeVarUint(encoder, pick(clients, random));
      encoding.writeVarUint(encoder, below(random, 40));
    }
    if (flags & 32)
      encoding.writeVarString(encoder, ["id", "level", "kind", "__proto__", "onclick"][below(random, 5)] ?? "id");
  }
  writeContent(encoder, content, random);
}

function writeContent(encoder: encoding.Encoder, content: number, random: Random): void {
  switch (content) {
    case 1:
      encoding.writeVarUint(encoder, number(random));
      return;
    case 4:
      encoding.writeVarString(encoder, ["x", "", "\u0000", "<b>", "\ud83d\ude00"][below(random, 5)] ?? "");
      return;
    case 5:
      encoding.writeVarString(encoder, '{"image":"x"}');
      return;
    case 6:
      encoding.writeVarString(encoder, "link");
      encoding.writeVarString(encoder, '"javascript:alert(1)"');
      return;
    case 7:
      encoding.writeVarUint(encoder, below(random, 8));
      encoding.writeVarString(encoder, ["clause", "paragraph", "script", "clauseHeading"][below(random, 4)] ?? "");
      return;
    case 8:
      encoding.writeVarUint(encoder, 1);
      encoding.writeAny(
        encoder,
        [1, "abc", null, { a: 1 }, JSON.parse('{"__proto__":{"polluted":true}}')][below(random, 5)],
      );
      return;
    case 9:
      encoding.writeVarString(encoder, "../../etc/passwd");
      encoding.writeAny(encoder, {});
      return;
    default:
      encoding.writeVarUint8Array(encoder, randomBytes(below(random, 12), random));
  }
}

/** A whole number from 0 to below `limit`. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(list: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const found = list[below(random, list.length)];
  if (found === undefined) throw new Error("Nothing to pick from.");
  return found;
}

function number(random: Random): number {
  return random() < 0.8 ? below(random, 20) : (extremes[below(random, extremes.length)] ?? 0);
}

function changed(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = Math.min(at, bytes.length - 1);
  if (index >= 0) copy[index] = change(copy[index] ?? 0);
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

function randomBytes(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256));
}

function varUint(value: number): Uint8Array {
  return encoding.encode((encoder) => encoding.writeVarUint(encoder, value));
}
