import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askForReview } from "#lib/commands/ask-for-review.ts";
import { declareSuccession, lapseUnclaimed } from "#lib/commands/declare-succession.ts";
import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { editOrganization } from "#lib/commands/edit-organization.ts";
import { effectWithdrawals } from "#lib/commands/effect-due.ts";
import { settleDispute } from "#lib/commands/settle-dispute.ts";
import { succeedOrganization } from "#lib/commands/succeed-organization.ts";
import { voidSignature } from "#lib/commands/void-signature.ts";
import type { Context } from "#lib/data/context.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { projectRecord } from "#lib/domain/record-projection.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { parseArchive } from "#lib/ledger/archive.ts";
import { entryLines, listSignatories } from "#lib/ledger/charter-export.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { decodeUtf8, encodeUtf8 } from "#lib/ledger/hash.ts";
import { loadCharterRecord } from "#lib/queries/charter-record.ts";
import { loadPublicCharter } from "#lib/queries/public-charter.ts";
import { loadDirectoryEntries } from "#lib/queries/public-directory.ts";
import { loadPublicNotifications } from "#lib/queries/public-notifications.ts";
import { loadPublicOrganization } from "#lib/queries/public-organization.ts";
import { loadPublicSignatories } from "#lib/queries/public-signatories.ts";
import { loadReceipt } from "#lib/queries/receipt.ts";
import { exported } from "#tests/support/exported.ts";
import { decide } from "#tests/support/reviews.ts";
import { type AdoptedVersion, officer, openedVersion, sign, verify } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

const dayMs = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function operator(): Promise<Context> {
  const ctx = world.as(await world.person(null));
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

async function slugOf(charterId: string): Promise<string> {
  return (await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId } })).slug ?? "";
}

async function listOf(charterId: string) {
  return loadPublicSignatories(world.as(null), await slugOf(charterId), { sort: "date" });
}

/** Every notification of a charter, oldest first, as number, kind and title. */
async function notified(charterId: string) {
  const { notifications } = await loadPublicNotifications(world.as(null), await slugOf(charterId), {});
  return notifications.toReversed().map(({ kind, title }) => `${kind}: ${title}`);
}

async function signed(version: AdoptedVersion, name: string): Promise<{ person: WorldPerson; signActId: string }> {
  const person = await officer(world, await world.organization(name));
  const { actId } = await sign(world, person, version.versionId);
  return { person, signActId: actId };
}

const reason = "The person who signed had left before.";

describe("[12] a signature in the wrong capacity", () => {
  test("is disputed by the organization's own word, counts for nothing, and stands again when that is settled", async () => {
    const version = await openedVersion(world, { policy: { entryRule: { kind: "at-threshold", count: 2 } } });
    const { person, signActId } = await signed(version, "Rook and Daughters");
    await disputeSignature(world.as(person), { signActId, reason });
    await expect(disputeSignature(world.as(person), { signActId, reason })).rejects.toMatchObject({ code: "conflict" });
    const another = await signed(version, "Heron Works");
    const disputed = await listOf(version.charterId);
    expect(disputed.rows.map((row) => row.status)).toEqual(["disputed", "standing"]);
    expect(disputed.rows[0]?.periods[0]?.mark).toMatchObject({ by: "organization", reason });
    const receipt = async () => (await loadReceipt(world.as(person), signActId)).listed;
    expect(await receipt()).toMatchObject({
      status: "disputed",
      mark: { kind: "disputed", by: "organization", reason },
    });
    expect(disputed.counts).toEqual({ signatories: 1, withdrawn: 0 });
    expect(disputed.charter.current.state).toBe("OPEN");
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);

    await expect(settleDispute(world.as(person), { signActId, reason })).rejects.toMatchObject({ code: "not-found" });
    await settleDispute(await operator(), { signActId, reason: "The board confirmed the signature." });
    expect((await listOf(version.charterId)).counts).toEqual({ signatories: 2, withdrawn: 0 });
    expect(await receipt()).toMatchObject({ status: "effective", mark: null });
    expect((await notified(version.charterId)).slice(2)).toEqual([
      "sign: Rook and Daughters signed version 1",
      "dispute: The signature of Rook and Daughters is disputed",
      "sign: Heron Works signed version 1",
      "dispute-settled: The signature of Rook and Daughters stands",
    ]);
    await expect(disputeSignature(world.as(person), { signActId: another.signActId, reason })).rejects.toMatchObject({
      code: "not-found",
    });
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });

  test("is void by the operator's word: off the list and the counts, and on the list of the day before; it can sign anew", async () => {
    const version = await openedVersion(world);
    const { person, signActId } = await signed(version, "Fathom Labs");
    await expect(voidSignature(world.as(person), { signActId, reason })).rejects.toMatchObject({ code: "not-found" });
    await expect(voidSignature(await operator(), { signActId, reason: "no" })).rejects.toMatchObject({
      code: "malformed",
    });
    const before = world.now.toISOString();
    const slug = await slugOf(version.charterId);
    const answered = async () => {
      const view = await loadPublicSignatories(world.as(null), slug, { sort: "date", asOf: before });
      return { view, bytes: JSON.stringify(signatoriesAnswer(view)) };
    };
    const { bytes } = await answered();
    world.advance(dayMs);
    await voidSignature(await operator(), { signActId, reason });
    // It is off the list, and its own receipt says why.
    const { listed } = await loadReceipt(world.as(person), signActId);
    expect(listed).toMatchObject({ status: "void", mark: { kind: "void", by: "operator", reason } });
    const list = await listOf(version.charterId);
    expect(list.rows).toEqual([]);
    expect(list.counts).toEqual({ signatories: 0, withdrawn: 0 });
    expect((await notified(version.charterId)).at(-1)).toBe("void: Fathom Labs was entered in error");
    const organization = await world.store.db.organization.findUniqueOrThrow({
      where: { id: person.organization?.id ?? "" },
    });
    expect(await loadPublicOrganization(world.as(null), organization.slug ?? "")).toMatchObject({
      charters: [],
      enteredInError: [{ slug }],
    });
    // Whoever asks for the list of an earlier day gets the bytes of that day; the page marks what was found since.
    const past = await answered();
    expect(past.bytes).toBe(bytes);
    expect([...past.view.voidSince]).toEqual([[signActId, world.now]]);
    // An export from before lists it as void, and is still rebuilt so.
    const { bytes: archive } = await exported(world, version.charterId);
    const files = parseArchive(archive);
    const about = decodeUtf8(files.get("export.json") ?? new Uint8Array());
    files.set("export.json", encodeUtf8(about.replace("concordat/export/v2", "concordat/export/v1")));
    const log = entryLines(files.get("log/entries") ?? new Uint8Array()).map(parseEntry);
    expect(JSON.parse(decodeUtf8(listSignatories(files, log)))).toMatchObject({
      counts: { signatories: 0, withdrawn: 0, organizations: 1 },
      signatories: [{ name: "Fathom Labs", status: "void", periods: [{ status: "void", statusBy: "operator" }] }],
    });
    const { entry } = await world.store.db.logEntry.findFirstOrThrow({ orderBy: { index: "desc" } });
    expect(JSON.parse(Buffer.from(entry).toString())).toMatchObject({
      kind: "void",
      by: "operator",
      refersTo: 3,
      reason,
    });
    await expect(voidSignature(await operator(), { signActId, reason })).rejects.toMatchObject({ code: "conflict" });
    await sign(world, person, version.versionId);
    const again = await listOf(version.charterId);
    expect(again.rows.map((row) => row.periods.map((period) => period.status))).toEqual([["effective"]]);
    expect(again.counts).toEqual({ signatories: 1, withdrawn: 0 });
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });
});

describe("the depositary of a charter judges its signatures, and nobody else's", () => {
  test("finds a defect, lets a signature stand, and enters one as void, each in its own name", async () => {
    const version = await openedVersion(world);
    const { convenor: depositary, charterId } = version;
    const [one, other] = [await signed(version, "Ostara Mills"), await signed(version, "Pell Marine")];
    await disputeSignature(world.as(depositary), { signActId: one.signActId, reason });
    const record = await loadCharterRecord(world.as(depositary), charterId, "pell");
    expect(record.disputed.map((row) => row.signedBy)).toEqual(["Ostara Mills GmbH"]);
    expect(record.found.map((row) => row.signedBy)).toEqual(["Pell Marine GmbH"]);
    await settleDispute(world.as(depositary), { signActId: one.signActId, reason: "The mandate was found." });
    await voidSignature(world.as(depositary), { signActId: other.signActId, reason });
    expect((await listOf(charterId)).rows.map((row) => row.name)).toEqual(["Ostara Mills"]);
    const acts = await world.store.db.act.findMany({
      where: { charterId, kind: { in: ["dispute", "dispute-settled", "void"] } },
      orderBy: { at: "asc" },
      select: { payload: true },
    });
    expect(acts.map(({ payload }) => ActPayload.parse(payload))).toMatchObject(Array(3).fill({ by: "depositary" }));
    expect(await world.store.db.operatorAction.count({ where: { subject: other.signActId } })).toBe(0);
    expect((await exported(world, charterId)).verdict.exit).toBe(5);
  });

  test.each<[string, (version: AdoptedVersion) => Promise<WorldPerson>, string]>([
    ["the depositary of another charter", async () => (await openedVersion(world)).convenor, "not-found"],
    [
      "somebody of the depositary who only drafts and signs",
      ({ convenor }) => world.person(convenor.organization, ["drafter", "signing-officer"]),
      "not-permitted",
    ],
  ])("%s is refused", async (_who, personOf, code) => {
    const version = await openedVersion(world);
    const { person: signer, signActId } = await signed(version, "Quay Textiles");
    const ctx = world.as(await personOf(version));
    const say = { signActId, reason };
    await expect(disputeSignature(ctx, say)).rejects.toMatchObject({ code });
    await expect(voidSignature(ctx, say)).rejects.toMatchObject({ code });
    await disputeSignature(world.as(signer), say);
    await expect(settleDispute(ctx, say)).rejects.toMatchObject({ code });
    await expect(loadCharterRecord(ctx, version.charterId, "")).rejects.toMatchObject({ code });
    expect((await listOf(version.charterId)).rows.map((row) => row.status)).toEqual(["disputed"]);
  });

  test("a convenor that appointed another depositary is refused, and the depositary is mailed of a dispute", async () => {
    const version = await openedVersion(world);
    const { convenor, charterId } = version;
    const keeper = await world.person(await world.organization("Brigg Archive"), ["admin"]);
    await world.store.db.participant.create({
      data: { charterId, organizationId: keeper.organization?.id ?? "" },
    });
    await world.store.db.charter.update({
      where: { id: charterId },
      data: { depositaryOrganizationId: keeper.organization?.id ?? "" },
    });
    const { person, signActId } = await signed(version, "Rill Optics");
    await disputeSignature(world.as(person), { signActId, reason });
    const mail = await world.store.db.outbox.findMany({ where: { kind: "signature-disputed", to: keeper.email } });
    expect(mail).toHaveLength(1);
    await expect(settleDispute(world.as(convenor), { signActId, reason })).rejects.toMatchObject({
      code: "not-permitted",
    });
    await settleDispute(world.as(keeper), { signActId, reason });
    expect((await listOf(charterId)).counts.signatories).toBe(1);
  });
});

describe("[12] an organization that is not what it was", () => {
  test("renamed, it stands under its new name, signed as before, with one notification on each charter it signed", async () => {
    const [one, other] = [await openedVersion(world), await openedVersion(world)];
    const { person } = await signed(one, "Tidewater");
    await sign(world, person, other.versionId);
    const organizationId = person.organization?.id ?? "";
    const profile = { country: "DE", class: "company", sector: "Technology", website: "", registryNote: "" };
    const highwater = { legalName: "Highwater Systems GmbH", displayName: "Highwater", country: "", class: "" };
    await askForReview(world.as(person), organizationId, "Sheet 7 of the register, of 3 May.", highwater);
    await decide(world, organizationId, "verified");
    for (const { charterId } of [one, other]) {
      expect((await listOf(charterId)).rows[0]).toMatchObject({ name: "Highwater", signedAs: "Tidewater" });
      expect((await notified(charterId)).at(-1)).toBe("rename: Tidewater GmbH is now called Highwater");
      expect((await exported(world, charterId)).verdict.exit).toBe(5);
    }
    // Saved again without a new name, nothing more is said.
    await editOrganization(world.as(person), organizationId, {
      legalName: "Highwater Systems GmbH",
      displayName: "Highwater",
      ...profile,
      sector: "Energy",
    });
    expect((await notified(one.charterId)).filter((line) => line.startsWith("rename"))).toHaveLength(1);
  });

  test("moved to another country, it stands on each list as it signed; the new one comes with its next signature", async () => {
    const [one, other] = [await openedVersion(world), await openedVersion(world)];
    const { person } = await signed(one, "Saltmarsh");
    const organizationId = person.organization?.id ?? "";
    const [asSigned] = (await listOf(one.charterId)).rows;
    const before = await notified(one.charterId);
    const moved = { legalName: "", displayName: "", country: "NZ", class: "civil-society" };
    await askForReview(world.as(person), organizationId, "Sheet 9 of the register, of 4 May.", moved);
    await decide(world, organizationId, "verified");
    await sign(world, person, other.versionId);
    expect((await listOf(one.charterId)).rows[0]).toEqual(asSigned);
    expect(await notified(one.charterId)).toEqual(before);
    expect((await listOf(other.charterId)).rows[0]).toMatchObject({ country: "NZ", class: "civil-society" });
    for (const { charterId } of [one, other]) expect((await exported(world, charterId)).verdict.exit).toBe(5);
  });

  test("merged, its signatures do not move by themselves: the successor carries each on or lets it end", async () => {
    const [one, other] = [await openedVersion(world), await openedVersion(world)];
    const { person, signActId } = await signed(one, "Larkspur");
    const second = await sign(world, person, other.versionId);
    const successor = await officer(world, await world.organization("Meadow Group"));
    await sign(world, successor, one.versionId);
    const [organizationId, successorId] = [person.organization?.id ?? "", successor.organization?.id ?? ""];
    const merger = { organizationId, successorId, ground: "merger", reason: "Register of 3 May, sheet 12." } as const;
    await expect(succeedOrganization(world.as(person), merger)).rejects.toMatchObject({ code: "not-found" });
    const ctx = await operator();
    await expect(
      succeedOrganization(ctx, { ...merger, successorId: (await world.organization()).id }),
    ).rejects.toMatchObject({ code: "not-verified" });
    await succeedOrganization(ctx, merger);
    await expect(succeedOrganization(ctx, merger)).rejects.toMatchObject({ code: "conflict" });
    await expect(
      succeedOrganization(ctx, { ...merger, organizationId: successorId, successorId: organizationId }),
    ).rejects.toMatchObject({ code: "conflict" });
    // Nothing has moved, and the predecessor acts no more.
    expect((await listOf(one.charterId)).rows.map((row) => row.name)).toEqual(["Larkspur", "Meadow Group"]);
    const third = await openedVersion(world);
    await expect(sign(world, person, third.versionId)).rejects.toMatchObject({ code: "not-verified" });

    await expect(
      declareSuccession(world.as(person), { signActId, outcome: "continues", reason: "We go on." }),
    ).rejects.toMatchObject({ code: "not-found" });
    await declareSuccession(world.as(successor), { signActId, outcome: "continues", reason: "Meadow stands by it." });
    await declareSuccession(world.as(successor), {
      signActId: second.actId,
      outcome: "ends",
      reason: "Not our field.",
    });
    const folded = await listOf(one.charterId);
    expect(folded.rows).toHaveLength(1);
    expect(folded.rows[0]).toMatchObject({ organizationId: successorId, name: "Meadow Group", signedAs: "Larkspur" });
    expect(folded.rows[0]?.periods.map((period) => period.organization.displayName)).toEqual([
      "Larkspur",
      "Meadow Group",
    ]);
    expect(folded.counts).toEqual({ signatories: 1, withdrawn: 0 });
    expect((await listOf(other.charterId)).rows.map((row) => [row.name, row.status])).toEqual([["Larkspur", "lapsed"]]);
    expect((await notified(one.charterId)).at(-1)).toBe(
      "succession: Meadow Group GmbH carries on the signature of Larkspur",
    );
    expect((await notified(other.charterId)).at(-1)).toBe("lapse: The signature of Larkspur ended");
    for (const { charterId } of [one, other]) expect((await exported(world, charterId)).verdict.exit).toBe(5);
  });

  test("what no successor takes up within ninety days ends, with its reason", async () => {
    const version = await openedVersion(world);
    const { person } = await signed(version, "Quillon");
    const successor = await officer(world, await world.organization("Quarry Union"));
    await succeedOrganization(await operator(), {
      organizationId: person.organization?.id ?? "",
      successorId: successor.organization?.id ?? "",
      ground: "legal-form",
      reason: "Register of 3 May, sheet 13.",
    });
    const due = () => lapseUnclaimed(world.store.db, world.now);
    world.advance(89 * dayMs);
    expect(await due()).toBe(0);
    world.advance(dayMs);
    expect(await due()).toBe(1);
    expect(await due()).toBe(0);
    const [row] = (await listOf(version.charterId)).rows;
    expect(row?.periods[0]?.mark).toMatchObject({ kind: "lapsed", by: "depositary" });
    expect(row?.periods[0]?.mark?.reason).toContain("within 90 days");
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });

  test("recorded twice, both records become one row with the earlier date at once, and a later successor takes that over", async () => {
    const version = await openedVersion(world);
    const first = await signed(version, "Osprey");
    world.advance(dayMs);
    const second = await signed(version, "Osprey Holding");
    const ids = [first, second].map(({ person }) => person.organization?.id ?? "");
    const duplicate = {
      organizationId: ids[0] ?? "",
      successorId: ids[1] ?? "",
      reason: "One number in the register.",
    };
    await succeedOrganization(await operator(), { ...duplicate, ground: "duplicate" });
    const merged = await listOf(version.charterId);
    expect(merged.rows).toHaveLength(1);
    expect(merged.rows[0]?.firstSignedAt).toEqual(merged.rows[0]?.periods[0]?.signedAt);
    expect(merged.counts.signatories).toBe(1);

    const heir = await officer(world, await world.organization("Condor"));
    const heirId = heir.organization?.id ?? "";
    await verify(world, { id: heirId, name: "Condor" });
    await succeedOrganization(await operator(), {
      organizationId: ids[1] ?? "",
      successorId: heirId,
      ground: "merger",
      reason: "Register of 6 May, sheet 2.",
    });
    for (const { signActId } of [first, second]) {
      await declareSuccession(world.as(heir), { signActId, outcome: "continues", reason: "Condor stands by it." });
    }
    const after = await listOf(version.charterId);
    expect(after.rows.map((row) => [row.name, row.signedAs])).toEqual([["Condor", "Osprey, Osprey Holding"]]);
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
    await declareSuccession(world.as(heir), { signActId: first.signActId, outcome: "ends", reason: "One is enough." });
    expect((await listOf(version.charterId)).counts.signatories).toBe(1);
    expect((await exported(world, version.charterId)).verdict.exit).toBe(5);
  });
});

test("the directory counts what each charter's own list counts: nobody disputed, void, lapsed or carried on is counted wrong", async () => {
  const entries = await loadDirectoryEntries(world.as(null));
  expect(entries.length).toBeGreaterThan(8);
  for (const { slug, status, signatories } of entries) {
    const { current } = await loadPublicCharter(world.as(null), slug);
    expect({ slug, status, signatories }).toEqual({ slug, status: current.status, signatories: current.signatories });
  }
});

test("where versions and signatures stand follows from acts alone: the tables say nothing that the acts do not", async () => {
  const { db } = world.store;
  const [charters, publications] = [
    await db.charter.findMany({ select: { id: true } }),
    await db.actPublication.findMany({ select: { actId: true, publishedAt: true } }),
  ];
  const publishedAt = new Map(publications.map((row) => [row.actId, row.publishedAt]));
  await effectWithdrawals(db, world.now);
  let compared = 0;
  for (const { id } of charters) {
    const acts = await db.act.findMany({ where: { charterId: id }, orderBy: { at: "asc" } });
    // Of acts at one instant, the order of the record is that of their numbers; what is private came before.
    const numbers = new Map(
      (await db.actPublication.findMany({ where: { charterId: id } })).map((row) => [row.actId, row.number]),
    );
    const inOrder = acts.toSorted(
      (left, right) =>
        left.at.getTime() - right.at.getTime() || (numbers.get(left.id) ?? 0) - (numbers.get(right.id) ?? 0),
    );
    const projection = projectRecord(
      inOrder.map((act) => ({
        actId: act.id,
        versionId: act.versionId,
        at: act.at,
        publishedAt: publishedAt.get(act.id) ?? null,
        payload: ActPayload.parse(act.payload),
      })),
      world.now,
    );
    for (const version of await db.charterVersion.findMany({ where: { charterId: id } })) {
      expect([version.id, projection.versions.get(version.id)]).toEqual([version.id, version.state]);
    }
    for (const row of await db.signature.findMany({ where: { version: { charterId: id } } })) {
      expect({ id: row.signActId, ...projection.signatures.get(row.signActId) }).toMatchObject({
        id: row.signActId,
        status: row.status,
        successorId: row.succeededBy,
      });
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(10);
});
