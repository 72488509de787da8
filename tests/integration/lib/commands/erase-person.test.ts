import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { erasePerson } from "#lib/commands/erase-person.ts";
import { inviteMember } from "#lib/commands/invite-member.ts";
import { Refusal } from "#lib/domain/refusal.ts";
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
async function dump(): Promise<string> {
  const { rows: tables } = await world.store.pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await world.store.pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t`);
    texts.push(...rows.map((one) => one.row));
  }
  return texts.join("\n");
}

test("T-erasure: after it neither the name nor the address is in any table, and the acts stand", async () => {
  const organization = await world.organization();
  const admin = await world.person(organization);
  const officer = await world.person(organization, ["signing-officer"], "Zephyrine Quillfeather");
  const { charterId } = await world.charter({ convenor: admin });
  const { db } = world.store;
  const actId = randomUUID();
  await db.act.create({
    data: {
      id: actId,
      charterId,
      organizationId: organization.id,
      userId: officer.userId,
      kind: "abandon",
      payload: { kind: "abandon", reason: "A test." },
    },
  });
  await db.officerIdentity.create({
    data: { actId, name: officer.name, email: officer.email, salt: Buffer.from("the salt of Zephyrine") },
  });
  await db.session.create({ data: { sessionToken: randomUUID(), userId: officer.userId, expires: world.now } });
  await db.signInChallenge.create({
    data: {
      purpose: "sign-in",
      email: officer.email,
      tokenHmac: Buffer.alloc(32),
      codeHmac: Buffer.alloc(32),
      browserHmac: Buffer.alloc(32),
      expiresAt: world.now,
    },
  });
  await inviteMember(world.as(admin), organization.id, { email: "successor@example.org", roles: ["observer"] });
  await db.outbox.create({ data: { kind: "note", to: officer.email, payload: { words: officer.name } } });
  await db.developmentMail.create({
    data: { from: "", to: officer.email, subject: officer.name, text: "" },
  });
  const before = await db.act.findMany();

  await erasePerson(world.as(officer), ` ${officer.email.toUpperCase()} `);

  const rest = await dump();
  expect(rest).not.toContain("Zephyrine");
  expect(rest).not.toContain(officer.email);
  expect(rest).not.toContain(Buffer.from("the salt of Zephyrine").toString("hex"));
  expect(await db.act.findMany()).toEqual(before);
  expect(await db.session.count({ where: { userId: officer.userId } })).toBe(0);
  expect((await db.user.findUniqueOrThrow({ where: { id: officer.userId } })).erasedAt).toEqual(world.now);
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
