import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseEnv } from "#lib/config/env.ts";
import { shareSite } from "#lib/config/site.ts";
import { openStore } from "#lib/data/store.ts";
import { seedDemo } from "#server/demo/seed.ts";
import { createTestDatabase } from "#tests/support/database.ts";

test("a newcomer finds four charters in four states, and a list with a withdrawal, without anything written by hand", async () => {
  const database = await createTestDatabase();
  const store = openStore(database.url);
  const { db } = store;
  await db.setting.create({ data: { key: "demo", value: "true" } });
  const site = {
    publicUrl: "http://localhost:3000",
    logOrigin: "localhost/log/demo",
    signOrigin: "http://localhost:3000",
    signRpId: "localhost",
    isDemo: true,
    secret: new Uint8Array(32),
  };
  shareSite(site, { host: "127.0.0.1", providers: [] });
  const folder = await mkdtemp(join(tmpdir(), "concordat-demo-"));
  const env = { ...parseEnv({ CONCORDAT_DATA: folder }), logKeyFile: join(folder, "log.key") };
  await seedDemo(db, env);

  expect(await db.organization.count()).toBe(40);
  const rounds = await db.draftRound.groupBy({ by: ["state"], _count: true, orderBy: { state: "asc" } });
  expect(rounds.map((one) => [one.state, one._count])).toEqual([
    ["ABANDONED", 1],
    ["ADOPTED", 3],
    ["DRAFTING", 1],
  ]);
  const versions = await db.charterVersion.findMany({
    where: { charter: { visibility: "PUBLIC" } },
    orderBy: { number: "asc" },
  });
  expect(versions.map((one) => [one.number, one.state])).toEqual([
    [1, "SUPERSEDED"],
    [2, "IN_EFFECT"],
  ]);
  const onFirst = await db.signature.groupBy({
    by: ["status"],
    where: { version: { number: 1, state: "SUPERSEDED" } },
    _count: true,
    orderBy: { status: "asc" },
  });
  expect(onFirst.map((one) => one.status)).toEqual(["EFFECTIVE", "WITHDRAWN"]);
  expect(onFirst[0]?._count).toBeGreaterThan(30);
  expect(await db.signature.count({ where: { status: "SEALED" } })).toBe(6);
  expect(await db.outbox.count()).toBe(0);
  await store.close();
  await database.drop();
  await rm(folder, { recursive: true });
}, 120_000);
