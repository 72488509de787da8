import { afterAll, beforeAll, expect, test } from "vitest";
import { endMandate } from "#lib/commands/end-mandate.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { prepareStatement } from "#lib/commands/prepare-statement.ts";
import { openStore } from "#lib/data/store.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { AlreadySigned } from "#lib/domain/signature.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { Evidence, verifyEvidence } from "#lib/ledger/evidence.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { leafHash } from "#lib/ledger/merkle.ts";
import { statementHash } from "#lib/ledger/statement.ts";
import { officer, openedVersion, prepareByCode, sign, signatory } from "#tests/support/signing.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("a signature is one act with its statement, its evidence, its number and its log entry", async () => {
  const { versionId } = await openedVersion(world);
  const { signature } = await signatory(world, versionId);
  const act = await world.store.db.act.findUniqueOrThrow({
    where: { id: signature.actId },
    include: { evidence: true, publication: true, countersignature: true },
  });
  const payload = ActPayload.parse(act.payload);
  if (payload.kind !== "sign" || !act.evidence || !act.publication) throw new Error("not a public signature");
  expect(payload.statementSha256).toBe(statementHash(act.evidence.statement));
  expect(payload.statementSha256).toBe(encodeHex(act.evidence.statementSha256));
  expect(verifyEvidence(act.evidence.statement, Evidence.parse(act.evidence.evidence))).toBeNull();
  expect(act.countersignature?.note).toContain(payload.statementSha256);
  const row = await world.store.db.logEntry.findUniqueOrThrow({ where: { index: act.publication.logIndex ?? -1n } });
  expect(encodeHex(row.leafHash)).toBe(encodeHex(leafHash(row.entry)));
  const entry = parseEntry(row.entry);
  expect(entry).toMatchObject({ type: "act", kind: "sign", number: act.publication.number });
  expect(new TextDecoder().decode(row.entry)).not.toContain("Person");
  expect(act.publication.text).not.toContain("Person");
});

test("an officer who never gave a name is asked for it before a statement is written, because the receipt names who signed", async () => {
  const { versionId } = await openedVersion(world);
  const organization = await world.organization("Nameless Works");
  const person = await officer(world, organization, { name: "Ruth" });
  const ctx = world.as(person);
  if (ctx.actor.kind !== "person") throw new Error("not a person");
  const nameless = { ...ctx, actor: { ...ctx.actor, hasGivenName: false } };
  const input = {
    versionId,
    organizationId: organization.id,
    action: "sign",
    keyId: null,
    typedName: "Nameless Works GmbH",
  } as const;
  await expect(prepareStatement(nameless, input)).rejects.toThrow(/Give your own name/);
  expect(await world.store.db.preparedStatement.count({ where: { userId: person.userId } })).toBe(0);
  expect((await prepareStatement(ctx, input)).statement).toContain("Nameless Works");
});

test("fifty officers who sign at once for one organization make one signature and one log entry", async () => {
  const { versionId } = await openedVersion(world);
  const organization = await world.organization("Many Hands");
  const officers = await Promise.all(
    Array.from({ length: 50 }, (_, at) =>
      officer(world, organization, { name: `Officer ${at}`, isVerified: at === 0 }),
    ),
  );
  const prepared = await Promise.all(officers.map((one) => prepareByCode(world, one, { versionId })));
  const crowd = openStore(world.database.url, 20);
  const before = await world.store.db.logEntry.count();
  const results = await Promise.allSettled(
    officers.map((one, at) => {
      const { preparedId, code } = prepared[at] ?? { preparedId: "", code: "" };
      return lodgeSignature({ ...world.as(one), db: crowd.db }, { preparedId, evidence: { class: "B", code } });
    }),
  );
  await crowd.close();
  const done = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(done).toHaveLength(1);
  for (const one of results) {
    if (one.status === "fulfilled") continue;
    expect(one.reason).toBeInstanceOf(AlreadySigned);
    expect(one.reason.earlier.actId).toBe(done[0]?.actId);
  }
  expect(await world.store.db.signature.count({ where: { versionId, organizationId: organization.id } })).toBe(1);
  expect(await world.store.db.act.count({ where: { versionId, organizationId: organization.id } })).toBe(1);
  const entries = await world.store.db.logEntry.findMany({ skip: before, orderBy: { index: "asc" } });
  const kinds = entries.map((row) => parseEntry(row.entry)).map((one) => (one.type === "act" ? one.kind : one.type));
  expect(kinds.filter((kind) => kind === "sign")).toHaveLength(1);
  // They wait in a row, and no two for each other.
  const { rows } = await world.store.pool.query(
    "SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()",
  );
  expect(rows).toEqual([{ deadlocks: 0 }]);
});

test("sending the same statement again gives back the first signature", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  const lodge = () => lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  const first = await lodge();
  expect(await lodge()).toEqual(first);
  expect(await world.store.db.signature.count({ where: { versionId, organizationId: first.organizationId } })).toBe(1);
});

test("[6] who has signed can not sign again: refused, and the original time is kept", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  const at = world.now;
  world.advance(60_000);
  await expect(prepareByCode(world, person, { versionId })).rejects.toMatchObject({
    code: "already-signed",
    earlier: { actId: person.signature.actId, signedAt: at, isOwn: true },
  });
});

test("who signed in another tab is told so by the one with the older code, and not that nothing is signed", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const older = await prepareByCode(world, person, { versionId });
  const late = await prepareByCode(world, person, { versionId });
  const { actId } = await sign(world, person, versionId);
  const press = (preparedId: string, code: string) =>
    lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  const signed = { code: "already-signed", earlier: { actId, isOwn: true } };
  await expect(press(older.preparedId, older.code)).rejects.toMatchObject(signed);
  await expect(press(late.preparedId, "000000")).rejects.toMatchObject(signed);
  world.advance(11 * 60_000);
  await expect(press(late.preparedId, late.code)).rejects.toMatchObject(signed);
  // Whoever left the organization meanwhile learns nothing of its signature.
  const ctx = world.as(person);
  if (ctx.actor.kind !== "person") throw new Error("not a person");
  const gone = { ...ctx, actor: { ...ctx.actor, memberships: [] } };
  const again = lodgeSignature(gone, { preparedId: late.preparedId, evidence: { class: "B", code: late.code } });
  await expect(again).rejects.toMatchObject({ code: "expired" });
});

test("an unverified organization can not sign", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization(), { isVerified: false });
  await expect(prepareByCode(world, person, { versionId })).rejects.toMatchObject({ code: "not-verified" });
});

test("an officer without a mandate can not sign", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization(), { hasMandate: false });
  await expect(prepareByCode(world, person, { versionId })).rejects.toMatchObject({ code: "mandate-missing" });
});

test("a mandate that ends between preparing and pressing blocks the signature", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  const mandate = await world.store.db.signingMandate.findFirstOrThrow({ where: { userId: person.userId } });
  await endMandate(world.as(person), mandate.organizationId, mandate.id);
  await expect(lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } })).rejects.toMatchObject({
    code: "mandate-expired",
  });
  expect(await world.store.db.act.count({ where: { versionId, userId: person.userId } })).toBe(0);
});

test("an observer of the organization can not sign for it", async () => {
  const { versionId } = await openedVersion(world);
  const organization = await world.organization();
  const observer = await world.person(organization, ["observer"]);
  await expect(prepareByCode(world, observer, { versionId })).rejects.toMatchObject({ code: "not-permitted" });
});

test("nobody signs without typing the name of the organization", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  await expect(prepareByCode(world, person, { versionId, typedName: "myself" })).rejects.toMatchObject({
    code: "malformed",
  });
});

test("a wrong code signs nothing, and the right one still does", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  const wrong = code === "000000" ? "111111" : "000000";
  await expect(
    lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code: wrong } }),
  ).rejects.toMatchObject({ code: "wrong-code" });
  const signature = await lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  expect(signature.isSealed).toBe(false);
});

test("a statement that waited too long is not taken", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  world.advance(11 * 60_000);
  await expect(lodgeSignature(world.as(person), { preparedId, evidence: { class: "B", code } })).rejects.toMatchObject({
    code: "expired",
  });
});

test("one officer's statement can not be lodged by another", async () => {
  const { versionId } = await openedVersion(world);
  const organization = await world.organization();
  const person = await officer(world, organization);
  const colleague = await officer(world, organization);
  const { preparedId, code } = await prepareByCode(world, person, { versionId });
  await expect(
    lodgeSignature(world.as(colleague), { preparedId, evidence: { class: "B", code } }),
  ).rejects.toMatchObject({ code: "not-found" });
});

test("a version that is not open takes no signature, and a private one does not exist for outsiders", async () => {
  const { versionId } = await openedVersion(world, {
    opening: { kind: "at", wallTime: "2031-07-01T12:00", zone: "Europe/Zurich" },
  });
  const outsider = await officer(world, await world.organization());
  await expect(
    prepareStatement(world.as(outsider), {
      versionId,
      organizationId: outsider.organization?.id ?? "",
      action: "sign",
      keyId: null,
      typedName: outsider.organization?.name ?? "",
    }),
  ).rejects.toMatchObject({ code: "not-found" });
});

test("[9] acts, their evidence and the log can be neither changed nor deleted nor emptied", async () => {
  const { versionId } = await openedVersion(world);
  await signatory(world, versionId);
  for (const table of ["act", "act_publication", "act_evidence", "countersignature", "log_entry"]) {
    await expect(world.store.pool.query(`DELETE FROM ${table}`), table).rejects.toThrow("append-only");
    await expect(world.store.pool.query(`TRUNCATE ${table} CASCADE`), table).rejects.toThrow("append-only");
  }
  await expect(world.store.pool.query("UPDATE act SET payload = '{}'")).rejects.toThrow("append-only");
  await expect(world.store.pool.query("UPDATE log_entry SET entry = ''")).rejects.toThrow("append-only");
});

test("acts are numbered from 1 without gaps, and notifications by year", async () => {
  const { versionId, charterId } = await openedVersion(world);
  await signatory(world, versionId);
  await sign(world, await officer(world, await world.organization()), versionId);
  const rows = await world.store.db.actPublication.findMany({ where: { charterId }, orderBy: { number: "asc" } });
  expect(rows.map((row) => row.number)).toEqual(rows.map((_, at) => at + 1));
  expect(rows.map((row) => `${row.notificationNumber}/${row.notificationYear}`)).toEqual(
    rows.map((_, at) => `${at + 1}/2031`),
  );
});
