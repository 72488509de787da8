import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { endorseCorrection } from "#lib/commands/endorse-correction.ts";
import { objectToCorrection } from "#lib/commands/object-to-correction.ts";
import { proposeCorrection } from "#lib/commands/propose-correction.ts";
import { publishDueCorrections } from "#lib/commands/publish-corrections.ts";
import { takeBackCorrection } from "#lib/commands/take-back-correction.ts";
import { withholdClause } from "#lib/commands/withhold-clause.ts";
import type { Context } from "#lib/data/context.ts";
import { parseArchive } from "#lib/ledger/archive.ts";
import { encodeHex, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { parseReceipt } from "#lib/ledger/receipt.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { loadCeremony, loadSignedBytes } from "#lib/queries/ceremony.ts";
import { loadOrganizationRecord } from "#lib/queries/organization-record.ts";
import { loadPublicClause } from "#lib/queries/public-clause.ts";
import { loadPublicCorrections } from "#lib/queries/public-corrections.ts";
import { loadLogBlob } from "#lib/queries/public-log.ts";
import { loadPublicNotifications } from "#lib/queries/public-notifications.ts";
import { loadPublicSignatories } from "#lib/queries/public-signatories.ts";
import { loadPublicVersion } from "#lib/queries/public-version.ts";
import { loadReceipt } from "#lib/queries/receipt.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";
import { exported } from "#tests/support/exported.ts";
import { type AdoptedVersion, officer, openedVersion, prepareByCode, sign } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

const dayMs = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function opened(): Promise<AdoptedVersion & { slug: string; clauseId: string; words: string }> {
  const version = await openedVersion(world);
  const { slug } = await world.store.db.charter.findUniqueOrThrow({ where: { id: version.charterId } });
  const { clauses } = await loadPublicVersion(world.as(null), slug ?? "");
  const clause = clauses.find((one) => one.body.some((block) => block.text.length > 10));
  const words = clause?.body.find((block) => block.text.length > 10)?.text ?? "";
  return { ...version, slug: slug ?? "", clauseId: clause?.id ?? "", words };
}

const reason = "A word was left out when the text was typed.";
const propose = (version: Awaited<ReturnType<typeof opened>>, ctx = world.as(version.convenor)) =>
  proposeCorrection(ctx, {
    versionId: version.versionId,
    replacements: [{ clauseId: version.clauseId, wrong: version.words, right: `${version.words} Always.` }],
    reason,
  });
const kinds = async (slug: string) =>
  (await loadPublicNotifications(world.as(null), slug, {})).notifications.toReversed().map(({ kind }) => kind);

/** One more organization that signed. */
async function another({ versionId }: AdoptedVersion): Promise<WorldPerson> {
  const person = await officer(world, await world.organization());
  await sign(world, person, versionId);
  return person;
}

async function operator(): Promise<Context> {
  const ctx = world.as(await world.person(null));
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

describe("a manifest error in a text that was signed", () => {
  test("is corrected in a copy with a hash of its own once nobody objected in time; signatures stay on the text that was signed", async () => {
    const version = await opened();
    const signer = await officer(world, await world.organization("Selkie Net"));
    const { actId } = await sign(world, signer, version.versionId);
    await expect(propose(version, world.as(signer))).rejects.toMatchObject({ code: "not-found" });
    const { objectsUntil } = await propose(version);
    await expect(propose(version)).rejects.toMatchObject({ code: "conflict" });
    expect(objectsUntil.getTime() - world.now.getTime()).toBe(14 * dayMs);
    const told = await world.store.db.outbox.findMany({ where: { kind: "correction-proposed", to: signer.email } });
    expect(told).toHaveLength(1);

    world.advance(14 * dayMs - 1);
    expect(await publishDueCorrections(world.store.db, world.now)).toBe(0);
    world.advance(1);
    // Two clocks at once: one of them publishes it.
    const counts = await Promise.all([1, 2].map(() => publishDueCorrections(world.store.db, world.now)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(1);

    const view = await loadPublicVersion(world.as(null), version.slug);
    expect(view.parsed.text.clauses.flatMap((clause) => clause.body).map((block) => block.text)).toContain(
      version.words,
    );
    const [correction] = (await loadPublicCorrections(world.as(null), version.slug, 1)).corrections;
    expect(correction).toMatchObject({ state: "PUBLISHED", reason });
    expect(correction?.sha256Hex).not.toBe(view.version.sha256Hex);
    expect(correction?.comparison.counts).toMatchObject({ changed: 1, added: 0, removed: 0 });
    const copy = await loadLogBlob(world.as(null), correction?.sha256Hex ?? "");
    expect(sha256Hex(copy)).toBe(correction?.sha256Hex);
    expect((await kinds(version.slug)).slice(2)).toEqual(["sign", "effect", "propose-correction", "correct"]);
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
    const verdict = verifyReceipt(await receiptBytes(world.as(signer), actId), null);
    expect(verdict.exit).toBe(5);
    expect(verdict.notes.join("\n")).toMatch(/Version 1 correction-proposed on .*\n.*Version 1 corrected on /);
    // A second one starts from the first.
    await proposeCorrection(world.as(version.convenor), {
      versionId: version.versionId,
      replacements: [{ clauseId: version.clauseId, wrong: "Always.", right: "Every time." }],
      reason,
    });
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });

  test("can be endorsed by who signed, once, with a proof of its own; the signature stays on the text that was signed", async () => {
    const version = await opened();
    const signer = await officer(world, await world.organization("Fjord Standards"));
    const { actId } = await sign(world, signer, version.versionId);
    const endorse = async (person = signer) => {
      const { preparedId, code } = await prepareByCode(world, person, {
        versionId: version.versionId,
        action: "endorse-correction",
      });
      return endorseCorrection(world.as(person), { preparedId, evidence: { class: "B", code } });
    };
    await expect(endorse()).rejects.toMatchObject({ code: "conflict" });
    await propose(version);
    await expect(endorse()).rejects.toMatchObject({ code: "conflict" });
    const proposed = await world.store.db.correction.findFirstOrThrow({ where: { versionId: version.versionId } });
    const copyHash = encodeHex(proposed.sha256);
    const textOf = (hash?: string, ctx = world.as(signer)) => loadSignedBytes(ctx, version.versionId, hash);
    await expect(textOf(copyHash)).rejects.toMatchObject({ code: "not-found" });
    expect((await loadCeremony(world.as(signer), version.versionId)).correction).toBeNull();
    world.advance(14 * dayMs);
    const late = await prepareByCode(world, signer, { versionId: version.versionId, action: "reaffirm" });
    await publishDueCorrections(world.store.db, world.now);
    // A statement for another act is not taken for an endorsement.
    await expect(
      endorseCorrection(world.as(signer), { preparedId: late.preparedId, evidence: { class: "B", code: late.code } }),
    ).rejects.toMatchObject({ code: "not-found" });
    expect((await loadReceipt(world.as(signer), actId)).correction?.comparison.counts).toMatchObject({ changed: 1 });
    // What the browser checks before the endorsement is the copy that the statement names; nothing else is given out.
    const signedHash = sha256Hex(await textOf());
    expect(signedHash).not.toBe(copyHash);
    expect(sha256Hex(await textOf(signedHash))).toBe(signedHash);
    expect(sha256Hex(await textOf(copyHash))).toBe(copyHash);
    for (const other of ["", "0".repeat(64), copyHash.toUpperCase()]) {
      await expect(textOf(other)).rejects.toMatchObject({ code: "not-found" });
    }
    await expect(textOf(copyHash, world.as(null))).rejects.toMatchObject({ code: "not-signed-in" });
    // A newcomer is told of the copy before it signs the text.
    const newcomer = await officer(world, await world.organization("Late Comers"));
    const ceremony = await loadCeremony(world.as(newcomer), version.versionId);
    expect(ceremony).toMatchObject({ sha256Hex: signedHash, correction: { counts: { changed: 1 } } });
    const organizationId = signer.organization?.id ?? "";
    expect([...(await loadOrganizationRecord(world.as(signer), organizationId)).endorsable]).toEqual([actId]);

    const stranger = await officer(world, await world.organization("Not A Signatory"));
    await expect(endorse(stranger)).rejects.toMatchObject({ code: "not-found" });
    const endorsed = await endorse();
    await expect(endorse()).rejects.toMatchObject({ code: "conflict" });
    expect((await loadOrganizationRecord(world.as(signer), organizationId)).endorsable.size).toBe(0);
    expect((await kinds(version.slug)).at(-1)).toBe("endorse-correction");
    const [correction] = (await loadPublicCorrections(world.as(null), version.slug, 1)).corrections;
    expect(correction?.endorsedBy.map(({ name }) => name)).toEqual(["Fjord Standards"]);
    const [row] = (await loadPublicSignatories(world.as(null), version.slug, { sort: "date" })).rows;
    expect(row?.periods[0]?.endorsed).toEqual([{ sha256: correction?.sha256Hex, at: world.now }]);

    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
    const proof = await receiptBytes(world.as(signer), endorsed.actId);
    expect(verifyReceipt(proof, null)).toMatchObject({
      exit: 5,
      sentence: expect.stringContaining("Fjord Standards GmbH endorsed the corrected copy of version 1"),
    });
    expect(sha256Hex(encodeJcs(parseReceipt(proof).version))).toBe(correction?.sha256Hex);
    const notes = verifyReceipt(await receiptBytes(world.as(signer), actId), null).notes.join("\n");
    expect(notes).toContain("endorse-correction, by the organization");

    // A second correction is another copy: it is endorsed by itself, and not by what was said of the first.
    await proposeCorrection(world.as(version.convenor), {
      versionId: version.versionId,
      replacements: [{ clauseId: version.clauseId, wrong: "Always.", right: "Every time." }],
      reason,
    });
    const stale = await prepareByCode(world, await another(version), {
      versionId: version.versionId,
      action: "endorse-correction",
    });
    expect(stale.statement).toContain(`version-sha256 ${correction?.sha256Hex}`);
    world.advance(14 * dayMs);
    await publishDueCorrections(world.store.db, world.now);
    await endorse();
    const [again] = (await loadPublicSignatories(world.as(null), version.slug, { sort: "date" })).rows;
    expect(again?.periods[0]?.endorsed).toHaveLength(2);
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });

  test("stays when one signatory objects; who has not signed, or comes too late, can not", async () => {
    const version = await opened();
    const signer = await officer(world, await world.organization("Kittiwake"));
    const stranger = await officer(world, await world.organization("Bystander"));
    await sign(world, signer, version.versionId);
    const { correctionId } = await propose(version);
    const objection = (person: typeof signer) =>
      objectToCorrection(world.as(person), {
        correctionId,
        organizationId: person.organization?.id ?? "",
        reason: "The word was left out on purpose.",
      });
    await expect(objection(stranger)).rejects.toMatchObject({ code: "not-permitted" });
    await objection(signer);
    await expect(objection(signer)).rejects.toMatchObject({ code: "conflict" });
    world.advance(30 * dayMs);
    await publishDueCorrections(world.store.db, world.now);
    expect((await kinds(version.slug)).at(-1)).toBe("object-correction");
    const [correction] = (await loadPublicCorrections(world.as(null), version.slug, 1)).corrections;
    expect(correction?.state).toBe("OBJECTED");
    const { correctionId: again } = await propose(version);
    world.advance(14 * dayMs);
    await expect(
      objectToCorrection(world.as(signer), {
        correctionId: again,
        organizationId: signer.organization?.id ?? "",
        reason: "Too late for this.",
      }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });

  test("is taken back by who proposed it, and by nobody else; the proposal stays in the record, and another can follow at once", async () => {
    const version = await opened();
    const signer = await officer(world, await world.organization("Petrel Radio"));
    await sign(world, signer, version.versionId);
    const { correctionId } = await propose(version);
    const takeBack = (person: WorldPerson, why = "The words were right after all.") =>
      takeBackCorrection(world.as(person), { correctionId, reason: why });
    await expect(takeBack(signer)).rejects.toMatchObject({ code: "not-found" });
    const stranger = await world.person(await world.organization());
    await expect(takeBack(stranger)).rejects.toMatchObject({ code: "not-found" });
    await expect(takeBack(version.convenor, "No.")).rejects.toMatchObject({ code: "malformed" });
    // Two presses at once, and an objection between them: the proposal ends once.
    const ends = await Promise.allSettled([
      takeBack(version.convenor),
      takeBack(version.convenor),
      objectToCorrection(world.as(signer), {
        correctionId,
        organizationId: signer.organization?.id ?? "",
        reason: "It changes the meaning.",
      }),
    ]);
    expect(ends.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect((await kinds(version.slug)).filter((kind) => kind.endsWith("-correction"))).toEqual([
      "propose-correction",
      "object-correction",
    ]);
    // What was taken back is never published, and stands in nobody's way.
    world.advance(1000);
    const second = await propose(version);
    await takeBackCorrection(world.as(version.convenor), {
      correctionId: second.correctionId,
      reason: "The words were right after all.",
    });
    const told = await world.store.db.outbox.findMany({ where: { kind: "correction-taken-back", to: signer.email } });
    expect(told.length).toBeGreaterThan(0);
    const [correction] = (await loadPublicCorrections(world.as(null), version.slug, 1)).corrections;
    expect(correction).toMatchObject({ state: "TAKEN_BACK", fell: { reason: "The words were right after all." } });
    const [last] = (await loadPublicNotifications(world.as(null), version.slug, {})).notifications;
    expect(last?.title).toBe("The correction of version 1 was taken back");
    world.advance(30 * dayMs);
    await publishDueCorrections(world.store.db, world.now);
    const [still] = (await loadPublicCorrections(world.as(null), version.slug, 1)).corrections;
    expect(still?.state).toBe("TAKEN_BACK");
    await expect(
      takeBackCorrection(world.as(version.convenor), { correctionId: second.correctionId, reason: "Once more." }),
    ).rejects.toMatchObject({ code: "conflict" });
    await propose(version);
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });

  test("can be taken back by those who keep the charter now, once who proposed it keeps it no more", async () => {
    const version = await opened();
    await sign(world, await officer(world, await world.organization()), version.versionId);
    const { correctionId } = await propose(version);
    const next = await world.organization("Next Keepers");
    const keeper = await world.person(next);
    await world.store.db.participant.create({
      data: { charterId: version.charterId, organizationId: next.id, joinedAt: world.now },
    });
    const seats = { convenorOrganizationId: next.id };
    await world.store.db.charter.update({ where: { id: version.charterId }, data: seats });
    const takeBack = () =>
      takeBackCorrection(world.as(keeper), { correctionId, reason: "It was proposed by mistake." });
    // The depositary that proposed it still keeps it.
    await expect(takeBack()).rejects.toMatchObject({ code: "not-permitted" });
    await world.store.db.charter.update({
      where: { id: version.charterId },
      data: { depositaryOrganizationId: next.id },
    });
    await takeBack();
    const [correction] = (await loadPublicCorrections(world.as(null), version.slug, 1)).corrections;
    expect(correction?.state).toBe("TAKEN_BACK");
    // Neither the log nor the notification says that who proposed it took it back, or that its successor proposed it.
    const former = version.convenor.organization?.name ?? "";
    const entries = await world.store.db.logEntry.findMany({ orderBy: { index: "desc" }, take: 1 });
    const logged = Buffer.from(entries[0]?.entry ?? []).toString();
    expect(logged).toContain(`which keeps the charter, and not by ${former}`);
    const [told] = (await loadPublicNotifications(world.as(null), version.slug, {})).notifications;
    expect(told?.text).toContain("Next Keepers");
    expect(told?.text).toContain(`now that ${former} GmbH, which had proposed it, does not`);
  });

  test.each([
    ["words the clause does not have", { wrong: "Quetzalcoatl" }, /does not have these words/],
    ["words it has more than once", { wrong: " " }, /more than once/],
    ["no change", { right: null }, /the same words/],
    ["a character that is refused", { right: "hidden\u200b" }, /200B/],
    ["a clause it does not have", { clauseId: "zzzzzzzzzzzz" }, /no such clause/],
  ])("is not guessed: %s", async (_, change, message) => {
    const version = await opened();
    const replacement = { clauseId: version.clauseId, wrong: version.words, right: "x", ...change };
    await expect(
      proposeCorrection(world.as(version.convenor), {
        versionId: version.versionId,
        replacements: [{ ...replacement, right: replacement.right ?? version.words }],
        reason,
      }),
    ).rejects.toThrow(message);
  });
});

test("a clause with personal data is published no longer: its words are gone from every public answer, its hash and every proof stay", async () => {
  const version = await opened();
  const signer = await officer(world, await world.organization("Marram"));
  const { actId } = await sign(world, signer, version.versionId);
  await propose(version);
  world.advance(14 * dayMs);
  await publishDueCorrections(world.store.db, world.now);
  const withhold = { versionId: version.versionId, clauseId: version.clauseId, reason: "It named a person." };
  await expect(withholdClause(world.as(version.convenor), withhold)).rejects.toMatchObject({ code: "not-found" });
  const whole = await loadPublicVersion(world.as(null), version.slug);
  const seen = world.as(null).now;
  world.advance(1000);
  await withholdClause({ ...(await operator()), now: world.now }, withhold);
  await expect(withholdClause(await operator(), withhold)).rejects.toMatchObject({ code: "conflict" });
  expect(world.now > seen).toBe(true);

  const after = await loadPublicVersion(world.as(null), version.slug);
  expect(after.version.sha256Hex).toBe(whole.version.sha256Hex);
  expect(after.parsed.clauseHashes).toEqual(whole.parsed.clauseHashes);
  const { bytes, verdict } = await exported(world, version.charterId);
  expect(verdict.exit).toBe(5);
  expect(verdict.sentences.join("\n")).toMatch(/withheld/);
  const public_ = [
    after,
    await loadPublicClause(world.as(null), version.slug, version.clauseId),
    await loadPublicCorrections(world.as(null), version.slug, 1),
  ];
  expect(JSON.stringify(public_)).not.toContain(version.words);
  const files = [...parseArchive(bytes).values()].map((file) => Buffer.from(file).toString());
  expect(files.join("\n")).not.toContain(version.words);
  await expect(receiptBytes(world.as(null), actId)).rejects.toMatchObject({ code: "not-available" });
  const receipt = verifyReceipt(await receiptBytes(world.as(signer), actId), null);
  expect(receipt.notes.join("\n")).toContain("A text was withheld");
  expect(encodeUtf8(version.words).length).toBeGreaterThan(10);
});
