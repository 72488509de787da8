import { randomUUID } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { erasePerson } from "#lib/commands/erase-person.ts";
import { inviteMember } from "#lib/commands/invite-member.ts";
import { repeatErasures } from "#lib/commands/repeat-erasures.ts";
import { openStore } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { createSigner } from "#server/signer/signer.ts";
import { officer, openedVersion, sign, testLogKey } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const code = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** Every row of every table as text: what a dump of the database shows. */
async function dump(pool = world.store.pool): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`);
    texts.push(...rows.map((one) => one.row));
  }
  return texts.join("\n");
}

test("T-erasure: after it neither the name nor the address is in any table, and the acts stand", async () => {
  const organization = await world.organization();
  const admin = await world.person(organization);
  const leaver = await world.person(organization, ["signing-officer"], "Zephyrine Quillfeather");
  const { charterId } = await world.charter({ convenor: admin });
  const { db } = world.store;
  const actId = randomUUID();
  await db.act.create({
    data: {
      id: actId,
      charterId,
      organizationId: organization.id,
      userId: leaver.userId,
      kind: "abandon",
      payload: { kind: "abandon", reason: "A test." },
    },
  });
  await db.officerIdentity.create({
    data: { actId, name: leaver.name, email: leaver.email, salt: Buffer.from("the salt of Zephyrine") },
  });
  await db.session.create({ data: { sessionToken: randomUUID(), userId: leaver.userId, expires: world.now } });
  await db.signInChallenge.create({
    data: {
      purpose: "sign-in",
      email: leaver.email,
      tokenHmac: Buffer.alloc(32),
      codeHmac: Buffer.alloc(32),
      browserHmac: Buffer.alloc(32),
      expiresAt: world.now,
    },
  });
  await inviteMember(world.as(admin), organization.id, { email: "successor@example.org", roles: ["observer"] });
  await db.outbox.create({ data: { kind: "note", to: leaver.email, payload: { words: leaver.name } } });
  await db.developmentMail.create({
    data: { from: "", to: leaver.email, subject: leaver.name, text: "" },
  });
  await db.outbox.create({
    data: { kind: "note", to: admin.email, payload: { words: `${leaver.name} asks “you” of \\"it\\"` } },
  });
  await db.developmentMail.create({ data: { from: "", to: admin.email, subject: "", text: `From ${leaver.name}` } });
  const before = await db.act.findMany();

  await erasePerson(world.as(leaver), ` ${leaver.email.toUpperCase()} `);

  const rest = await dump();
  expect(rest).not.toContain("Zephyrine");
  expect(rest).not.toContain(leaver.email);
  expect(rest).not.toContain(Buffer.from("the salt of Zephyrine").toString("hex"));
  expect(await db.act.findMany()).toEqual(before);
  expect(await db.session.count({ where: { userId: leaver.userId } })).toBe(0);
  expect((await db.user.findUniqueOrThrow({ where: { id: leaver.userId } })).erasedAt).toEqual(world.now);
});

test("needs the own address typed once more", async () => {
  const person = await world.person(null);
  expect(await code(erasePerson(world.as(person), "somebody@example.org"))).toBe("malformed");
  expect(await code(erasePerson(world.as(person), person.email))).toBe("accepted");
});

test("does not leave the others of an organization without an admin", async () => {
  const organization = await world.organization();
  const admin = await world.person(organization, ["admin"]);
  const drafter = await world.person(organization, ["drafter"]);
  expect(await code(erasePerson(world.as(admin), admin.email))).toBe("conflict");
  expect(await code(erasePerson(world.as(drafter), drafter.email))).toBe("accepted");
  expect(await code(erasePerson(world.as(admin), admin.email))).toBe("accepted");
});

test("[8] an older backup that is restored does not bring an erased person back, and the record still verifies", async () => {
  const { versionId } = await openedVersion(world);
  const organization = await world.organization();
  const signer = await officer(world, organization, { name: "Perpetua Nightingale" });
  const another = await officer(world, await world.organization(), { name: "Balthasar Wren" });
  const { actId } = await sign(world, signer, versionId);
  await sign(world, another, versionId);
  const salt = (await world.store.db.officerIdentity.findUniqueOrThrow({ where: { actId } })).salt;
  expect(salt).not.toBeNull();

  const folder = await mkdtemp(join(tmpdir(), "concordat-erasures-"));
  const list = join(folder, "kept", "erasures");
  const backup = `${new URL(world.database.url).pathname.slice(1)}_backup`;
  const restored = openStore(world.database.url.replace(/\/[^/]*$/, `/${backup}`), 2);
  try {
    await copyDatabase(backup);
    const ctx = world.as(signer);
    // The one-person organization has no admin left behind whom it could ask.
    await erasePerson({ ...ctx, site: { ...ctx.site, erasureList: list } }, signer.email);
    const lines = await readFile(list, "utf8");
    expect(lines).toMatch(/^\n[0-9a-f]{64} 2031-[^\n]+Z\n$/);
    expect(lines).not.toContain(signer.userId);
    expect(await dump(restored.pool)).toContain("Perpetua");

    // A line that a crash cut off, and one of somebody who was never here.
    await appendFile(list, `${"0".repeat(64)} 2031-01-01T00:00:00.000Z\nabc`);
    expect(await repeatErasures(restored.db, list, world.now)).toBe(1);
    expect(await repeatErasures(restored.db, list, world.now)).toBe(0);

    for (const pool of [world.store.pool, restored.pool]) {
      const rest = await dump(pool);
      expect(rest).not.toContain("Perpetua");
      expect(rest).not.toContain(signer.email);
      expect(rest).not.toContain(Buffer.from(salt ?? []).toString("hex"));
      expect(rest).toContain("Balthasar");
    }
    await createSigner(restored.db, {
      origin: ctx.site.logOrigin,
      key: { secretKey: testLogKey, publicKey: ed25519.getPublicKey(testLogKey) },
      folder,
      isDemo: false,
    }).signGrowth();
    const verdict = verifyReceipt(await receiptBytes({ ...world.as(null), db: restored.db }, actId), null);
    expect(verdict).toMatchObject({ exit: 5, act: { organizationId: organization.id } });
    expect(verdict.notes.join()).toContain("The officer is not named in this receipt");
  } finally {
    await restored.close();
    await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${backup} WITH (FORCE)`));
    await rm(folder, { recursive: true });
  }
});

test("a list of erasures that cannot be read keeps the doors shut", async () => {
  const folder = await mkdtemp(join(tmpdir(), "concordat-erasures-"));
  try {
    expect(await repeatErasures(world.store.db, join(folder, "none-yet"), world.now)).toBe(0);
    await expect(repeatErasures(world.store.db, folder, world.now)).rejects.toThrow(/cannot be read; nothing starts/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** A copy of the world's database, file by file, as a backup is one. */
async function copyDatabase(name: string): Promise<void> {
  const source = new URL(world.database.url).pathname.slice(1);
  await onServer(async (client) => {
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
      [source],
    );
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${source}`);
  });
}

async function onServer(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: world.database.url.replace(/\/[^/]*$/, "/postgres") });
  await client.connect();
  await work(client).finally(() => client.end());
}
