import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatArchive, parseArchive } from "#lib/ledger/archive.ts";
import { encodeUtf8 } from "#lib/ledger/hash.ts";
import { bundleForNode } from "#server/cli/build-verifier.mjs";
import { largeExport } from "#tests/support/large-export.ts";

/**
 * An export of a log with 200 entries in which one bit is flipped. Here at places drawn from a seed; `npm run flip:export` goes
 * through every byte, and `--count <n>` says at how many places inside the files.
 */
const seed = process.env["CONCORDAT_SEED"] ?? "calm";
const isWhole = process.env["CONCORDAT_WHOLE"] !== undefined;
/** `--parts 4 --part 0` goes through a quarter of the bytes. */
const parts = Number(process.env["CONCORDAT_PARTS"] ?? 1);
const part = Number(process.env["CONCORDAT_PART"] ?? 0);
const insideCount = Number(process.env["CONCORDAT_COUNT"] ?? (isWhole ? 3000 : 60));

const { bytes, policy, entries } = largeExport(66);
const folder = mkdtempSync(join(tmpdir(), "concordat-flip-"));
let program: typeof import("#server/cli/verifier.ts");
beforeAll(async () => {
  writeFileSync(join(folder, "verifier.mjs"), await bundleForNode("verifier.ts"));
  program = await import(pathToFileURL(join(folder, "verifier.mjs")).href);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the export as it was made is in order", () => {
  expect(entries).toHaveLength(200);
  expect(exitOf(bytes)).toBe(3);
});

test(`a flipped bit anywhere in the archive is found (${isWhole ? "every byte" : `seed ${seed}`})`, () => {
  const places = isWhole
    ? Array.from(bytes.keys()).filter((at) => at % parts === part)
    : drawn("archive", 100, bytes.length);
  // The frame of the archive whole: there a byte could hide that no file holds.
  if (!isWhole) for (let at = bytes.length - 100; at < bytes.length; at += 1) places.push(at);
  // The archive is the first thing that the program reads; the whole is tried on that alone, a thousand of it on the program too.
  const missed = places.filter((at) => isTaken(at) || (places.length < 1000 && exitOf(flipped(bytes, at)) !== 2));
  expect({ tried: places.length, missed }).toEqual({ tried: places.length, missed: [] });
}, 3_600_000);

test(`a flipped bit anywhere in its files is found, though the archive was made anew around it (seed ${seed})`, () => {
  const files = [...parseArchive(bytes)];
  const total = files.reduce((sum, [, file]) => sum + file.length, 0);
  const missed: string[] = [];
  for (const place of drawn("files", insideCount, total)) {
    let left = place;
    let where = "";
    const changed = files.map(([name, file]) => {
      const at = left;
      left -= file.length;
      if (at < 0 || at >= file.length) return { name, bytes: file };
      where = `${name}, byte ${at}`;
      return { name, bytes: flipped(file, at) };
    });
    if (exitOf(formatArchive(changed)) !== 2) missed.push(where);
  }
  expect({ tried: insideCount, missed }).toEqual({ tried: insideCount, missed: [] });
}, 3_600_000);

/** Whether the archive is read as if nothing had happened with one bit flipped. */
function isTaken(at: number): boolean {
  const bit = 1 << (at % 8);
  bytes[at] = (bytes[at] ?? 0) ^ bit;
  try {
    parseArchive(bytes);
    return true;
  } catch {
    return false;
  } finally {
    bytes[at] = (bytes[at] ?? 0) ^ bit;
  }
}

function exitOf(archive: Uint8Array): number {
  const read = (path: string) => (path === "export.zip" ? archive : encodeUtf8(policy));
  const print = () => undefined;
  const doors = { read, print, write: print, writeSecret: print, random: (size: number) => new Uint8Array(size) };
  return program.runVerifier(["fsck", "export.zip", "--policy", "policy.txt"], doors);
}

function flipped(original: Uint8Array, at: number): Uint8Array {
  const copy = original.slice();
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
  return copy;
}

/** Places below a bound that follow from the seed. */
function drawn(what: string, count: number, bound: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const digest = createHash("sha256").update(`${seed} ${what} ${at}`).digest();
    return digest.readUIntBE(0, 6) % bound;
  });
}
