import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnswerConvening, answerConvening } from "#lib/commands/answer-convening.ts";
import { inviteOrganization } from "#lib/commands/invite-organization.ts";
import { offerConvening } from "#lib/commands/offer-convening.ts";
import { removeParticipant } from "#lib/commands/remove-participant.ts";
import { startReview } from "#lib/commands/start-review.ts";
import { takeBackConvening } from "#lib/commands/take-back-convening.ts";
import { awaitingMe } from "#lib/queries/awaiting-me.ts";
import { charterInvitation } from "#lib/queries/charter-invitation.ts";
import { loadConvening } from "#lib/queries/convening.ts";
import { draftHistory } from "#lib/queries/draft-history.ts";
import { loadOperatorOrganization } from "#lib/queries/operator-organization.ts";
import { loadPublicCharter } from "#lib/queries/public-charter.ts";
import { adoptDraft, openedVersion } from "#tests/support/signing.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const reason = "Our secretariat closes at the end of the month.";

/** A charter with another organization at its table, which only reads so far. */
async function table() {
  const { charterId, convenor } = await world.charter();
  const next = await world.person(await world.organization());
  await sit(charterId, next);
  return { charterId, convenor, next };
}

const sit = (charterId: string, person: WorldPerson) => world.seat(charterId, person, false);

const offer = (
  { charterId, convenor, next }: Awaited<ReturnType<typeof table>>,
  change: { by?: Parameters<World["as"]>[0]; withRecord?: boolean; toId?: string; why?: string } = {},
) =>
  offerConvening(change.by === undefined ? world.as(convenor) : asOperator(change.by), {
    charterId,
    toId: change.toId ?? next.organization?.id ?? "",
    withRecord: change.withRecord ?? false,
    reason: change.why ?? reason,
  });
const answer = (person: WorldPerson, handoverId: string, words: AnswerConvening["answer"]) =>
  answerConvening(world.as(person), { handoverId, answer: words });
const run = (person: WorldPerson, charterId: string) => startReview(world.as(person), { charterId, deadline: null });

function asOperator(person: Parameters<World["as"]>[0]) {
  const ctx = world.as(person);
  return ctx.actor.kind === "person" ? { ...ctx, actor: { ...ctx.actor, isOperator: true } } : ctx;
}

async function mailsTo(person: WorldPerson, kind: string) {
  return world.store.db.outbox.count({ where: { to: person.email, kind } });
}

describe("a convenor hands its role to another organization at the table", () => {
  test("nothing changes until that one accepts; then rights and history follow at once, and everybody gets a mail", async () => {
    const at = await table();
    const third = await world.person(await world.organization());
    await sit(at.charterId, third);
    const { handoverId } = await offer(at);
    expect(await mailsTo(at.next, "convening-offered")).toBe(1);
    expect((await awaitingMe(world.as(at.next))).map((one) => one.key)).toContain(`${handoverId}-convening`);
    await expect(run(at.next, at.charterId)).rejects.toMatchObject({ code: "not-permitted" });
    await expect(answer(at.convenor, handoverId, "accept")).rejects.toMatchObject({ code: "not-found" });
    await expect(answer(third, handoverId, "accept")).rejects.toMatchObject({ code: "not-found" });
    const drafter = await world.person(at.next.organization, ["drafter"]);
    await expect(answer(drafter, handoverId, "accept")).rejects.toMatchObject({ code: "not-permitted" });

    await answer(at.next, handoverId, "accept");
    expect(await loadConvening(world.as(third), at.charterId)).toMatchObject({
      convenor: at.next.organization?.name,
      open: null,
      mayPassRecord: false,
    });
    await expect(run(at.convenor, at.charterId)).rejects.toMatchObject({ code: "not-permitted" });
    await run(at.next, at.charterId);
    for (const person of [at.convenor, at.next, third]) expect(await mailsTo(person, "convening-passed")).toBe(1);
    const { milestones } = await draftHistory(world.as(third), { charterId: at.charterId, before: null });
    expect(milestones[0]?.sentence).toContain(`to ${at.next.organization?.name}`);
    expect(milestones[0]?.sentence).toContain(reason);
    await expect(answer(at.next, handoverId, "accept")).rejects.toMatchObject({ code: "conflict" });
  });

  test("is refused in a sentence: strangers, one at a time, no reason, a table one does not sit at, a seat one does not hold", async () => {
    const at = await table();
    const stranger = await world.person(await world.organization());
    const own = at.convenor.organization?.id ?? "";
    const foreign = stranger.organization?.id ?? "";
    await expect(offer({ ...at, convenor: stranger })).rejects.toMatchObject({ code: "not-found" });
    await expect(offer({ ...at, convenor: at.next })).rejects.toMatchObject({ code: "not-permitted" });
    await expect(offer(at, { why: "" })).rejects.toMatchObject({ code: "malformed" });
    await expect(offer(at, { toId: own })).rejects.toMatchObject({ code: "conflict" });
    await expect(offer(at, { toId: foreign })).rejects.toMatchObject({ code: "conflict" });
    const offers = await Promise.allSettled([offer(at), offer(at)]);
    expect(offers.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect(offers.find((one) => one.status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  });

  test("declined or taken back, it stays where it was, and can be offered again", async () => {
    const at = await table();
    const first = await offer(at);
    await answer(at.next, first.handoverId, "decline");
    expect(await mailsTo(at.convenor, "convening-declined")).toBe(1);
    const second = await offer(at);
    await expect(takeBackConvening(world.as(at.next), second.handoverId)).rejects.toMatchObject({
      code: "not-permitted",
    });
    await takeBackConvening(world.as(at.convenor), second.handoverId);
    expect(await mailsTo(at.next, "convening-taken-back")).toBe(1);
    await expect(answer(at.next, second.handoverId, "accept")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("taken back"),
    });
    await offer(at);
    await run(at.convenor, at.charterId);
  });

  test("accepting and taking back at once leaves one of both", async () => {
    const at = await table();
    const { handoverId } = await offer(at);
    const both = await Promise.allSettled([
      answer(at.next, handoverId, "accept"),
      takeBackConvening(world.as(at.convenor), handoverId),
    ]);
    expect(both.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    const { answer: written } = await world.store.db.convenorHandover.findUniqueOrThrow({ where: { id: handoverId } });
    const charter = await world.store.db.charter.findUniqueOrThrow({ where: { id: at.charterId } });
    expect(charter.convenorOrganizationId === at.next.organization?.id).toBe(written === "accepted");
  });

  test("does not pass to an organization that left the table meanwhile", async () => {
    const at = await table();
    const { handoverId } = await offer(at);
    await removeParticipant(world.as(at.convenor), {
      charterId: at.charterId,
      organizationId: at.next.organization?.id ?? "",
    });
    // The title of a table one does not sit at is told nowhere, and a seat given back later does not revive the offer.
    expect((await awaitingMe(world.as(at.next))).map((one) => one.key)).not.toContain(`${handoverId}-convening`);
    await world.store.db.participant.updateMany({ where: { charterId: at.charterId }, data: { leftAt: null } });
    await expect(answer(at.next, handoverId, "accept")).rejects.toMatchObject({ code: "conflict" });
    expect((await awaitingMe(world.as(at.next))).map((one) => one.key)).not.toContain(`${handoverId}-convening`);
    await offer(at);
  });

  test("leaves the depositary's seat of an adopted text where it is; the public page names both", async () => {
    const { charterId, convenor } = await openedVersion(world);
    const next = await world.person(await world.organization("Harbour Office"));
    await sit(charterId, next);
    const { slug } = await world.store.db.charter.findUniqueOrThrow({ where: { id: charterId } });
    const revision = async () =>
      (await world.store.db.publicRevision.findUnique({ where: { scope: `charter:${charterId}` } }))?.revision ?? 0;
    const before = await revision();
    const first = await offer({ charterId, convenor, next });
    await answer(next, first.handoverId, "accept");
    expect(await revision()).toBeGreaterThan(before);
    expect(await loadPublicCharter(world.as(null), slug ?? "")).toMatchObject({
      convenor: { name: next.organization?.name },
      depositary: { name: convenor.organization?.name },
    });
    const back = { charterId, convenor: next, next: convenor };
    await expect(offer(back, { withRecord: true })).rejects.toMatchObject({ code: "conflict" });
    await answer(convenor, (await offer(back)).handoverId, "accept");
    // Who keeps a public record does not change by a word between two.
    expect((await loadConvening(world.as(convenor), charterId)).mayPassRecord).toBe(false);
    await expect(offer({ charterId, convenor, next }, { withRecord: true })).rejects.toThrow(/was adopted/);
  });
});

test("an invitation sent before stays the word of who convened then", async () => {
  const at = await table();
  const guest = await world.person(await world.organization());
  const { invitationId } = await inviteOrganization(world.as(at.convenor), {
    charterId: at.charterId,
    legalName: "Guest Works GmbH",
    email: guest.email,
    domain: null,
    isEditor: false,
    message: "We would like you at our table.",
  });
  world.advance(1000);
  await answer(at.next, (await offer(at)).handoverId, "accept");
  const invited = () => charterInvitation(world.as(guest), { invitationId });
  expect((await invited()).convenor).toBe(at.convenor.organization?.name);
  world.advance(1000);
  await inviteOrganization(world.as(at.next), {
    charterId: at.charterId,
    legalName: "Guest Works GmbH",
    email: guest.email,
    domain: null,
    isEditor: false,
    message: "The seat is still yours.",
  });
  expect((await invited()).convenor).toBe(at.next.organization?.name);
});

test("a depositary's seat that was offered while the text was a draft is not taken once it is adopted", async () => {
  const at = await table();
  const { handoverId } = await offer(at, { withRecord: true });
  await adoptDraft(world, at.charterId, at.convenor);
  await expect(answer(at.next, handoverId, "accept")).rejects.toThrow(/since the offer was made/);
  const charter = await world.store.db.charter.findUniqueOrThrow({ where: { id: at.charterId } });
  expect(charter.depositaryOrganizationId).toBe(at.convenor.organization?.id);
});

test("the database keeps what was offered and answered, whoever writes", async () => {
  const at = await table();
  const { handoverId: id } = await offer(at);
  const write = (columns: string) =>
    world.store.pool.query(`UPDATE convenor_handover SET ${columns} WHERE id = $1`, [id]);
  await expect(write("to_organization_id = gen_random_uuid()")).rejects.toThrow(/what it says stays/);
  await expect(write("reason = 'Another one.'")).rejects.toThrow(/what it says stays/);
  await expect(write("answer = 'perhaps', answered_at = now()")).rejects.toThrow(/convenor_handover_answers/);
  await expect(write("answer = 'declined'")).rejects.toThrow(/convenor_handover_answers/);
  await answer(at.next, id, "decline");
  await expect(write("answered_at = now()")).rejects.toThrow(/answered once/);
  await expect(write("answer = NULL, answered_at = NULL")).rejects.toThrow(/answered once/);
});

describe("an operator hands over the role of a convenor that is gone", () => {
  test("with a reason that is kept, to an organization that accepts; a convenor that is there after all takes it back", async () => {
    const at = await table();
    const robin = await world.person(null);
    const found = await loadOperatorOrganization(asOperator(robin), at.convenor.organization?.id ?? "");
    // Of a charter that is not public an operator reads no title.
    expect(found.charters).toMatchObject([
      { charterId: at.charterId, title: null, others: [{ id: at.next.organization?.id }] },
    ]);
    await expect(offer(at, { by: robin, why: " " })).rejects.toMatchObject({ code: "malformed" });
    const first = await offer(at, { by: robin });
    expect(await mailsTo(at.convenor, "convening-offered")).toBe(1);
    await takeBackConvening(world.as(at.convenor), first.handoverId);
    const second = await offer(at, { by: robin, withRecord: true });
    const kept = await world.store.db.operatorAction.findMany({
      where: { kind: "offer-convening", subject: at.charterId },
    });
    expect(kept.map((one) => one.reason)).toEqual([reason, reason]);
    await answer(at.next, second.handoverId, "accept");
    const charter = await world.store.db.charter.findUniqueOrThrow({ where: { id: at.charterId } });
    expect([charter.convenorOrganizationId, charter.depositaryOrganizationId]).toEqual([
      at.next.organization?.id,
      at.next.organization?.id,
    ]);
    const { milestones } = await draftHistory(world.as(at.next), { charterId: at.charterId, before: null });
    expect(milestones[0]?.sentence).toContain("by the operator");
    await expect(loadOperatorOrganization(world.as(robin), at.next.organization?.id ?? "")).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("an offer that a convenor left behind does not keep the role where it is; of a refusal operators hear, without a title", async () => {
    const at = await table();
    const robin = await world.person(null);
    await world.store.db.user.update({ where: { id: robin.userId }, data: { isOperator: true } });
    const left = await offer(at);
    await takeBackConvening(asOperator(robin), left.handoverId);
    for (const person of [at.convenor, at.next]) expect(await mailsTo(person, "convening-taken-back")).toBe(1);
    const kind = "take-back-convening";
    expect(await world.store.db.operatorAction.count({ where: { kind, subject: at.charterId } })).toBe(1);
    const { handoverId } = await offer(at, { by: robin });
    await answer(at.next, handoverId, "decline");
    const [told] = await world.store.db.outbox.findMany({ where: { to: robin.email, kind: "convening-declined" } });
    const { title } = await world.store.db.charter.findUniqueOrThrow({ where: { id: at.charterId } });
    expect(JSON.stringify(told?.payload)).toContain("declined to convene a charter");
    expect(JSON.stringify(told?.payload)).not.toContain(title);
  });
});
