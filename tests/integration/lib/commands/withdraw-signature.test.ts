import { afterAll, beforeAll, expect, test } from "vitest";
import { askForReview } from "#lib/commands/ask-for-review.ts";
import { effectWithdrawals } from "#lib/commands/effect-due.ts";
import { revokeWithdrawal } from "#lib/commands/revoke-withdrawal.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { type PublicAct, signatoriesAsOf } from "#lib/domain/signatory-list.ts";
import { decide } from "#tests/support/reviews.ts";
import { openedVersion, prepareByCode, sign, signatory } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const dayMs = 86_400_000;

async function giveNotice(person: WorldPerson, versionId: string) {
  const { preparedId, code } = await prepareByCode(world, person, { versionId, action: "withdraw" });
  return withdrawSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
}

async function publicActs(charterId: string): Promise<PublicAct[]> {
  const rows = await world.store.db.actPublication.findMany({ where: { charterId }, include: { act: true } });
  return rows.map((row) => ({
    actId: row.actId,
    number: row.number,
    versionNumber: 1,
    publishedAt: row.publishedAt,
    payload: ActPayload.parse(row.act.payload),
  }));
}

test("[10] the lists of the day before and after a withdrawal differ, both reproducible, the name still findable", async () => {
  const { versionId, charterId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  const signedAt = world.now;
  world.advance(10 * dayMs);
  const noticeAt = world.now;
  const { effectiveOn } = await giveNotice(person, versionId);
  expect(effectiveOn.getTime() - noticeAt.getTime()).toBe(30 * dayMs);
  world.advance(40 * dayMs);
  expect(await effectWithdrawals(world.store.db, world.now)).toBe(1);
  expect(await effectWithdrawals(world.store.db, world.now)).toBe(0);
  const acts = await publicActs(charterId);
  const before = signatoriesAsOf(acts, new Date(effectiveOn.getTime() - 1));
  const after = signatoriesAsOf(acts, effectiveOn);
  expect(before.map((one) => one.status)).toEqual(["withdrawing"]);
  expect(after).toMatchObject([{ status: "withdrawn", signedAt, noticeAt, withdrawsAt: effectiveOn }]);
  expect(after[0]?.organization.displayName).toBe(person.organization?.name);
});

test("a notice can be taken back until its date, and not after", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  await giveNotice(person, versionId);
  const takeBack = async () => {
    const { preparedId, code } = await prepareByCode(world, person, { versionId, action: "revoke-withdrawal" });
    return revokeWithdrawal(world.as(person), { preparedId, evidence: { class: "B", code } });
  };
  await takeBack();
  const find = () => world.store.db.signature.findUniqueOrThrow({ where: { signActId: person.signature.actId } });
  expect(await find()).toMatchObject({ status: "EFFECTIVE", noticeAt: null, withdrawsAt: null });
  world.advance(dayMs);
  await giveNotice(person, versionId);
  world.advance(31 * dayMs);
  await expect(takeBack()).rejects.toMatchObject({ code: "conflict" });
});

test("who withdrew can sign again: two periods, two numbers", async () => {
  const { versionId } = await openedVersion(world, { policy: { withdrawalNoticeDays: 0 } });
  const person = await signatory(world, versionId);
  world.advance(dayMs);
  await giveNotice(person, versionId);
  world.advance(dayMs);
  const again = await sign(world, person, versionId);
  expect(again.actId).not.toBe(person.signature.actId);
  const rows = await world.store.db.signature.findMany({
    where: { versionId, organizationId: again.organizationId },
    orderBy: { signedAt: "asc" },
  });
  expect(rows.map((row) => row.status)).toEqual(["WITHDRAWN", "EFFECTIVE"]);
});

test("what is said in public goes with a signature, and is refused on every other act", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  for (const words of [{ statementForPublication: "We leave." }, { declaration: "We leave." }]) {
    const prepared = prepareByCode(world, person, { versionId, action: "withdraw", ...words });
    await expect(prepared).rejects.toMatchObject({ code: "malformed" });
  }
  const another = prepareByCode(world, person, { versionId, action: "revoke-withdrawal", reason: "We stay." });
  await expect(another).rejects.toMatchObject({ code: "malformed" });
});

test("a new name of a signatory makes the pages of its charters new", async () => {
  const { versionId, charterId } = await openedVersion(world);
  const { organization, ...person } = await signatory(world, versionId);
  if (!organization) throw new Error("A signatory has an organization.");
  const revision = async (scope: string) =>
    (await world.store.db.publicRevision.findUniqueOrThrow({ where: { scope } })).revision;
  const scopes = [`charter:${charterId}`, `organization:${organization.id}`, "directory"];
  const before = await Promise.all(scopes.map(revision));
  await askForReview(world.as({ ...person, organization }), organization.id, "Sheet 7 of the register, of 3 May.", {
    legalName: `Renamed ${organization.name} GmbH`,
    displayName: `Renamed ${organization.name}`,
    country: "",
    class: "",
  });
  await decide(world, organization.id, "verified");
  const after = await Promise.all(scopes.map(revision));
  for (const [at, one] of before.entries()) expect(after[at]).toBeGreaterThan(one);
});

test("two notices at once are one", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  const results = await Promise.allSettled([giveNotice(person, versionId), giveNotice(person, versionId)]);
  expect(results.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  expect(await world.store.db.act.count({ where: { versionId, kind: "withdraw" } })).toBe(1);
});
