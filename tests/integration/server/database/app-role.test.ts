import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore, type Store } from "#lib/data/store.ts";
import { grantToApp, makeMissingRole, mayRewrite } from "#server/database/app-role.ts";
import { openedVersion, sign } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

const role = `concordat_app_${randomUUID().slice(0, 8)}`;
let world: World;
let appUrl: string;
let app: pg.Client;
let store: Store;

beforeAll(async () => {
  world = await createWorld();
  await grantToApp(world.database.url, role, "of-this-test");
  const address = new URL(world.database.url);
  address.username = role;
  address.password = "of-this-test";
  appUrl = address.href;
  store = openStore(appUrl, 2);
  app = new pg.Client({ connectionString: appUrl });
  await app.connect();
  const { versionId, convenor } = await openedVersion(world);
  await sign(world, convenor, versionId);
});

afterAll(async () => {
  await app.end();
  await store.close();
  await world.close();
  const owner = new pg.Client({ connectionString: world.database.url.replace(/\/[^/]*$/, "/postgres") });
  await owner.connect();
  await owner.query(`DROP ROLE IF EXISTS ${role}`).finally(() => owner.end());
});

const appendOnly = [
  ...["act", "act_publication", "act_evidence", "countersignature", "log_entry", "room_update", "redaction"],
  ...["checkpoint", "key_binding", "evidence_rule"],
];

describe("[9] the role that the program connects as can not rewrite the record", () => {
  test.each(appendOnly)("%s takes no change, no deletion, no emptying, and keeps its triggers", async (table) => {
    const { rows } = await app.query<{ attname: string }>(
      "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum = 1",
      [table],
    );
    const column = rows[0]?.attname;
    await expect(app.query(`UPDATE ${table} SET ${column} = ${column}`)).rejects.toMatchObject({ code: "42501" });
    await expect(app.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: "42501" });
    await expect(app.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject({ code: "42501" });
    await expect(app.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`)).rejects.toMatchObject({ code: "42501" });
    await expect(app.query(`DROP TABLE ${table} CASCADE`)).rejects.toMatchObject({ code: "42501" });
  });

  test("nor does it get around them: no other role, no replication mode, no text of a version, no deletion of one", async () => {
    for (const way of [
      "SET session_replication_role = replica",
      "ALTER ROLE CURRENT_USER SUPERUSER",
      "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
      "ALTER FUNCTION refuse_change() OWNER TO CURRENT_USER",
      "UPDATE charter_version SET canonical = ''",
      "DELETE FROM charter_version",
      "UPDATE _prisma_migrations SET checksum = ''",
    ]) {
      await expect(app.query(way), way).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("and everything the program does goes on: acts are added and versions move", async () => {
    const person = await world.person(await world.organization());
    const counts = await store.db.act.count();
    expect(counts).toBeGreaterThan(0);
    await expect(store.db.charterVersion.updateMany({ data: { askedAgainAt: world.now } })).resolves.toMatchObject({
      count: 1,
    });
    await app.query("SELECT size FROM log_head WHERE id = 1 FOR UPDATE");
    await app.query("SELECT 1 FROM charter_version FOR SHARE");
    const act = await store.db.act.findFirstOrThrow();
    const added = await store.db.act.create({
      data: { charterId: act.charterId, userId: person.userId, kind: "abandon", payload: {}, at: world.now },
    });
    expect(added.id).not.toBe(act.id);
  });
});

test("whether a role could rewrite the record is known before the doors open", async () => {
  expect(await mayRewrite(appUrl)).toBe(false);
  expect(await mayRewrite(world.database.url)).toBe(true);
});

test("a role that is named and missing is made at the start, and one that is there keeps its password", async () => {
  const named = new URL(world.database.url);
  named.username = `${role}_new`;
  named.password = encodeURIComponent("of the operator's: % and @");
  const owner = new pg.Client({ connectionString: world.database.url });
  await owner.connect();
  const kept = () => owner.query("SELECT rolpassword FROM pg_authid WHERE rolname = $1", [`${role}_new`]);
  try {
    await makeMissingRole(world.database.url, named.href);
    const first = (await kept()).rows;
    expect(first).toHaveLength(1);
    const again = new URL(named.href);
    again.password = "another";
    await makeMissingRole(world.database.url, again.href);
    expect((await kept()).rows).toEqual(first);
    await grantToApp(world.database.url, `${role}_new`);
    expect(await mayRewrite(named.href)).toBe(false);
    await owner.query(`DROP OWNED BY ${role}_new`);
    await owner.query(`DROP ROLE ${role}_new`);
  } finally {
    await owner.end();
  }
});
