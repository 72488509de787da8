import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerJoinRequest } from "#lib/commands/answer-join-request.ts";
import { answerMemberInvitation } from "#lib/commands/answer-member-invitation.ts";
import { askForReview } from "#lib/commands/ask-for-review.ts";
import { askToJoin } from "#lib/commands/ask-to-join.ts";
import { changeMemberRoles } from "#lib/commands/change-member-roles.ts";
import { checkDomain } from "#lib/commands/check-domain.ts";
import { claimDomain } from "#lib/commands/claim-domain.ts";
import { createOrganization } from "#lib/commands/create-organization.ts";
import { decideReview } from "#lib/commands/decide-review.ts";
import { editOrganization } from "#lib/commands/edit-organization.ts";
import { endMandate } from "#lib/commands/end-mandate.ts";
import { endMembership } from "#lib/commands/end-membership.ts";
import { grantMandate } from "#lib/commands/grant-mandate.ts";
import { inviteMember } from "#lib/commands/invite-member.ts";
import { recheckDomains } from "#lib/commands/recheck-domains.ts";
import { releaseDomain } from "#lib/commands/release-domain.ts";
import { revokeMemberInvitation } from "#lib/commands/revoke-member-invitation.ts";
import { suspendOrganization } from "#lib/commands/suspend-organization.ts";
import { type DomainDoors, domainRecord } from "#lib/data/domain-proof.ts";
import { requireStanding } from "#lib/data/standing.ts";
import { FileProblem } from "#lib/data/well-known.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { loadMemberInvitation } from "#lib/queries/load-member-invitation.ts";
import { loadOperations } from "#lib/queries/load-operations.ts";
import { loadOrganization } from "#lib/queries/load-organization.ts";
import { decide, operator } from "#tests/support/reviews.ts";
import { createWorld, type World, type WorldOrganization, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const profile = { displayName: "", country: "PT", class: "company", sector: "Shipping", website: "" };

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "accepted",
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );
}

/** A newcomer's organization under a name of its own, and the newcomer as its admin. */
async function founded(legalName: string): Promise<{ organization: WorldOrganization; admin: WorldPerson }> {
  const newcomer = await world.person(null);
  const { organizationId } = await createOrganization(world.as(newcomer), { ...profile, legalName, isAnother: false });
  const organization = { id: organizationId, name: legalName };
  return { organization, admin: { ...newcomer, organization, roles: ["admin", "representative", "drafter"] } };
}

async function membershipOf(person: WorldPerson): Promise<string> {
  const row = await world.store.db.membership.findFirstOrThrow({ where: { userId: person.userId, endedAt: null } });
  return row.id;
}

const noRecords: DomainDoors = {
  resolveTxt: async () => [],
  nameServers: ["127.0.0.1"],
  fetchFile: async () => {
    throw new FileProblem("There is no site.", true);
  },
};
const records = (organization: WorldOrganization, domain: string): DomainDoors => {
  const { name, value } = domainRecord(domain, organization.id);
  return { ...noRecords, resolveTxt: async (asked) => (asked === name ? [[value]] : []) };
};

describe("a newcomer's organization", () => {
  test("is made with its founder as admin, who is not a signing officer by that", async () => {
    const { organization, admin } = await founded("Tagus Shipping Lda");
    const view = await loadOrganization(world.as(admin), organization.id);
    expect(view.people.map((one) => one.roles)).toEqual([["admin", "representative", "drafter"]]);
    expect(view.verification).toEqual({ state: "unverified" });
    expect(await code(requireStanding(world.store.db, admin, organization.id, world.now))).toBe("not-permitted");
  });

  test("T-homograph: a name that looks like another is only made as another one, and then needs the operator", async () => {
    const { organization } = await founded("Cormorant Lighting SA");
    for (const legalName of ["C0RMORANT Lighting S.A.", "Cormoramt Lighting SA", "Corrnorant Lighting SA"]) {
      const copycat = await world.person(null);
      const input = { ...profile, legalName, isAnother: false };
      expect(await code(createOrganization(world.as(copycat), input))).toBe("conflict");
    }
    const other = await world.person(null);
    const { organizationId } = await createOrganization(world.as(other), {
      ...profile,
      legalName: "Cormorant Lighting S A",
      isAnother: true,
    });
    const twin = { id: organizationId, name: "Cormorant Lighting S A" };
    const ctx = world.as({ ...other, organization: twin, roles: ["admin"] });
    const { claimId } = await claimDomain(ctx, twin.id, "cormorant-lighting.example");
    const resolve = records(twin, "cormorant-lighting.example");
    expect(await code(checkDomain(ctx, twin.id, claimId, resolve))).toBe("conflict");
    expect(organization.id).not.toBe(twin.id);
  });

  test("keeps its former name with its dates when it is renamed", async () => {
    const { organization, admin } = await founded("Pelican Freight Ltd");
    const from = world.now;
    world.advance(1000);
    await editOrganization(world.as(admin), organization.id, { ...profile, legalName: "Gannet Freight Ltd" });
    const view = await loadOrganization(world.as(admin), organization.id);
    expect(view.legalName).toBe("Gannet Freight Ltd");
    expect(view.formerNames).toEqual([{ legalName: "Pelican Freight Ltd", from, to: world.now }]);
  });

  test("cannot take the name of an older one by renaming", async () => {
    await founded("Albatross Marine BV");
    const { organization, admin } = await founded("Petrel Marine BV");
    const input = { ...profile, legalName: "Albatr0ss Marine BV" };
    expect(await code(editOrganization(world.as(admin), organization.id, input))).toBe("conflict");
  });
});

describe("T-idor: to people of another organization it does not exist", () => {
  test("whatever they ask for", async () => {
    const { organization, admin } = await founded("Osprey Data Oy");
    const { admin: stranger } = await founded("Kestrel Tools Oy");
    const membershipId = await membershipOf(admin);
    const id = organization.id;
    const ctx = world.as(stranger);
    const asked = [
      loadOrganization(ctx, id),
      editOrganization(ctx, id, { ...profile, legalName: "Mine Oy" }),
      inviteMember(ctx, id, { email: "x@example.org", roles: ["admin"] }),
      changeMemberRoles(ctx, id, membershipId, ["observer"]),
      endMembership(ctx, id, membershipId),
      grantMandate(ctx, id, { membershipId, title: "CEO", from: world.now, to: null, evidenceNote: "" }),
      endMandate(ctx, id, randomUUID()),
      claimDomain(ctx, id, "osprey.example"),
      checkDomain(ctx, id, randomUUID(), noRecords),
      releaseDomain(ctx, id, randomUUID()),
      askForReview(ctx, id, "We are who we are, surely."),
      revokeMemberInvitation(ctx, id, randomUUID()),
      answerJoinRequest(ctx, id, randomUUID(), ["admin"]),
      loadOperations(ctx, ""),
      decideReview(ctx, { reviewId: randomUUID(), shown: "", outcome: "verified", reason: "Because." }),
      suspendOrganization(ctx, { organizationId: id, isSuspended: true, reason: "Because." }),
    ];
    expect(new Set(await Promise.all(asked.map(code)))).toEqual(new Set(["not-found"]));
    expect(await code(loadOrganization(world.as(null), id))).toBe("not-signed-in");
  });

  test("ids of one organization do not open rows of another", async () => {
    const { organization: mine, admin } = await founded("Heron Works AS");
    const { organization: theirs, admin: other } = await founded("Bittern Works AS");
    const { claimId } = await claimDomain(world.as(other), theirs.id, "bittern.example");
    const membershipId = await membershipOf(other);
    const ctx = world.as(admin);
    expect(await code(checkDomain(ctx, mine.id, claimId, noRecords))).toBe("not-found");
    expect(await code(changeMemberRoles(ctx, mine.id, membershipId, ["observer"]))).toBe("not-found");
    expect(await code(endMembership(ctx, mine.id, membershipId))).toBe("not-found");
  });

  test("and people of its own without the role are told so", async () => {
    const { organization } = await founded("Plover Systems AB");
    const drafter = await world.person(organization, ["drafter"]);
    const input = { email: "x@example.org", roles: ["admin"] as const };
    expect(await code(inviteMember(world.as(drafter), organization.id, input))).toBe("not-permitted");
    expect((await loadOrganization(world.as(drafter), organization.id)).may.managePeople).toBe(false);
  });
});

describe("people", () => {
  test("come in by an invitation to their own address, once", async () => {
    const { organization, admin } = await founded("Sanderling Foods SpA");
    const invited = await world.person(null);
    const wrong = await world.person(null);
    const { invitationId } = await inviteMember(world.as(admin), organization.id, {
      email: invited.email.toUpperCase(),
      roles: ["drafter", "representative"],
    });
    expect(await code(loadMemberInvitation(world.as(wrong), invitationId))).toBe("not-found");
    expect(await code(answerMemberInvitation(world.as(wrong), invitationId, "accepted"))).toBe("not-found");
    expect((await loadMemberInvitation(world.as(invited), invitationId)).state).toBe("open");
    const answers = ["accepted", "declined"] as const;
    const outcomes = await Promise.all(
      answers.map((answer) => code(answerMemberInvitation(world.as(invited), invitationId, answer))),
    );
    expect(outcomes.sort()).toEqual(["accepted", "expired"]);
  });

  test("cannot use an invitation that was taken back or has run out", async () => {
    const { organization, admin } = await founded("Dunlin Energy SE");
    const invited = await world.person(null);
    const invite = () => inviteMember(world.as(admin), organization.id, { email: invited.email, roles: ["observer"] });
    const first = await invite();
    await revokeMemberInvitation(world.as(admin), organization.id, first.invitationId);
    expect(await code(answerMemberInvitation(world.as(invited), first.invitationId, "accepted"))).toBe("expired");
    const second = await invite();
    world.advance(14 * 24 * 60 * 60 * 1000);
    expect(await code(answerMemberInvitation(world.as(invited), second.invitationId, "accepted"))).toBe("expired");
  });

  test("who ask to join come in when an admin says so, with the roles the admin chose", async () => {
    const { organization, admin } = await founded("Turnstone Labs Ltd");
    const newcomer = await world.person(null);
    await askToJoin(world.as(newcomer), organization.id);
    await askToJoin(world.as(newcomer), organization.id);
    const { requests } = await loadOrganization(world.as(admin), organization.id);
    expect(requests.map((one) => one.email)).toEqual([newcomer.email]);
    await answerJoinRequest(world.as(admin), organization.id, requests[0]?.id ?? "", ["drafter"]);
    const { people } = await loadOrganization(world.as(admin), organization.id);
    expect(people.find((one) => one.userId === newcomer.userId)?.roles).toEqual(["drafter"]);
  });

  test("never leave an organization without an admin, also when two leave at once", async () => {
    const { organization, admin } = await founded("Whimbrel Media GmbH");
    const second = await world.person(organization, ["admin"]);
    const outcomes = await Promise.all([
      code(endMembership(world.as(admin), organization.id, await membershipOf(admin))),
      code(changeMemberRoles(world.as(second), organization.id, await membershipOf(second), ["drafter"])),
    ]);
    expect(outcomes.sort()).toEqual(["accepted", "conflict"]);
  });
});

describe("a signing mandate", () => {
  test("lets an officer act from its first to its last instant, and not after the admin ended it", async () => {
    const { organization, admin } = await founded("Curlew Insurance plc");
    await askForReview(world.as(admin), organization.id, "Company number 0123456 in the public register.");
    await decide(world, organization.id, "verified", "The register agrees.");
    const standing = () => code(requireStanding(world.store.db, admin, organization.id, world.now));

    const from = new Date(world.now.getTime() + 1000);
    const to = new Date(world.now.getTime() + 5000);
    await grantMandate(world.as(admin), organization.id, {
      membershipId: await membershipOf(admin),
      title: "General Counsel",
      from,
      to,
      evidenceNote: "Board resolution 7/2031",
    });
    expect(await standing()).toBe("mandate-expired");
    world.advance(1000);
    expect(await standing()).toBe("accepted");
    world.advance(4000);
    expect(await standing()).toBe("mandate-expired");

    const { mandateId } = await grantMandate(world.as(admin), organization.id, {
      membershipId: await membershipOf(admin),
      title: "General Counsel",
      from: world.now,
      to: null,
      evidenceNote: "",
    });
    expect(await standing()).toBe("accepted");
    await endMandate(world.as(admin), organization.id, mandateId);
    expect(await standing()).toBe("mandate-expired");
  });

  test("ends with the membership, and the person can no longer sign", async () => {
    const { organization, admin } = await founded("Avocet Legal LLP");
    const officer = await world.person(organization, ["observer"]);
    const membershipId = await membershipOf(officer);
    const mandate = { membershipId, title: "Partner", from: world.now, to: null, evidenceNote: "" };
    await grantMandate(world.as(admin), organization.id, mandate);
    await endMembership(world.as(admin), organization.id, membershipId);
    const view = await loadOrganization(world.as(admin), organization.id);
    expect(view.mandates.map((one) => one.state)).toEqual(["ended"]);
    expect(await code(requireStanding(world.store.db, officer, organization.id, world.now))).toBe("not-permitted");
  });
});

describe("T-domain: a domain", () => {
  test("verifies once its record is there, lapses seven days after the last good answer, and comes back", async () => {
    const { organization, admin } = await founded("Redshank Cloud OÜ");
    const ctx = () => world.as(admin);
    const state = async () => (await loadOrganization(ctx(), organization.id)).verification.state;
    const { claimId } = await claimDomain(ctx(), organization.id, "redshank.example");
    expect((await checkDomain(ctx(), organization.id, claimId, noRecords)).state).toBe("bad");
    expect(await code(checkDomain(ctx(), organization.id, claimId, noRecords))).toBe("too-many");
    expect(await state()).toBe("unverified");
    world.advance(10_000);
    const there = records(organization, "redshank.example");
    expect((await checkDomain(ctx(), organization.id, claimId, there)).state).toBe("good");
    expect(await state()).toBe("verified");

    for (let day = 0; day < 7; day += 1) {
      world.advance(24 * 60 * 60 * 1000);
      await recheckDomains(ctx(), noRecords);
      expect(await state()).toBe("verified");
    }
    world.advance(24 * 60 * 60 * 1000);
    expect(await state()).toBe("lapsed");
    await recheckDomains(ctx(), there);
    expect(await state()).toBe("verified");
  });

  test("that another organization has confirmed is never inherited", async () => {
    const { organization: first, admin: firstAdmin } = await founded("Godwit Ports NV");
    const { organization: second, admin: secondAdmin } = await founded("Sandpiper Rail NV");
    const domain = "godwit-ports.example";
    const one = await claimDomain(world.as(firstAdmin), first.id, domain);
    await checkDomain(world.as(firstAdmin), first.id, one.claimId, records(first, domain));
    const other = await claimDomain(world.as(secondAdmin), second.id, domain);
    const answer = await checkDomain(world.as(secondAdmin), second.id, other.claimId, records(second, domain));
    expect(answer.state).toBe("bad");
    expect((await loadOrganization(world.as(secondAdmin), second.id)).verification.state).toBe("unverified");
    expect((await loadOrganization(world.as(firstAdmin), first.id)).verification.state).toBe("verified");
  });
});

test("a suspended organization cannot act until that is lifted, and its admins are told why", async () => {
  const { organization, admin } = await founded("Knot Networks Srl");
  const reviewer = await operator(world);
  const suspend = (isSuspended: boolean) =>
    suspendOrganization(reviewer, { organizationId: organization.id, isSuspended, reason: "A report is looked into." });
  await suspend(true);
  expect((await loadOrganization(world.as(admin), organization.id)).verification.state).toBe("suspended");
  const mail = await world.store.db.outbox.findFirstOrThrow({ where: { to: admin.email, kind: "suspend" } });
  expect(JSON.stringify(mail.payload)).toContain("A report is looked into.");
  await suspend(false);
  expect((await loadOrganization(world.as(admin), organization.id)).verification.state).toBe("unverified");
});
