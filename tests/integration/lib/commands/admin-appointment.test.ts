import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appointAdmin } from "#lib/commands/appoint-admin.ts";
import { changeMemberRoles } from "#lib/commands/change-member-roles.ts";
import { endMembership } from "#lib/commands/end-membership.ts";
import { erasePerson } from "#lib/commands/erase-person.ts";
import { settleAppointments } from "#lib/commands/settle-appointments.ts";
import { stopAppointment } from "#lib/commands/stop-appointment.ts";
import { addMember } from "#lib/data/memberships.ts";
import { adminRestMs } from "#lib/domain/admin-appointment.ts";
import { loadOperatorOrganization } from "#lib/queries/operator-organization.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const evidence = "The register names her as director; she called back on the number of the letterhead on 3 May.";

async function asOperator() {
  const ctx = world.as(await world.person(null));
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

/** An organization whose only admin is gone, and a member who is there. */
async function leaderless() {
  const organization = await world.organization();
  const admin = await world.person(organization, ["admin"]);
  const member = await world.person(organization, ["drafter"]);
  return { organizationId: organization.id, admin, member };
}

async function membershipOf({ userId, organization }: WorldPerson) {
  return world.store.db.membership.findFirstOrThrow({
    where: { userId, organizationId: organization?.id ?? "", endedAt: null },
  });
}

async function appoint(organizationId: string, member: WorldPerson, words = evidence) {
  const { id: membershipId } = await membershipOf(member);
  return appointAdmin(await asOperator(), { organizationId, membershipId, evidence: words });
}
const openOf = (organizationId: string) =>
  world.store.db.adminAppointment.findFirstOrThrow({ where: { organizationId, outcome: null } });
const mails = (to: string, kind: string) => world.store.db.outbox.count({ where: { to, kind } });

describe("an organization whose admin is gone gets another on evidence", () => {
  test("after a rest of seven days of which everybody concerned is told; nobody loses a role by it", async () => {
    const { organizationId, admin, member } = await leaderless();
    const { charterId, convenor } = await world.charter();
    await world.store.db.participant.create({ data: { charterId, organizationId, joinedAt: world.now } });
    await appoint(organizationId, member);
    for (const person of [admin, member, convenor]) expect(await mails(person.email, "admin-appointed")).toBe(1);
    const outside = await world.store.db.outbox.findFirstOrThrow({
      where: { to: convenor.email, kind: "admin-appointed" },
    });
    expect(JSON.stringify(outside.payload)).not.toContain(member.name);

    world.advance(adminRestMs - 1);
    await settleAppointments(world.store.db, world.now);
    expect((await membershipOf(member)).roles).toEqual(["drafter"]);
    world.advance(1);
    // Two clocks at once.
    await Promise.all([1, 2].map(() => settleAppointments(world.store.db, world.now)));
    expect([...(await membershipOf(member)).roles].sort()).toEqual(["admin", "drafter"]);
    expect((await membershipOf(admin)).roles).toEqual(["admin"]);
    expect(await mails(member.email, "admin-appointment-over")).toBe(1);
    const { appointments } = await loadOperatorOrganization(await asOperator(), organizationId);
    expect(appointments).toMatchObject([{ evidence, outcome: "done" }]);
  });

  test("not without evidence, not for strangers or admins, not twice at once, and by an operator alone", async () => {
    const { organizationId, admin, member } = await leaderless();
    const stranger = await world.person(await world.organization());
    await expect(appoint(organizationId, member, "She says so.")).rejects.toMatchObject({ code: "malformed" });
    await expect(appoint(organizationId, stranger)).rejects.toMatchObject({ code: "not-found" });
    await expect(appoint(organizationId, admin)).rejects.toMatchObject({ code: "conflict" });
    const { id: membershipId } = await membershipOf(member);
    await expect(appointAdmin(world.as(admin), { organizationId, membershipId, evidence })).rejects.toMatchObject({
      code: "not-found",
    });
    const both = await Promise.allSettled([appoint(organizationId, member), appoint(organizationId, member)]);
    expect(both.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  });

  test("an admin who is there after all stops it, and so can the operator; a member cannot", async () => {
    const { organizationId, admin, member } = await leaderless();
    await appoint(organizationId, member);
    const first = await openOf(organizationId);
    await expect(stopAppointment(world.as(member), first.id)).rejects.toMatchObject({ code: "not-permitted" });
    await expect(stopAppointment(world.as(admin), randomUUID())).rejects.toMatchObject({ code: "not-found" });
    await stopAppointment(world.as(admin), first.id);
    await expect(stopAppointment(world.as(admin), first.id)).rejects.toMatchObject({ code: "conflict" });
    await appoint(organizationId, member);
    await stopAppointment(await asOperator(), (await openOf(organizationId)).id);
    world.advance(adminRestMs);
    await settleAppointments(world.store.db, world.now);
    expect((await membershipOf(member)).roles).toEqual(["drafter"]);
  });

  test("who left before the day becomes nothing, and what was noted about them goes with them", async () => {
    const { organizationId, admin, member } = await leaderless();
    await appoint(organizationId, member);
    await erasePerson(world.as(member), member.email);
    expect(await world.store.db.adminAppointment.count({ where: { organizationId, outcome: null } })).toBe(0);
    world.advance(adminRestMs);
    await settleAppointments(world.store.db, world.now);
    const row = await world.store.db.adminAppointment.findFirstOrThrow({ where: { organizationId } });
    expect(row).toMatchObject({ outcome: "lapsed", evidence: "" });
    const told = await world.store.db.outbox.findMany({ where: { to: admin.email, kind: "admin-appointment-over" } });
    expect(told.map(({ payload }) => JSON.stringify(payload))).toEqual([
      expect.stringContaining("gets no other admin"),
    ]);
    expect(JSON.stringify(told)).not.toContain(member.name);
  });

  test("who was sent away and came back meanwhile does not become an admin by what was decided before", async () => {
    const { organizationId, admin, member } = await leaderless();
    await appoint(organizationId, member);
    await endMembership(world.as(admin), organizationId, (await membershipOf(member)).id);
    await addMember(world.store.db, { organizationId, userId: member.userId, roles: ["observer"], now: world.now });
    world.advance(adminRestMs);
    await settleAppointments(world.store.db, world.now);
    expect((await membershipOf(member)).roles).toEqual(["observer"]);
    expect(await mails(admin.email, "admin-appointment-over")).toBe(1);
  });

  test("an admin who is an operator too stops it as the admin; an operator's stop is on the operators' record", async () => {
    const { organizationId, admin, member } = await leaderless();
    const both = world.as(admin);
    if (both.actor.kind !== "person") throw new Error("An admin is a person.");
    await appoint(organizationId, member);
    await stopAppointment({ ...both, actor: { ...both.actor, isOperator: true } }, (await openOf(organizationId)).id);
    const [told] = await world.store.db.outbox.findMany({
      where: { to: member.email, kind: "admin-appointment-over" },
    });
    expect(JSON.stringify(told?.payload)).toContain("An admin of the organization stopped it");
    const kept = () =>
      world.store.db.operatorAction.count({ where: { kind: "stop-appointment", subject: organizationId } });
    expect(await kept()).toBe(0);
    await appoint(organizationId, member);
    await stopAppointment(await asOperator(), (await openOf(organizationId)).id);
    expect(await kept()).toBe(1);
  });
});

test("the last admin can neither leave nor drop the role; two cannot leave each other behind at once", async () => {
  const { organizationId, admin, member } = await leaderless();
  const { id } = await membershipOf(admin);
  await expect(endMembership(world.as(admin), organizationId, id)).rejects.toMatchObject({ code: "conflict" });
  await expect(changeMemberRoles(world.as(admin), organizationId, id, ["drafter"])).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("Give somebody else that role first"),
  });
  await changeMemberRoles(world.as(admin), organizationId, (await membershipOf(member)).id, ["admin"]);
  const second = { ...member };
  const leave = async (person: WorldPerson) =>
    endMembership(world.as(person), organizationId, (await membershipOf(person)).id);
  const both = await Promise.allSettled([leave(admin), leave(second)]);
  expect(both.filter((one) => one.status === "fulfilled")).toHaveLength(1);
});
