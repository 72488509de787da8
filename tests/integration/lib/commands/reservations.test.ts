import { afterAll, beforeAll, expect, test } from "vitest";
import { askToReaffirm } from "#lib/commands/ask-to-reaffirm.ts";
import { examineSignature } from "#lib/commands/examine-signature.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { narrowReservation } from "#lib/commands/narrow-reservation.ts";
import type { PrepareStatement } from "#lib/commands/prepare-statement.ts";
import { reaffirmSignature } from "#lib/commands/reaffirm-signature.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { decodeUtf8 } from "#lib/ledger/hash.ts";
import { parseStatement, textHash } from "#lib/ledger/statement.ts";
import { loadPublicClause } from "#lib/queries/public-clause.ts";
import { loadLogBlob } from "#lib/queries/public-log.ts";
import { loadPublicOrganization } from "#lib/queries/public-organization.ts";
import { loadPublicSignatories } from "#lib/queries/public-signatories.ts";
import { loadSigningTable } from "#lib/queries/signing-table.ts";
import { exported } from "#tests/support/exported.ts";
import { type AdoptedVersion, officer, openedVersion, prepareByCode, sign } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
let version: AdoptedVersion;
let clauseIds: string[];

beforeAll(async () => {
  world = await createWorld();
  version = await openedVersion(world, { policy: { reservationPolicy: "any-clause", withdrawalNoticeDays: 30 } });
  clauseIds = await clausesOf(version.versionId);
});
afterAll(() => world.close());

async function clausesOf(versionId: string): Promise<string[]> {
  const row = await world.store.db.charterVersion.findUniqueOrThrow({ where: { id: versionId } });
  return parseCanonicalVersion(row.canonical).text.clauses.map((clause) => clause.id);
}

/** Prepares and lodges by code, whatever the act is. */
async function lodge<T>(
  person: WorldPerson,
  command: (ctx: ReturnType<World["as"]>, input: Parameters<typeof lodgeSignature>[1]) => Promise<T>,
  input: Partial<PrepareStatement> = {},
): Promise<T> {
  world.advance(60_000);
  const { preparedId, code } = await prepareByCode(world, person, { versionId: version.versionId, ...input });
  return command(world.as(person), { preparedId, evidence: { class: "B", code } });
}

const reserve = (at: number, text: string) => ({ clauseId: clauseIds[at] ?? "", text });

async function reservedSignature(...reservations: { clauseId: string; text: string }[]) {
  const person = await officer(world, await world.organization());
  const { actId } = await lodge(person, lodgeSignature, {
    reservations,
    declaration: "We read “fairly” as “on time”.",
  });
  return { person, actId };
}

async function listed(person: WorldPerson) {
  const slug = (await world.store.db.charter.findUniqueOrThrow({ where: { id: version.charterId } })).slug ?? "";
  const view = await loadPublicSignatories(world.as(null), slug, { sort: "date" }, Number.POSITIVE_INFINITY);
  const answer = signatoriesAnswer(view).signatories.find((row) => row.organization === person.organization?.id);
  return { slug, period: answer?.periods.at(-1) };
}

test("a signature with reservations is on the list with its words when the depositary has found it in due form", async () => {
  const reservation = reserve(1, "We pay within sixty days. Small suppliers within thirty.");
  const { person, actId } = await reservedSignature(reservation);
  expect((await listed(person)).period).toBeUndefined();
  const table = await loadSigningTable(world.as(version.convenor), version.charterId);
  expect(table.rows?.find((row) => row.toExamine?.actId === actId)).toMatchObject({ state: "to examine" });

  await examineSignature(world.as(version.convenor), { actId, outcome: "accept" });
  await examineSignature(world.as(version.convenor), { actId, outcome: "accept" });
  const { slug, period } = await listed(person);
  expect(period).toMatchObject({
    reservations: [{ clause: reservation.clauseId, text: reservation.text }],
    declaration: "We read “fairly” as “on time”.",
  });
  const blob = await loadLogBlob(world.as(null), textHash(reservation.text));
  expect(decodeUtf8(blob)).toBe(reservation.text);
  const clause = await loadPublicClause(world.as(null), slug, reservation.clauseId);
  expect(clause.reservations).toEqual([
    expect.objectContaining({ legalName: `${person.organization?.name} GmbH`, text: reservation.text }),
  ]);
  const { slug: name } = await world.store.db.organization.findUniqueOrThrow({
    where: { id: person.organization?.id ?? "" },
  });
  const [signed] = (await loadPublicOrganization(world.as(null), name ?? "")).charters;
  expect(signed?.periods[0]?.reservations).toEqual([reservation]);
  expect(signed?.clauseNumbers.get(`1 ${reservation.clauseId}`)).toBe("1.1");
  const mails = await world.store.db.outbox.findMany({ where: { kind: "signature-examined", to: person.email } });
  expect(mails).toHaveLength(1);
});

test("a signature that the depositary returns never becomes public, and its officer is told what was wanting", async () => {
  const { person, actId } = await reservedSignature(reserve(1, "We accept nothing of it."));
  const examine = (reason: string) =>
    examineSignature(world.as(version.convenor), { actId, outcome: "return", reason });
  await expect(examine("")).rejects.toMatchObject({ code: "malformed" });
  await expect(examineSignature(world.as(person), { actId, outcome: "accept" })).rejects.toMatchObject({
    code: "not-found",
  });
  await examine("It takes back the whole text.");
  expect((await listed(person)).period).toBeUndefined();
  await expect(examineSignature(world.as(version.convenor), { actId, outcome: "accept" })).rejects.toMatchObject({
    code: "conflict",
  });
  await lodge(person, lodgeSignature);
  expect((await listed(person)).period).toMatchObject({ status: "effective" });
});

test("a clause that may not be reserved is refused in one sentence that names it", async () => {
  const whole = await openedVersion(world);
  const listedOnly = await openedVersion(world, {
    policy: { reservationPolicy: "listed-clauses", reservationClauses: ["zzzzzzzzzzzz"] },
  });
  const attempt = async (on: AdoptedVersion, clauseId?: string) => {
    const person = await officer(world, await world.organization());
    const ids = await clausesOf(on.versionId);
    return prepareByCode(world, person, {
      versionId: on.versionId,
      reservations: [{ clauseId: clauseId ?? ids[1] ?? "", text: "Not this one." }],
    });
  };
  await expect(attempt(whole)).rejects.toMatchObject({
    code: "not-permitted",
    message: expect.stringMatching(/whole/),
  });
  await expect(attempt(listedOnly)).rejects.toMatchObject({
    code: "not-permitted",
    message: expect.stringMatching(/no reservation to clause 1\.1/),
  });
  await expect(attempt(version, "aaaaaaaaaaaa")).rejects.toMatchObject({ code: "malformed" });
});

test("a reservation is narrowed by leaving something out, and never widened", async () => {
  const first = reserve(1, "We pay within sixty days. Small suppliers within thirty.");
  const second = reserve(2, "We report every second year.");
  const { person, actId } = await reservedSignature(first, second);
  await examineSignature(world.as(version.convenor), { actId, outcome: "accept" });
  const narrow = (...reservations: { clauseId: string; text: string }[]) =>
    lodge(person, narrowReservation, { action: "narrow-reservation", reservations });

  await expect(narrow(first, second)).rejects.toMatchObject({ code: "conflict" });
  await expect(narrow(first, second, reserve(3, "More."))).rejects.toMatchObject({ code: "not-permitted" });
  await expect(narrow({ ...first, text: "We pay within ninety days." })).rejects.toMatchObject({
    code: "not-permitted",
    message: expect.stringMatching(/could reserve more/),
  });
  await narrow({ ...first, text: "We pay within sixty days." });
  expect((await listed(person)).period?.reservations).toEqual([
    { clause: first.clauseId, text: "We pay within sixty days." },
  ]);
  await narrow();
  expect((await listed(person)).period).not.toHaveProperty("reservations");
  await expect(narrow()).rejects.toMatchObject({ code: "conflict" });
});

test("a re-affirmation repeats what is reserved, shows on the list, and changes nothing of the signature", async () => {
  const reservation = reserve(2, "We report every second year.");
  const { person, actId } = await reservedSignature(reservation);
  await expect(lodge(person, reaffirmSignature, { action: "reaffirm" })).rejects.toMatchObject({ code: "conflict" });
  await examineSignature(world.as(version.convenor), { actId, outcome: "accept" });
  const { actId: reaffirmed } = await lodge(person, reaffirmSignature, { action: "reaffirm" });
  const evidence = await world.store.db.actEvidence.findUniqueOrThrow({ where: { actId: reaffirmed } });
  expect(parseStatement(evidence.statement).reservations).toEqual([
    { clauseId: reservation.clauseId, sha256: textHash(reservation.text) },
  ]);
  const { period } = await listed(person);
  expect(period).toMatchObject({ status: "effective", reaffirmedAt: world.now.toISOString() });
  expect(await world.store.db.outbox.count({ where: { kind: "act-receipt", to: person.email } })).toBe(1);
  const notification = await world.store.db.actPublication.findUniqueOrThrow({ where: { actId: reaffirmed } });
  expect(notification.title).toMatch(/re-affirmed version 1/);
});

test("the reason of a withdrawal is part of what is signed", async () => {
  const person = await officer(world, await world.organization());
  await sign(world, person, version.versionId);
  const { actId } = await lodge(person, withdrawSignature, { action: "withdraw", reason: "We left the field." });
  const evidence = await world.store.db.actEvidence.findUniqueOrThrow({ where: { actId } });
  expect(parseStatement(evidence.statement).reasonSha256).toBe(textHash("We left the field."));
});

test("signatories are asked to re-affirm as often as the policy says, once each time, and stand without", async () => {
  const yearly = await openedVersion(world, { policy: { reaffirmMonths: 12 } });
  const person = await officer(world, await world.organization());
  await sign(world, person, yearly.versionId);
  const asked = async () => {
    await askToReaffirm(world.store.db, world.now);
    return world.store.db.outbox.count({ where: { kind: "reaffirmation-asked", to: person.email } });
  };
  expect(await asked()).toBe(0);
  world.advance(367 * 86_400_000);
  expect(await asked()).toBe(1);
  expect(await asked()).toBe(1);
  const input = { versionId: yearly.versionId, action: "reaffirm" as const };
  const { preparedId, code } = await prepareByCode(world, person, input);
  await reaffirmSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  world.advance(360 * 86_400_000);
  expect(await asked()).toBe(1);
  world.advance(10 * 86_400_000);
  expect(await asked()).toBe(2);
  const signature = await world.store.db.signature.findFirstOrThrow({ where: { versionId: yearly.versionId } });
  expect(signature.status).toBe("EFFECTIVE");
});

test("an export with reservations, narrowings and a declaration rebuilds the list to the byte", async () => {
  expect((await exported(world, version.charterId)).verdict).toMatchObject({
    exit: 5,
    sentences: [expect.stringMatching(/follows from the log, to the byte/), expect.anything(), expect.anything()],
  });
});
