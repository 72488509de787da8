import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askForReview } from "#lib/commands/ask-for-review.ts";
import { checkDomain } from "#lib/commands/check-domain.ts";
import { claimDomain } from "#lib/commands/claim-domain.ts";
import { createOrganization } from "#lib/commands/create-organization.ts";
import { decideReview } from "#lib/commands/decide-review.ts";
import { editOrganization } from "#lib/commands/edit-organization.ts";
import { releaseDomain } from "#lib/commands/release-domain.ts";
import { domainRecord } from "#lib/data/domain-proof.ts";
import { FileProblem } from "#lib/data/well-known.ts";
import { loadCharterRecord } from "#lib/queries/charter-record.ts";
import { loadOrganization } from "#lib/queries/load-organization.ts";
import { loadOperatorRecord } from "#lib/queries/operator-record.ts";
import { decide, openReview, operator } from "#tests/support/reviews.ts";
import { officer, openedVersion, sign } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const kept = { displayName: "", country: "FI", class: "company", sector: "Trade", website: "" };
const nothing = { legalName: "", displayName: "", country: "", class: "" };
const register = "Sheet 7 of the register of companies, of 3 May.";
const bank = { legalName: "Teutonia Kreditbank AG", displayName: "Teutonia Kreditbank", country: "DE", class: "state" };

async function founded(legalName: string): Promise<{ id: string; admin: WorldPerson }> {
  const newcomer = await world.person(null);
  const { organizationId: id } = await createOrganization(world.as(newcomer), { ...kept, legalName, isAnother: true });
  return { id, admin: { ...newcomer, organization: { id, name: legalName }, roles: ["admin"] } };
}

async function standing(id: string) {
  return world.store.db.organization.findUniqueOrThrow({
    where: { id },
    select: { legalName: true, displayName: true, country: true, class: true },
  });
}

describe("a verified organization", () => {
  test("cannot become another one under its verification: neither its names nor its country nor its kind change by itself", async () => {
    const legalName = "Inkwell Trading Oy";
    const { id, admin } = await founded(legalName);
    await askForReview(world.as(admin), id, register);
    await decide(world, id, "verified");
    const before = await standing(id);
    const changes = [
      { legalName: bank.legalName },
      { displayName: bank.displayName },
      { displayName: "Inkwell" },
      { country: "DE" },
      { class: "state" },
    ];
    for (const change of changes) {
      const edit = editOrganization(world.as(admin), id, { ...kept, legalName, ...change });
      await expect(edit).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("review") });
    }
    expect(await standing(id)).toEqual(before);
    await editOrganization(world.as(admin), id, { ...kept, legalName, sector: "Paper", website: "inkwell.example" });
    const view = await loadOrganization(world.as(admin), id);
    expect(view).toMatchObject({ isSettled: true, sector: "Paper", website: "https://inkwell.example" });
  });

  test("by its domain cannot either, also not while the domain is off its list", async () => {
    const { id, admin } = await founded("Blotter Papers Oy");
    const domain = "blotter-papers.example";
    const { name, value } = domainRecord(domain, id);
    const { claimId } = await claimDomain(world.as(admin), id, domain);
    const found = await checkDomain(world.as(admin), id, claimId, {
      resolveTxt: async (asked) => (asked === name ? [[value]] : []),
      nameServers: ["127.0.0.1"],
      fetchFile: async () => {
        throw new FileProblem("There is no site.", true);
      },
    });
    expect(found.state).toBe("good");
    const edit = () => editOrganization(world.as(admin), id, { ...kept, ...bank });
    await expect(edit()).rejects.toMatchObject({ code: "conflict" });
    await releaseDomain(world.as(admin), id, claimId);
    await expect(edit()).rejects.toMatchObject({ code: "conflict" });
    expect((await standing(id)).legalName).toBe("Blotter Papers Oy");
  });

  test("that has signed under seal stays who it was until the opening", async () => {
    const opening = { kind: "at", wallTime: "2031-06-03T09:00", zone: "UTC" } as const;
    const { versionId, convenor: person } = await openedVersion(world, { opening });
    await sign(world, person, versionId);
    await world.store.db.evidenceReview.deleteMany({ where: { organizationId: person.organization?.id ?? "" } });
    const edit = editOrganization(world.as(person), person.organization?.id ?? "", { ...kept, ...bank });
    await expect(edit).rejects.toMatchObject({ code: "conflict" });
  });

  test("gets the new name, country and kind when the operator has read the evidence, and not before", async () => {
    const { id, admin } = await founded("Fountain Pens Oy");
    await askForReview(world.as(admin), id, register);
    await decide(world, id, "verified");
    const wanted = { legalName: "Ballpoint Pens AB", displayName: "", country: "SE", class: "coalition" };
    await askForReview(world.as(admin), id, register, wanted);
    expect(await standing(id)).toMatchObject({ legalName: "Fountain Pens Oy", country: "FI", class: "company" });
    const review = await openReview(world, id);
    expect(review.changes.map(({ what, from, to }) => `${what}: ${from} > ${to}`)).toEqual([
      "Legal name: Fountain Pens Oy > Ballpoint Pens AB",
      "Display name: Fountain Pens Oy > Ballpoint Pens AB",
      "Country: Finland > Sweden",
      expect.stringContaining("What it is: "),
    ]);
    world.advance(1000);
    await decide(world, id, "verified");
    expect(await standing(id)).toEqual({ ...wanted, displayName: "Ballpoint Pens AB" });
    const { formerNames } = await loadOrganization(world.as(admin), id);
    expect(formerNames.map((one) => one.legalName)).toEqual(["Fountain Pens Oy"]);
  });

  test("keeps its name and its verification when the operator does not believe the new one", async () => {
    const { id, admin } = await founded("Pencil Works Oy");
    await askForReview(world.as(admin), id, register);
    await decide(world, id, "verified");
    const before = await standing(id);
    world.advance(1000);
    await askForReview(world.as(admin), id, register, bank);
    await decide(world, id, "refused", "The register has no such bank.");
    expect(await standing(id)).toEqual(before);
    expect((await loadOrganization(world.as(admin), id)).verification.state).toBe("verified");
    const mail = await world.store.db.outbox.findMany({ where: { to: admin.email, kind: "review-decided" } });
    expect(JSON.stringify(mail)).toContain("Pencil Works Oy stays as it is");
  });

  test("asks for something that it is not called already, in words that a profile may have", async () => {
    const { id, admin } = await founded("Eraser Works Oy");
    const ask = (wanted: Partial<typeof nothing>) =>
      askForReview(world.as(admin), id, register, { ...nothing, ...wanted });
    for (const wanted of [
      { legalName: "Eraser Works Oy" },
      { legalName: "Era\u202eser" },
      { country: "ZZ" },
      { class: "bank" },
    ]) {
      await expect(ask(wanted)).rejects.toMatchObject({ code: "malformed" });
    }
  });
});

describe("the operator", () => {
  test("verifies only what was read: an organization that says something else by now has to be read again", async () => {
    const { id, admin } = await founded("Ruler and Compass Oy");
    await askForReview(world.as(admin), id, register);
    const read = await openReview(world, id);
    await editOrganization(world.as(admin), id, { ...kept, ...bank });
    const ctx = await operator(world);
    for (const outcome of ["verified", "refused"] as const) {
      const decision = { reviewId: read.id, shown: read.shown, outcome, reason: "The register agrees." };
      await expect(decideReview(ctx, decision)).rejects.toMatchObject({
        code: "conflict",
        message: "The organization changed what it says since you read it; read it again.",
      });
    }
    expect((await loadOrganization(world.as(admin), id)).verification.state).toBe("unverified");
    await decide(world, id, "refused", "The register has no such bank.");
  });

  test("is shown no evidence that hides or reorders what it says", async () => {
    const { id, admin } = await founded("Sharpener Works Oy");
    for (const sign of ["\u202e", "\u2066", "\u200b", "\u0000", "\u{e0041}"]) {
      const ask = askForReview(world.as(admin), id, `See the register ${sign}at register.example.`);
      await expect(ask).rejects.toMatchObject({ code: "malformed" });
    }
    await askForReview(world.as(admin), id, "Number 12345\r\nin the register\tof companies.");
    expect((await openReview(world, id)).evidence).toBe("Number 12345\nin the register of companies.");
  });

  test("is told of every organization that the wanted name looks like, also of a younger one", async () => {
    const { id, admin } = await founded("Old Inkstand Oy");
    world.advance(1000);
    await founded("Stapler Works Oy");
    await askForReview(world.as(admin), id, register, { ...nothing, legalName: "Stapler Works Oy" });
    expect((await openReview(world, id)).lookAlikes).toEqual(["Stapler Works Oy"]);
  });
});

describe("T-homograph: the name of another", () => {
  test("is not taken by an older organization from a younger one", async () => {
    const older = await founded("Early Notebooks Oy");
    world.advance(1000);
    await founded("Later Notebooks Oy");
    const edit = editOrganization(world.as(older.admin), older.id, { ...kept, legalName: "Later Notebooks Oy" });
    await expect(edit).rejects.toMatchObject({ code: "conflict" });
  });

  test("is not spelt in the coded form of domains", async () => {
    const { id, admin } = await founded("Plain Letters Oy");
    for (const legalName of ["xn--nrthlight-66g Oy", "Bank (XN--80ak6aa92e)", "Bank/xn--a"]) {
      await expect(founded(legalName)).rejects.toMatchObject({ code: "malformed" });
      const edit = editOrganization(world.as(admin), id, {
        ...kept,
        legalName: "Plain Letters Oy",
        displayName: legalName,
      });
      await expect(edit).rejects.toMatchObject({ code: "malformed" });
    }
  });
});

test("who looks after the record finds a signature by the name it was given under, and by the name of today", async () => {
  const { versionId, charterId, convenor } = await openedVersion(world);
  const person = await officer(world, await world.organization("Quill"));
  await sign(world, person, versionId);
  const wanted = { ...nothing, legalName: "Typewriter AG", displayName: "Typewriter" };
  await askForReview(world.as(person), person.organization?.id ?? "", register, wanted);
  await decide(world, person.organization?.id ?? "", "verified");
  for (const search of ["quill", "Typewr"]) {
    const { found } = await loadCharterRecord(world.as(convenor), charterId, search);
    expect(found.map((one) => one.signedBy)).toEqual(["Quill GmbH"]);
    const record = await loadOperatorRecord(await operator(world), search);
    expect(record.found.map((one) => one.displayName)).toEqual(["Typewriter"]);
  }
  expect((await loadCharterRecord(world.as(convenor), charterId, "q%l")).found).toEqual([]);
});
