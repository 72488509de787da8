import { afterAll, beforeAll, expect, test } from "vitest";
import { answerSigningInvitation } from "#lib/commands/answer-signing-invitation.ts";
import { cancelOpening } from "#lib/commands/cancel-opening.ts";
import { changeOpening } from "#lib/commands/change-opening.ts";
import { closeToSignature } from "#lib/commands/close-to-signature.ts";
import { inviteToSign } from "#lib/commands/invite-to-sign.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { openDueVersions } from "#lib/commands/open-due-versions.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { retractSignature } from "#lib/commands/retract-signature.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { openStore } from "#lib/data/store.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { loadCeremony } from "#lib/queries/ceremony.ts";
import { loadSigningTable } from "#lib/queries/signing-table.ts";
import {
  adoptDraft,
  adoptedVersion,
  officer,
  openedVersion,
  prepareByCode,
  sign,
  signatory,
} from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const hourMs = 3_600_000;

/** A version sealed for a day, with its convenor and so many further officers at the table. */
async function sealedVersion(officers: number) {
  const version = await adoptedVersion(world);
  const people: WorldPerson[] = [];
  for (let count = 0; count < officers; count += 1) {
    const person = await officer(world, await world.organization());
    await world.seat(version.charterId, person);
    people.push(person);
  }
  const at = new Date(world.now.getTime() + 24 * hourMs).toISOString().slice(0, 16);
  await openForSignature(world.as(version.convenor), {
    versionId: version.versionId,
    opening: { kind: "at", wallTime: at, zone: "UTC" },
  });
  return { ...version, people };
}

async function publicTrace(charterId: string) {
  const { db } = world.store;
  return {
    charter: await db.charter.findUniqueOrThrow({
      where: { id: charterId },
      select: { visibility: true, slug: true, publishedAt: true },
    }),
    publications: await db.actPublication.count({ where: { charterId } }),
    entries: await db.logEntry.count(),
    size: (await db.logHead.findUniqueOrThrow({ where: { id: 1 } })).size,
  };
}

test("opening now publishes the adoption and the opening as acts 1 and 2, and gives the charter its name", async () => {
  const { charterId, versionId } = await openedVersion(world);
  const acts = await world.store.db.actPublication.findMany({
    where: { charterId },
    orderBy: { number: "asc" },
    include: { act: { select: { kind: true } } },
  });
  expect(acts.map((one) => [one.number, one.act.kind])).toEqual([
    [1, "adopt"],
    [2, "open"],
  ]);
  const trace = await publicTrace(charterId);
  expect(trace.charter.visibility).toBe("PUBLIC");
  expect(trace.charter.slug).toMatch(/^accord-on-fair-dealing/);
  const scopes = await world.store.db.publicRevision.findMany({ where: { scope: { contains: charterId } } });
  expect(scopes).toHaveLength(1);
  expect(versionId).toBeTruthy();
});

test("[4] under an embargo nothing of it is in the log, the numbers, the slugs or the revisions", async () => {
  const before = await world.store.db.logEntry.count();
  const { charterId, versionId, people } = await sealedVersion(2);
  const revisions = await world.store.db.publicRevision.count();
  for (const person of people) await sign(world, person, versionId);
  const trace = await publicTrace(charterId);
  expect(trace).toEqual({
    charter: { visibility: "EMBARGOED", slug: null, publishedAt: null },
    publications: 0,
    entries: before,
    size: BigInt(before),
  });
  expect(await world.store.db.publicRevision.count()).toBe(revisions);
  const named = await world.store.db.organization.count({
    where: { id: { in: people.map((one) => one.organization?.id ?? "") }, slug: { not: null } },
  });
  expect(named).toBe(0);
});

test("[4] at the instant everything appears in one transaction, once, even if two clocks tick and a process died", async () => {
  const { charterId, versionId, people, convenor } = await sealedVersion(3);
  for (const person of [convenor, ...people]) await sign(world, person, versionId);
  expect(await openDueVersions(world.store.db, world.now)).not.toContain(versionId);
  world.advance(25 * hourMs);
  // A process that dies at the instant: its transaction never commits.
  const dying = await world.store.pool.connect();
  await dying.query("BEGIN");
  await dying.query("UPDATE charter_version SET state = 'OPEN' WHERE id = $1", [versionId]);
  await dying.query("ROLLBACK");
  dying.release();
  const other = openStore(world.database.url, 3);
  const opened = await Promise.all([
    openDueVersions(world.store.db, world.now),
    openDueVersions(other.db, world.now),
    openDueVersions(other.db, world.now),
  ]);
  await other.close();
  expect(opened.flat().filter((id) => id === versionId)).toHaveLength(1);
  expect(await openDueVersions(world.store.db, world.now)).toEqual([]);
  const acts = await world.store.db.actPublication.findMany({
    where: { charterId },
    orderBy: { number: "asc" },
    include: { act: { select: { kind: true, payload: true } } },
  });
  expect(acts.map((one) => one.act.kind)).toEqual(["adopt", "open", "sign", "sign", "sign", "sign", "effect"]);
  expect(acts.map((one) => one.number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(new Set(acts.map((one) => one.publishedAt.getTime()))).toEqual(new Set([world.now.getTime()]));
  const initial = await world.store.db.signature.findMany({ where: { versionId } });
  expect(initial.every((one) => one.status === "EFFECTIVE" && one.initial)).toBe(true);
});

test("[5] one of the sealed pulls out: no public trace of it, and the others are untouched", async () => {
  const { charterId, versionId, people } = await sealedVersion(3);
  for (const person of people) await sign(world, person, versionId);
  const [leaver, ...others] = people;
  if (!leaver) throw new Error("nobody signed");
  const { preparedId, code } = await prepareByCode(world, leaver, { versionId, action: "retract" });
  const { actId } = await retractSignature(world.as(leaver), { preparedId, evidence: { class: "B", code } });
  // What leaves no trace is not promised to be published either.
  expect(await world.store.db.countersignature.findUnique({ where: { actId } })).toBeNull();
  world.advance(25 * hourMs);
  await openDueVersions(world.store.db, world.now);
  const signs = await world.store.db.act.findMany({
    where: { charterId, kind: "sign", publication: { isNot: null } },
  });
  expect(signs.map((one) => one.organizationId).sort()).toEqual(others.map((one) => one.organization?.id).sort());
  const entries = await world.store.db.logEntry.findMany();
  const named = entries.filter((row) => new TextDecoder().decode(row.entry).includes(leaver.organization?.id ?? "?"));
  expect(named).toEqual([]);
  const slug = await world.store.db.organization.findUniqueOrThrow({ where: { id: leaver.organization?.id ?? "" } });
  expect(slug.slug).toBeNull();
});

test("[5] one who declines or says not now touches nobody else, and can still sign", async () => {
  const { versionId, people, convenor } = await sealedVersion(2);
  const [first, second] = people;
  if (!first || !second) throw new Error("nobody there");
  await sign(world, first, versionId);
  const answer = { kind: "decline" as const, privateReason: "Not our field" };
  const organizationId = second.organization?.id ?? "";
  await answerSigningInvitation(world.as(second), { versionId, organizationId, answer });
  const table = await loadSigningTable(world.as(convenor), (await loadCeremony(world.as(first), versionId)).charterId);
  expect(table.rows?.map((row) => row.state)).toEqual(["sealed", "declined"]);
  await sign(world, second, versionId);
  expect(await world.store.db.signature.count({ where: { versionId, status: "SEALED" } })).toBe(2);
});

test("an opening moved earlier returns the sealed signatures, moved later it keeps them", async () => {
  const { versionId, people, convenor } = await sealedVersion(1);
  for (const person of people) await sign(world, person, versionId);
  const at = (hours: number) => new Date(world.now.getTime() + hours * hourMs).toISOString().slice(0, 16);
  const move = (hours: number) =>
    changeOpening(world.as(convenor), { versionId, opening: { kind: "at", wallTime: at(hours), zone: "UTC" } });
  expect((await move(48)).returned).toBe(0);
  expect((await move(2)).returned).toBe(1);
  expect(await world.store.db.signature.count({ where: { versionId, status: "SEALED" } })).toBe(0);
});

test("a statement prepared for another instant of publication is not taken", async () => {
  const { versionId, people, convenor } = await sealedVersion(1);
  const [person] = people;
  if (!person) throw new Error("nobody there");
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  const at = new Date(world.now.getTime() + 72 * hourMs).toISOString().slice(0, 16);
  await changeOpening(world.as(convenor), { versionId, opening: { kind: "at", wallTime: at, zone: "UTC" } });
  await expect(lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } })).rejects.toMatchObject({
    code: "conflict",
  });
});

test("a cancelled opening returns what was sealed and leaves no public trace", async () => {
  const before = await world.store.db.logEntry.count();
  const { charterId, versionId, people, convenor } = await sealedVersion(1);
  for (const person of people) await sign(world, person, versionId);
  expect(await cancelOpening(world.as(convenor), versionId)).toEqual({ versionId, returned: 1 });
  expect(await publicTrace(charterId)).toMatchObject({
    charter: { visibility: "PRIVATE", slug: null },
    publications: 0,
    entries: before,
  });
  world.advance(48 * hourMs);
  expect(await openDueVersions(world.store.db, world.now)).not.toContain(versionId);
});

test("only the convenor and the depositary open a charter; to outsiders it does not exist", async () => {
  const { versionId } = await adoptedVersion(world);
  const outsider = await officer(world, await world.organization());
  await expect(openForSignature(world.as(outsider), { versionId, opening: { kind: "now" } })).rejects.toMatchObject({
    code: "not-found",
  });
  await expect(loadCeremony(world.as(outsider), versionId)).rejects.toMatchObject({ code: "not-found" });
});

test("an invited outsider reads and signs what is sealed", async () => {
  const { versionId, convenor } = await sealedVersion(0);
  const guest = await officer(world, await world.organization());
  await inviteToSign(world.as(convenor), { versionId, legalName: "Guest GmbH", email: guest.email, message: "" });
  expect((await loadCeremony(world.as(guest), versionId)).standing.kind).toBe("ready");
  expect((await sign(world, guest, versionId)).isSealed).toBe(true);
});

test("a closed version takes no further signatures, and those given stand", async () => {
  const { versionId, convenor } = await openedVersion(world);
  await signatory(world, versionId);
  await closeToSignature(world.as(convenor), { versionId, reason: "The period is over." });
  await expect(signatory(world, versionId)).rejects.toMatchObject({ code: "version-closed" });
  expect(await world.store.db.signature.count({ where: { versionId, status: "EFFECTIVE" } })).toBe(1);
});

test("the version takes effect at its threshold, and who signs after that joined later", async () => {
  const { versionId, charterId } = await openedVersion(world, {
    policy: { entryRule: { kind: "at-threshold", count: 2 } },
  });
  await signatory(world, versionId);
  const state = () => world.store.db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  expect((await state()).state).toBe("OPEN");
  world.advance(1000);
  await signatory(world, versionId);
  expect((await state()).state).toBe("IN_EFFECT");
  world.advance(1000);
  await signatory(world, versionId);
  const signatures = await world.store.db.signature.findMany({ where: { versionId }, orderBy: { signedAt: "asc" } });
  expect(signatures.map((one) => one.initial)).toEqual([true, true, false]);
  expect(await world.store.db.act.count({ where: { charterId, kind: "effect" } })).toBe(1);
});

test("[13] signatures stay on version 1; version 2 begins with none, and closes version 1 when it takes effect", async () => {
  const { charterId, versionId, convenor } = await openedVersion(world);
  const person = await signatory(world, versionId);
  world.advance(hourMs);
  await startNewVersion(world.as(convenor), { charterId });
  const second = await adoptDraft(world, charterId, convenor);
  await openForSignature(world.as(convenor), { versionId: second, opening: { kind: "now" } });
  const states = async () => {
    const rows = await world.store.db.charterVersion.findMany({ where: { charterId }, orderBy: { number: "asc" } });
    return rows.map((one) => one.state);
  };
  expect(await states()).toEqual(["IN_EFFECT", "OPEN"]);
  expect(await world.store.db.signature.count({ where: { versionId: second } })).toBe(0);
  const ceremony = await loadCeremony(world.as(person), second);
  expect(ceremony.since?.number).toBe(1);
  expect(ceremony.standing.kind).toBe("ready");
  await signatory(world, second);
  expect(await states()).toEqual(["SUPERSEDED", "IN_EFFECT"]);
  expect(await world.store.db.signature.count({ where: { versionId, status: "EFFECTIVE" } })).toBe(1);
  await expect(signatory(world, versionId)).rejects.toMatchObject({ code: "version-closed" });
  const last = await world.store.db.logEntry.findFirstOrThrow({ orderBy: { index: "desc" } });
  expect(parseEntry(last.entry)).toMatchObject({ type: "version", action: "superseded", version: 1 });
});
