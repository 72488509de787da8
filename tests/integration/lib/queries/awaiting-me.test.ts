import { afterAll, beforeAll, expect, test } from "vitest";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { examineSignature } from "#lib/commands/examine-signature.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { renamePerson } from "#lib/commands/rename-person.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { awaitingMe } from "#lib/queries/awaiting-me.ts";
import { officer, openedVersion, prepareByCode, sign } from "#tests/support/signing.ts";
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

test("a candidate that is objected to waits for its convenor, and when nobody objects any more it can be adopted", async () => {
  const convenor = await world.person(await world.organization(), ["admin", "representative"]);
  const { charterId } = await world.charter({ convenor });
  const { versionId } = await freezeCandidate(world.as(convenor), { charterId });
  const words = { charterId, versionId, reason: "It is too \u202eshort.", remedy: "Make it longer." };
  await takePosition(world.as(convenor), { ...words, value: "OBJECT" });
  const objected = await awaitingMe(world.as(convenor));
  expect(objected.map((one) => one.href)).toEqual([`/drafts/${charterId}/candidate#positions`]);
  expect(objected[0]?.sentence).toContain("objects to");
  const { reason } = await world.store.db.position.findFirstOrThrow({ where: { versionId } });
  expect(reason).toBe("It is too short.");
  world.advance(1000);
  await takePosition(world.as(convenor), { ...words, value: "AGREE" });
  expect(await pagesOf(convenor)).toEqual([`/drafts/${charterId}/candidate#adoption`]);
  await adoptCandidate(world.as(convenor), { charterId, versionId });
  expect(await pagesOf(convenor)).toEqual([`/drafts/${charterId}/signing`]);
});

test("a signature with reservations waits for the depositary until it was examined", async () => {
  const { charterId, versionId, convenor } = await openedVersion(world, {
    policy: { reservationPolicy: "any-clause" },
  });
  const person = await officer(world, await world.organization());
  const { canonical } = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  const clauseId = parseCanonicalVersion(canonical).text.clauses.find((one) => one.kind === "clause")?.id ?? "";
  const reservations = [{ clauseId, text: "We pay within sixty days." }];
  const { preparedId, code } = await prepareByCode(world, person, { versionId, reservations });
  const { actId } = await lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  expect(await pagesOf(convenor)).toContain(`/drafts/${charterId}/signing#examine`);
  await examineSignature(world.as(convenor), { actId, outcome: "accept" });
  expect(await pagesOf(convenor)).not.toContain(`/drafts/${charterId}/signing#examine`);
});

test("an operator is told of a disputed signature, under the legal name it was signed by", async () => {
  const { versionId, convenor } = await openedVersion(world);
  const { actId } = await sign(world, convenor, versionId);
  const { actor, ...rest } = world.as(await world.person(null));
  if (actor.kind !== "person") throw new Error("A person of the world acts as a person.");
  const operator = { ...rest, actor: { ...actor, isOperator: true } };
  expect((await awaitingMe(operator)).map((one) => one.href)).not.toContain("/operator/record#disputes");
  await disputeSignature(world.as(convenor), { signActId: actId, reason: "The officer had left before." });
  const told = (await awaitingMe(operator)).find((one) => one.href === "/operator/record#disputes");
  const { legalName } = await world.store.db.organization.findUniqueOrThrow({
    where: { id: convenor.organization?.id ?? "" },
  });
  expect(told?.sentence).toContain(legalName);
});

test("who came by a mailed link is asked for a name, until there is one", async () => {
  const nameless = await world.person(null);
  await world.store.db.user.update({ where: { id: nameless.userId }, data: { name: null } });
  expect(await pagesOf(nameless)).toContain("/account#name");
  await renamePerson(world.as(nameless), "Ola Nilsen");
  expect(await pagesOf(nameless)).toEqual([]);
});
