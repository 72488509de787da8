import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { type PrepareStatement, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import type { LodgeStatement } from "#lib/domain/lodging.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { loadReceipt } from "#lib/queries/receipt.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { createSigner, type Signer } from "#server/signer/signer.ts";
import { enrolmentCode } from "#tests/support/enrolment.ts";
import { type TestPasskey, testPasskey } from "#tests/support/passkey.ts";
import { officer, openedVersion, prepareByCode, signatory, testLogKey } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
let folder: string;
let signer: Signer;
beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), "concordat-signer-"));
  const key = { secretKey: testLogKey, publicKey: ed25519.getPublicKey(testLogKey) };
  signer = createSigner(world.store.db, { origin: "localhost/log", key, folder, isDemo: false });
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function enrol(person: WorldPerson, passkey: TestPasskey) {
  const organizationId = person.organization?.id ?? "";
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), organizationId);
  const response = passkey.register(options.challenge);
  const code = await enrolmentCode(world.as(person), organizationId, challengeId);
  return enrolSigningKey(world.as(person), { organizationId, challengeId, label: "Office key", response, ...code });
}

async function signByPasskey(person: WorldPerson, versionId: string, keyId: string, passkey: TestPasskey) {
  const statement = { typedName: person.organization?.name ?? "", statementForPublication: "We sign gladly." };
  return lodgeSignature(
    world.as(person),
    await confirmed(person, { versionId, action: "sign", keyId, ...statement }, passkey),
  );
}

async function confirmed(
  person: WorldPerson,
  input: Omit<PrepareStatement, "organizationId">,
  passkey: TestPasskey,
): Promise<LodgeStatement> {
  const organizationId = person.organization?.id ?? "";
  const prepared = await prepareStatement(world.as(person), { organizationId, ...input });
  const answer = passkey.assert(prepared.passkey?.challenge ?? "");
  return { preparedId: prepared.preparedId, evidence: { class: "A", ...answer } };
}

test("a signature by passkey gives a receipt that the offline verifier takes, from outside too", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const passkey = testPasskey();
  const { keyId } = await enrol(person, passkey);
  await signer.signGrowth();
  const { actId } = await signByPasskey(person, versionId, keyId, passkey);
  await expect(receiptBytes(world.as(person), actId)).rejects.toMatchObject({ code: "not-available" });
  await signer.signGrowth();
  const verdict = verifyReceipt(await receiptBytes(world.as(person), actId), null);
  expect(verdict.sentence).toContain("Key vouched for by the keeper");
  expect(verdict).toMatchObject({ exit: 5, act: { kind: "sign", evidenceClass: "A" } });
  const stranger = verifyReceipt(await receiptBytes(world.as(null), actId), null);
  expect(stranger.exit).toBe(5);
  expect(stranger.notes.join(" ")).toContain("not named");
});

test("a passkey that did not verify its user signs nothing", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const passkey = testPasskey("localhost", "http://localhost:3000", false);
  await expect(enrol(person, passkey)).rejects.toMatchObject({ code: "evidence-invalid" });
  expect(await world.store.db.signature.count({ where: { versionId } })).toBe(0);
});

test("another passkey than the one enrolled, and a revoked one, sign nothing", async () => {
  const { versionId } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const passkey = testPasskey();
  const { keyId } = await enrol(person, passkey);
  await expect(signByPasskey(person, versionId, keyId, testPasskey())).rejects.toMatchObject({
    code: "evidence-invalid",
  });
  await revokeSigningKey(world.as(person), keyId);
  await expect(signByPasskey(person, versionId, keyId, passkey)).rejects.toMatchObject({ code: "not-found" });
});

test("a receipt by code is recorded by the keeper, and tells of a later withdrawal", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  const { preparedId, code } = await prepareByCode(world, person, { versionId, action: "withdraw" });
  await withdrawSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  await signer.signGrowth();
  const verdict = verifyReceipt(await receiptBytes(world.as(person), person.signature.actId), null);
  expect(verdict.exit).toBe(5);
  expect(verdict.sentence).toContain("Recorded by the keeper");
  expect(verdict.notes.join(" ")).toContain("withdraw");
});

test("a withdrawal signed with a key that was not used before shows the key first, and its receipt holds it", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  const passkey = testPasskey();
  const { keyId } = await enrol(person, passkey);
  const before = await world.store.db.logEntry.count();
  const input = await confirmed(person, { versionId, action: "withdraw", keyId }, passkey);
  const { actId } = await withdrawSignature(world.as(person), input);
  const rows = await world.store.db.logEntry.findMany({ skip: before, orderBy: { index: "asc" } });
  expect(rows.map((row) => parseEntry(row.entry).type)).toEqual(["key", "act"]);
  await signer.signGrowth();
  const verdict = verifyReceipt(await receiptBytes(world.as(person), actId), null);
  expect(verdict).toMatchObject({ exit: 5, act: { kind: "withdraw", evidenceClass: "A" } });
  expect(verdict.sentence).toContain("Key vouched for by the keeper");
});

test("the receipt's page is for the people of the organization alone", async () => {
  const { versionId } = await openedVersion(world);
  const person = await signatory(world, versionId);
  const view = await loadReceipt(world.as(person), person.signature.actId);
  expect(view).toMatchObject({ evidenceClass: "B", officer: person.name, canAct: true, capacity: "General Counsel" });
  const outsider = await officer(world, await world.organization());
  await expect(loadReceipt(world.as(outsider), person.signature.actId)).rejects.toMatchObject({ code: "not-found" });
});
