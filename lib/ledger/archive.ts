import { Refusal } from "#lib/domain/refusal.ts";
import { concatBytes, decodeUtf8, encodeUtf8, isEqualBytes } from "./hash.ts";

/**
 * ZIP archives in one spelling, so that every byte of an export counts: files are stored as they are, without times, rights,
 * comments or extra fields, and each carries its CRC-32. What is read is written again and must be the same bytes. (Compressed
 * files could not be held to that: many streams unpack to one text. On the way to a reader HTTP compresses the whole.)
 * Source: PKWARE APPNOTE 6.3, parts 4.3.7, 4.3.12 and 4.3.16.
 */

/** A file of an archive; its name has at most 200 characters of ASCII. */
export type ArchiveFile = { readonly name: string; readonly bytes: Uint8Array };

/** ZIP counts files with 16 bits and bytes with 32; the wider forms are not written. */
const filesMax = 65_535;
const bytesMax = 0xffff_ffff;

const localSignature = 0x04034b50;
const entrySignature = 0x02014b50;
const endSignature = 0x06054b50;
// Version 1.0, names in UTF-8, stored, and 1980-01-01 00:00, the earliest time that ZIP can write.
const common = [10, 0x0800, 0, 0, 0x0021] as const;

/**
 * Writes an archive piece by piece: `add` gives the bytes of one file, `end` what closes the archive. Nothing but a few
 * bytes a file is kept, so that an archive can be sent while it is made.
 */
export class ArchiveWriter {
  readonly #entries: Uint8Array[] = [];
  #size = 0;

  /** @throws {Refusal} too-large beyond 65,535 files or 4 GiB. @throws {RangeError} for a name that can not be one. */
  add({ name, bytes }: ArchiveFile): Uint8Array[] {
    if (!/^[\w./-]{1,200}$/.test(name)) throw new RangeError(`${name} is no name of a file.`);
    const facts = numbers(...common.map((value) => [value, 2] as const), [crc32(bytes), 4], [bytes.length, 4]);
    const sizes = concatBytes(facts, numbers([bytes.length, 4], [name.length, 2], [0, 2]));
    const head = concatBytes(numbers([localSignature, 4]), sizes, encodeUtf8(name));
    this.#entries.push(
      concatBytes(
        numbers([entrySignature, 4], [10, 2]),
        sizes,
        numbers([0, 2], [0, 2], [0, 2], [0, 4], [this.#size, 4]),
        encodeUtf8(name),
      ),
    );
    this.#size += head.length + bytes.length;
    if (this.#entries.length > filesMax || this.#size > bytesMax) {
      throw new Refusal("too-large", "This is more than one archive can hold.");
    }
    return [head, bytes];
  }

  end(): Uint8Array {
    const entries = concatBytes(...this.#entries);
    const count = this.#entries.length;
    const tail = numbers(
      [endSignature, 4],
      [0, 2],
      [0, 2],
      [count, 2],
      [count, 2],
      [entries.length, 4],
      [this.#size, 4],
    );
    return concatBytes(entries, tail, numbers([0, 2]));
  }
}

/** The files of an archive by name, in its order. */
export function formatArchive(files: Iterable<ArchiveFile>): Uint8Array {
  const writer = new ArchiveWriter();
  const parts: Uint8Array[] = [];
  for (const file of files) parts.push(...writer.add(file));
  return concatBytes(...parts, writer.end());
}

/**
 * Reads an archive, believing nothing: only the one spelling that `formatArchive` writes is accepted, whole.
 *
 * @throws {Refusal} malformed.
 */
export function parseArchive(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const writer = new ArchiveWriter();
  let at = 0;
  try {
    while (read(bytes, at, 4) === localSignature) {
      const nameAt = at + 30;
      const dataAt = nameAt + read(bytes, at + 26, 2);
      const name = decodeUtf8(bytes.subarray(nameAt, dataAt));
      const end = dataAt + read(bytes, at + 18, 4);
      if (files.has(name) || end > bytes.length) throw new RangeError("A file stands twice or is cut off.");
      const data = bytes.subarray(dataAt, end);
      files.set(name, data);
      const [head = data] = writer.add({ name, bytes: data });
      if (!isEqualBytes(head, bytes.subarray(at, dataAt))) throw new RangeError(`${name} is not as it was written.`);
      at = end;
    }
    if (files.size > 0 && isEqualBytes(writer.end(), bytes.subarray(at))) return files;
  } catch (cause) {
    throw new Refusal("malformed", "This is not an archive as it was written, or a byte of it has changed.", { cause });
  }
  throw new Refusal("malformed", "This is not an archive as it was written, or a byte of it has changed.");
}

/** Numbers in little endian, each with its count of bytes. */
function numbers(...values: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  return Uint8Array.from(
    values.flatMap(([value, bytes]) => Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256)),
  );
}

/** A number in little endian; 0 beyond the end of the bytes. */
function read(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let place = count - 1; place >= 0; place -= 1) value = value * 256 + (bytes[at + place] ?? 0);
  return value;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as ZIP has it. */
function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ (crcTable[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}
