import { afterAll, beforeAll, expect, test } from "vitest";
import { openDueVersions } from "#lib/commands/open-due-versions.ts";
import { retractSignature } from "#lib/commands/retract-signature.ts";
import { parseArchive } from "#lib/ledger/archive.ts";
import { entryLines } from "#lib/ledger/charter-export.ts";
import { decodeUtf8 } from "#lib/ledger/hash.ts";
import { verifyPromiseKept } from "#lib/ledger/verify-promise.ts";
import { sealedReceiptBytes } from "#lib/queries/receipt-bytes.ts";
import { exported } from "#tests/support/exported.ts";
import { type AdoptedVersion, officer, openedVersion, prepareByCode, sign } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

const dayMs = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A charter under embargo for a day, and an officer at its table who has signed. */
async function sealedSignature() {
  const wallTime = new Date(world.now.getTime() + dayMs).toISOString().slice(0, 16);
  const version = await openedVersion(world, { opening: { kind: "at", wallTime, zone: "UTC" } });
  const person = await officer(world, await world.organization());
  await world.seat(version.charterId, person);
  const { actId } = await sign(world, person, version.versionId);
  return { version, person, actId, receipt: await sealedReceiptBytes(world.as(person), actId) };
}

/** Opens it, lets two days pass and another organization sign, and holds the receipt against the export of then. */
async function judgedLater({ charterId, versionId }: AdoptedVersion, receipt: Uint8Array, retracted?: Uint8Array) {
  world.advance(dayMs);
  await openDueVersions(world.store.db, world.now);
  world.advance(2 * dayMs);
  const other: WorldPerson = await officer(world, await world.organization());
  await sign(world, other, versionId);
  const { bytes } = await exported(world, charterId);
  const files = parseArchive(bytes);
  const read = (name: string) => files.get(name) ?? new Uint8Array();
  const log = { entries: entryLines(read("log/entries")), checkpoint: decodeUtf8(read("log/checkpoint")) };
  return verifyPromiseKept(receipt, log, null, retracted ?? null);
}

test("[4] what the keeper promised under seal is found in the log, and nobody else holds the promise", async () => {
  const { version, receipt, actId } = await sealedSignature();
  await expect(sealedReceiptBytes(world.as(version.convenor), actId)).rejects.toMatchObject({ code: "not-found" });
  await expect(judgedLater(version, receipt)).resolves.toMatchObject({ exit: 0 });
});

test("[4] a signature that an operator drops before the opening is proved missing by its sealed receipt", async () => {
  const { version, receipt, actId } = await sealedSignature();
  await world.store.db.signature.update({ where: { signActId: actId }, data: { status: "RETURNED" } });
  const { exit, sentence } = await judgedLater(version, receipt);
  expect([exit, sentence]).toEqual([6, expect.stringMatching(/^Omitted: the keeper promised/)]);
});

test("who pulled out can not claim an omission: the signed pulling-out is kept and answers it", async () => {
  const { version, person, receipt } = await sealedSignature();
  const input = { versionId: version.versionId, action: "retract" as const };
  const { preparedId, code } = await prepareByCode(world, person, input);
  const { actId } = await retractSignature(world.as(person), { preparedId, evidence: { class: "B", code } });
  const retracted = await sealedReceiptBytes(world.as(person), actId);
  await expect(judgedLater(version, receipt, retracted)).resolves.toMatchObject({ exit: 4 });
});
