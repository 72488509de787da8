import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPublicLog } from "#lib/commands/open-log.ts";
import { verifyCheckpoint } from "#lib/ledger/checkpoint.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { noteKey } from "#lib/ledger/signed-note.ts";
import { loadLogKey } from "#server/signer/log-key.ts";
import { createSigner, LogDoubt } from "#server/signer/signer.ts";
import { openedVersion, signatory, testLogKey } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

const origin = "localhost/log";
const key = { secretKey: testLogKey, publicKey: ed25519.getPublicKey(testLogKey) };
let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), "concordat-signer-"));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

function signerOf(isDemo = false) {
  return createSigner(world.store.db, { origin, key, folder, isDemo });
}

test("the log's key is made once, for its owner alone, and refused when others may read it", async () => {
  const file = join(folder, "keys", "log-key");
  const first = await loadLogKey(file);
  expect(encodeHex((await loadLogKey(file)).secretKey)).toBe(encodeHex(first.secretKey));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await writeFile(file, "not a key\n");
  await expect(loadLogKey(file)).rejects.toThrow("does not hold a log key");
});

test("the signer publishes each growth under its key, and nothing when nothing grew", async () => {
  const { versionId } = await openedVersion(world);
  const signer = signerOf();
  const size = await signer.signGrowth();
  expect(await signer.signGrowth()).toBe(size);
  await signatory(world, versionId);
  const grown = await signer.signGrowth();
  expect(grown).toBeGreaterThan(size);
  const rows = await world.store.db.checkpoint.findMany({ orderBy: { size: "asc" } });
  expect(rows.map((row) => Number(row.size))).toEqual([size, grown]);
  const { publicKey } = key;
  for (const row of rows) expect(verifyCheckpoint(row.note, noteKey(origin, publicKey)).size).toBe(Number(row.size));
});

test("a signer that starts again goes on from its memory; the answer that was lost is published again", async () => {
  await signerOf().signGrowth();
  const last = await world.store.db.checkpoint.findFirstOrThrow({ orderBy: { size: "desc" } });
  await world.store.db.checkpoint.delete({ where: { size: last.size } });
  await signerOf().signGrowth();
  const again = await world.store.db.checkpoint.findUniqueOrThrow({ where: { size: last.size } });
  expect(again.note).toBe(last.note);
});

test("asked for a shorter log than it has signed, the signer stops for good", async () => {
  await signerOf().signGrowth();
  const file = join(folder, "log-state.json");
  const kept = await readFile(file, "utf8");
  const state = JSON.parse(kept);
  await writeFile(file, JSON.stringify({ ...state, size: state.size + 1 }));
  const signer = signerOf();
  await expect(signer.signGrowth()).rejects.toThrow(LogDoubt);
  await writeFile(file, kept);
  await expect(signer.signGrowth()).rejects.toThrow("rolled back");
});

test("asked to sign other entries than those it has signed, the signer refuses", async () => {
  const file = join(folder, "log-state.json");
  const kept = await readFile(file, "utf8");
  await writeFile(file, JSON.stringify({ ...JSON.parse(kept), root: "0".repeat(64) }));
  await expect(signerOf().signGrowth()).rejects.toThrow("not those that were signed");
  await writeFile(file, "{");
  await expect(signerOf().signGrowth()).rejects.toThrow("nothing is signed until it is restored");
  await writeFile(file, kept);
});

test("a log opened under another key is not taken over", async () => {
  const { site } = world.as(null);
  await expect(openPublicLog(world.store.db, site, new Uint8Array(32).fill(1), world.now)).rejects.toMatchObject({
    code: "conflict",
  });
});
