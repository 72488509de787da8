import { afterAll, beforeAll, expect, test } from "vitest";
import { listLeafHashes } from "#lib/data/log.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { openedVersion, signatory } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const stored = async (size: number) =>
  (await world.store.db.logEntry.findMany({ where: { index: { lt: size } }, orderBy: { index: "asc" } })).map((row) =>
    encodeHex(row.leafHash),
  );
const listed = async (size: number) => (await listLeafHashes(world.store.db, BigInt(size))).map(encodeHex);

test("the leaves of a log are the same however much of it was read before, and are read anew in another's place", async () => {
  const { versionId } = await openedVersion(world);
  const first = await world.store.db.logEntry.count();
  expect(await listed(first)).toEqual(await stored(first));
  await signatory(world, versionId);
  const size = await world.store.db.logEntry.count();
  expect(size).toBeGreaterThan(first);
  for (const one of [size, 0, 1, first, size]) expect(await listed(one)).toEqual(await stored(one));
  // As after a restore of another backup under the same server.
  const { pool } = world.store;
  await pool.query("ALTER TABLE log_entry DISABLE TRIGGER USER");
  await pool.query("UPDATE log_entry SET leaf_hash = sha256(leaf_hash)");
  expect(await listed(size)).toEqual(await stored(size));
});
