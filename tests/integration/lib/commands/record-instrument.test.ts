import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declareKeysOnly } from "#lib/commands/declare-keys-only.ts";
import { beginKeyEnrolment, enrolSigningKey } from "#lib/commands/enrol-signing-key.ts";
import { keepInstrument } from "#lib/commands/keep-instrument.ts";
import { recordInstrument } from "#lib/commands/record-instrument.ts";
import { encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { parseReceipt } from "#lib/ledger/receipt.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { listInstrumentChoices, loadInstrument } from "#lib/queries/instrument.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { createSigner, type Signer } from "#server/signer/signer.ts";
import { enrolmentCode } from "#tests/support/enrolment.ts";
import { testPasskey } from "#tests/support/passkey.ts";
import { officer, openedVersion, sign, testLogKey } from "#tests/support/signing.ts";
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

const scan = encodeUtf8("%PDF-1.7 We sign.");

async function kept(depositary: WorldPerson, versionId: string): Promise<string> {
  const given = { versionId, mediaType: "application/pdf", bytes: scan };
  return (await keepInstrument(world.as(depositary), given)).instrumentId;
}

function about(instrumentId: string, organization: WorldPerson) {
  return {
    instrumentId,
    organizationId: organization.organization?.id ?? "",
    officerName: "Ada Lindqvist",
    officerTitle: "Minister",
    receivedOn: world.now.toISOString().slice(0, 10),
  };
}

test("an instrument on paper is recorded with the hash of its scan, as the keeper's word: exit 5", async () => {
  const { versionId, charterId, convenor } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const ctx = world.as(convenor);
  const choices = await listInstrumentChoices(ctx, charterId, versionId);
  expect(choices?.map(({ id }) => id)).toContain(person.organization?.id);
  const instrumentId = await kept(convenor, versionId);
  const { actId } = await recordInstrument(ctx, about(instrumentId, person));
  expect(await recordInstrument(ctx, about(instrumentId, person))).toMatchObject({ actId });
  await signer.signGrowth();
  const bytes = await receiptBytes(world.as(person), actId);
  expect(parseReceipt(bytes)).toMatchObject({
    evidence: { class: "C", instrumentSha256: sha256Hex(scan) },
    key: null,
    officer: { name: "Ada Lindqvist" },
  });
  expect(verifyReceipt(bytes, null)).toMatchObject({
    exit: 5,
    sentence: expect.stringContaining("Recorded by the keeper, no key of the organization"),
  });
  const mail = await world.store.db.outbox.findFirstOrThrow({
    where: { to: person.email, kind: "instrument-recorded" },
  });
  expect(JSON.stringify(mail.payload)).toContain("dispute");
  await expect(sign(world, person, versionId)).rejects.toMatchObject({ code: "already-signed" });
  const again = await kept(convenor, versionId);
  await expect(recordInstrument(ctx, about(again, person))).rejects.toMatchObject({ code: "already-signed" });
});

test("only the depositary records one, and only a scan is taken for a scan", async () => {
  const { versionId } = await openedVersion(world);
  const other = await openedVersion(world);
  const person = await officer(world, await world.organization());
  await expect(kept(person, versionId)).rejects.toMatchObject({ code: "not-found" });
  const instrumentId = await kept(other.convenor, other.versionId);
  await expect(recordInstrument(world.as(person), about(instrumentId, person))).rejects.toMatchObject({
    code: "not-found",
  });
  const html = { versionId: other.versionId, mediaType: "text/html", bytes: encodeUtf8("<script>") };
  await expect(keepInstrument(world.as(other.convenor), html)).rejects.toMatchObject({ code: "malformed" });
  const disguised = { ...html, mediaType: "application/pdf" };
  await expect(keepInstrument(world.as(other.convenor), disguised)).rejects.toMatchObject({ code: "malformed" });
});

test("the scan is withheld: the organization and the depositary see it, nobody else", async () => {
  const { versionId, convenor } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const { actId } = await recordInstrument(world.as(convenor), about(await kept(convenor, versionId), person));
  for (const who of [person, convenor]) {
    expect(Buffer.from((await loadInstrument(world.as(who), actId)).bytes).toString()).toBe("%PDF-1.7 We sign.");
  }
  const stranger = await officer(world, await world.organization());
  for (const who of [stranger, null]) {
    await expect(loadInstrument(world.as(who), actId)).rejects.toMatchObject({ code: "not-found" });
  }
});

test("an organization for which only its keys count signs on no paper; nor does one that is not verified, or in the future", async () => {
  const { versionId, charterId, convenor } = await openedVersion(world);
  const person = await officer(world, await world.organization());
  const organizationId = person.organization?.id ?? "";
  const instrumentId = await kept(convenor, versionId);
  const late = { ...about(instrumentId, person), receivedOn: "2032-01-01" };
  await expect(recordInstrument(world.as(convenor), late)).rejects.toMatchObject({ code: "malformed" });
  const { challengeId, options } = await beginKeyEnrolment(world.as(person), organizationId);
  const response = testPasskey().register(options.challenge);
  const code = await enrolmentCode(world.as(person), organizationId, challengeId);
  await enrolSigningKey(world.as(person), { organizationId, challengeId, label: "Office", response, ...code });
  await declareKeysOnly(world.as(person), organizationId);
  await expect(recordInstrument(world.as(convenor), about(instrumentId, person))).rejects.toMatchObject({
    code: "evidence-invalid",
  });
  const unknown = await officer(world, await world.organization(), { isVerified: false });
  await expect(recordInstrument(world.as(convenor), about(instrumentId, unknown))).rejects.toMatchObject({
    code: "not-verified",
  });
  const choices = (await listInstrumentChoices(world.as(convenor), charterId, versionId)) ?? [];
  expect(choices.map(({ id }) => id)).not.toContain(organizationId);
});
