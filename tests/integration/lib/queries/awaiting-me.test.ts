import { afterAll, beforeAll, expect, test } from "vitest";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { renamePerson } from "#lib/commands/rename-person.ts";
import { awaitingMe } from "#lib/queries/awaiting-me.ts";
import { openedVersion, sign } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function pagesOf(person: WorldPerson): Promise<string[]> {
  return (await awaitingMe(world.as(person))).map((one) => one.href);
}

test("an officer at the table is told of a text that can be signed, until the organization has signed", async () => {
  const { versionId, convenor } = await openedVersion(world);
  expect(await pagesOf(convenor)).toEqual([`/sign/${versionId}?for=${convenor.organization?.id}`]);
  await sign(world, convenor, versionId);
  expect(await pagesOf(convenor)).toEqual([]);
});

test("who is invited to sign by name is told once", async () => {
  const { versionId, convenor } = await openedVersion(world);
  const { email } = convenor;
  await inviteToSign(world.as(convenor), { versionId, legalName: "The convenor itself", email, message: "" });
  expect(await pagesOf(convenor)).toEqual([`/sign/${versionId}`]);
});

test("who came by a mailed link is asked for a name, until there is one", async () => {
  const nameless = await world.person(null);
  await world.store.db.user.update({ where: { id: nameless.userId }, data: { name: null } });
  expect(await pagesOf(nameless)).toContain("/account#name");
  await renamePerson(world.as(nameless), "Ola Nilsen");
  expect(await pagesOf(nameless)).toEqual([]);
});
