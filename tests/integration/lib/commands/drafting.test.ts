import { afterAll, beforeAll, expect, test } from "vitest";
import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
import { answerCharterInvitation } from "#lib/commands/answer-charter-invitation.ts";
import { backToDrafting } from "#lib/commands/back-to-drafting.ts";
import { changeSetup } from "#lib/commands/change-setup.ts";
import { createCharter } from "#lib/commands/create-charter.ts";
import { fixPolicyAndOpenDrafting } from "#lib/commands/fix-policy-and-open-drafting.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteOrganization } from "#lib/commands/invite-organization.ts";
import { keepPrivateDraft } from "#lib/commands/keep-private-draft.ts";
import { markLooked } from "#lib/commands/mark-looked.ts";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { removeParticipant } from "#lib/commands/remove-participant.ts";
import { removePrivateDraft } from "#lib/commands/remove-private-draft.ts";
import { restoreClause } from "#lib/commands/restore-clause.ts";
import { startReview } from "#lib/commands/start-review.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import { defaultPolicy } from "#lib/domain/policy.ts";
import { charterDashboard } from "#lib/queries/charter-dashboard.ts";
import { charterInvitation } from "#lib/queries/charter-invitation.ts";
import { charterPolicy } from "#lib/queries/charter-policy.ts";
import { clauseHistory } from "#lib/queries/clause-history.ts";
import { compareDrafts } from "#lib/queries/compare-drafts.ts";
import { draftEditorView } from "#lib/queries/draft-editor-view.ts";
import { draftHistory } from "#lib/queries/draft-history.ts";
import { myCharters } from "#lib/queries/my-charters.ts";
import { clauseAt, deleteClause, draftText, referTo, rewordClause } from "#tests/support/drafts.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("a charter made from the multi-party accord begins with its whole text, and every clause has its first revision", async () => {
  const { charterId, convenor } = await world.charter({ template: "multi-party-accord" });
  const text = await draftText(world, charterId);
  expect(text.title).toBe("Accord on Responsible Conduct in Digital Services");
  const { changes } = await draftHistory(world.as(convenor), { charterId, before: null });
  expect(changes).toHaveLength(text.clauses.length);
  expect(changes[0]).toMatchObject({ kind: "added", authors: [{ organization: convenor.organization?.name }] });
});

test("the policy never changes after drafting opened, neither by a command nor by a hand on the table", async () => {
  const { charterId, convenor } = await world.charter({ isSetup: true });
  const setup = { charterId, purpose: "", displayType: "Accord" };
  await changeSetup(world.as(convenor), { ...setup, policy: { ...defaultPolicy, adoptionRule: "unanimity" } });
  await fixPolicyAndOpenDrafting(world.as(convenor), { charterId });
  const again = changeSetup(world.as(convenor), { ...setup, policy: defaultPolicy });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
  const byHand = world.store.db.charter.update({ where: { id: charterId }, data: { policy: defaultPolicy } });
  await expect(byHand).rejects.toThrow();
  const view = await charterPolicy(world.as(convenor), { charterId });
  expect(view.policy.adoptionRule).toBe("unanimity");
});

test("nobody edits before the policy is fixed and acknowledged", async () => {
  const { charterId, convenor } = await world.charter({ isSetup: true });
  await expect(acknowledgePolicy(world.as(convenor), { charterId })).rejects.toMatchObject({ code: "not-drafting" });
  const drafter = await world.person(convenor.organization, ["drafter"]);
  await fixPolicyAndOpenDrafting(world.as(convenor), { charterId });
  expect(await draftEditorView(world.as(convenor), { charterId })).toMatchObject({ mode: "write", reason: null });
  expect(await draftEditorView(world.as(drafter), { charterId })).toMatchObject({
    mode: "read",
    reason: "not-acknowledged",
  });
  await acknowledgePolicy(world.as(drafter), { charterId });
  expect(await draftEditorView(world.as(drafter), { charterId })).toMatchObject({ mode: "write" });
});

test.each([
  [
    "a value that is not carried yet",
    "multi-party-accord",
    { visibility: "circulated-drafts-public" },
    "not-available",
  ],
  ["a joint statement open for later signature", "joint-statement", { joinPolicy: "open" }, "conflict"],
  ["a date in the past", "multi-party-accord", { entryRule: { kind: "at-date", date: "2020-01-01" } }, "conflict"],
] as const)("%s cannot be chosen", async (_name, template, policy, code) => {
  const person = await world.person(await world.organization());
  const organizationId = person.organization?.id ?? "";
  const attempt = createCharter(world.as(person), {
    organizationId,
    template,
    markdown: null,
    title: "",
    purpose: "",
    displayType: "Charter",
    language: "en",
    policy: { ...defaultPolicy, ...policy },
  });
  await expect(attempt).rejects.toMatchObject({ code });
});

test("an invited organization takes its seat by the answer of its contact, once, and by nobody else's", async () => {
  const { charterId, convenor } = await world.charter();
  const guest = await world.person(await world.organization("Guest Works"));
  const { invitationId } = await inviteOrganization(world.as(convenor), {
    charterId,
    legalName: "Guest Works GmbH",
    email: guest.email,
    domain: "example.org",
    isEditor: true,
    message: "Please join us.",
  });
  expect(await world.store.db.outbox.count({ where: { to: guest.email, kind: "charter-invitation" } })).toBe(1);
  const stranger = await world.person(await world.organization());
  await expect(charterInvitation(world.as(stranger), { invitationId })).rejects.toMatchObject({ code: "not-found" });
  const answer = { invitationId, answer: "accept", organizationId: guest.organization?.id ?? "" } as const;
  await expect(answerCharterInvitation(world.as(stranger), answer)).rejects.toMatchObject({ code: "not-found" });

  const seen = await charterInvitation(world.as(guest), { invitationId });
  expect(seen).toMatchObject({ state: "open", convenor: convenor.organization?.name });
  expect((await myCharters(world.as(guest))).invitations).toHaveLength(1);
  await expect(charterDashboard(world.as(guest), { charterId })).rejects.toMatchObject({ code: "not-found" });
  await answerCharterInvitation(world.as(guest), answer);
  await answerCharterInvitation(world.as(guest), answer);
  const { participants } = await charterDashboard(world.as(guest), { charterId });
  expect(participants.map((one) => one.name)).toEqual([convenor.organization?.name, "Guest Works"]);
  expect((await myCharters(world.as(guest))).charters[0]).toMatchObject({ charterId, asked: "acknowledge" });
});

test("an organization that lost its seat no longer sees the draft, and its people may still keep their own words", async () => {
  const guest = await world.person(await world.organization());
  const { charterId, convenor } = await world.charter({ participants: [guest] });
  const clause = await clauseAt(world, charterId, "1.1");
  await rewordClause(world, charterId, guest, clause.id, "Signatories pay fairly, in money.");
  await removeParticipant(world.as(convenor), { charterId, organizationId: guest.organization?.id ?? "" });
  await expect(charterDashboard(world.as(guest), { charterId })).rejects.toMatchObject({ code: "not-found" });
  const kept = { charterId, clauseId: clause.id, text: "my own words", reason: "lost seat" };
  const first = await keepPrivateDraft(world.as(guest), kept);
  expect(await keepPrivateDraft(world.as(guest), kept)).toEqual(first);
  // The sign for which a text was refused must not keep it from being kept.
  const odd = await keepPrivateDraft(world.as(guest), { ...kept, text: "be\0fore\0 after" });
  const oddRow = await world.store.db.privateDraft.findUniqueOrThrow({ where: { id: odd.privateDraftId } });
  expect(oddRow.text).toBe("before after");
  const other = removePrivateDraft(world.as(convenor), first);
  await expect(other).rejects.toMatchObject({ code: "not-found" });
  await removePrivateDraft(world.as(guest), first);
  const row = await world.store.db.privateDraft.findUniqueOrThrow({ where: { id: first.privateDraftId } });
  expect(row.text).toBe("");
});

test("a clause's history tells what changed, when, and who of which organization", async () => {
  const guest = await world.person(await world.organization());
  const { charterId, roomId, convenor } = await world.charter({ participants: [guest] });
  const clause = await clauseAt(world, charterId, "1.2");
  await markLooked(world.as(convenor), { charterId });
  await rewordClause(world, charterId, guest, clause.id, "Signatories report every year.");
  expect(await recordRevisions(world.store.db, { roomId, now: world.now })).toBe(1);
  expect(await recordRevisions(world.store.db, { roomId, now: world.now })).toBe(0);
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId: clause.id });
  expect(steps.map((one) => one.kind)).toEqual(["added", "edited"]);
  expect(steps[1]?.authors).toEqual([{ organization: guest.organization?.name, person: guest.name }]);
  const words = (kind: string) =>
    steps[1]?.body
      .filter((run) => run.kind === kind)
      .map((run) => run.text)
      .join("");
  expect(words("removed")).toContain("yearly");
  expect(words("added")).toContain("every year");
  const editor = await draftEditorView(world.as(convenor), { charterId });
  expect(editor.changedSince?.clauseIds).toEqual([clause.id]);
});

test("whoever types while a history is written does not wait for it, and what they type is in the next one", async () => {
  const { charterId, roomId, convenor } = await world.charter();
  const clause = await clauseAt(world, charterId, "1.2");
  await rewordClause(world, charterId, convenor, clause.id, "Words before.");
  const hand = await world.store.pool.connect();
  try {
    // Revisions can be read, and none be written.
    await hand.query("BEGIN");
    await hand.query("LOCK TABLE clause_revision IN SHARE MODE");
    const written = recordRevisions(world.store.db, { roomId, now: world.now });
    await until(async () => {
      const { rows } = await hand.query(
        "SELECT 1 FROM pg_locks WHERE relation = 'clause_revision'::regclass AND NOT granted",
      );
      return rows.length > 0;
    });
    await rewordClause(world, charterId, convenor, clause.id, "Words meanwhile.");
    await hand.query("ROLLBACK");
    expect(await written).toBe(1);
  } finally {
    hand.release();
  }
  world.advance(1000);
  expect(await recordRevisions(world.store.db, { roomId, now: world.now })).toBe(1);
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId: clause.id });
  const wordings = steps.map((one) =>
    one.body
      .filter((run) => run.kind !== "removed")
      .map((run) => run.text)
      .join(""),
  );
  expect(wordings.slice(1)).toEqual(["Words before.", "Words meanwhile."]);
});

test("an old wording comes back as a new edit under the same clause id, and the history keeps every step", async () => {
  const { charterId, roomId, convenor } = await world.charter();
  const clause = await clauseAt(world, charterId, "1.2");
  await rewordClause(world, charterId, convenor, clause.id, "Worse words.");
  await recordRevisions(world.store.db, { roomId, now: world.now });
  const before = await clauseHistory(world.as(convenor), { charterId, clauseId: clause.id });
  const old = before.steps[0];
  if (!old) throw new Error("there is a first step");
  world.advance(1000);
  await restoreClause(world.as(convenor), { charterId, revisionId: old.revisionId, reason: "It was better." });
  expect((await clauseAt(world, charterId, "1.2")).body).toEqual(clause.body);
  expect((await clauseAt(world, charterId, "1.2")).id).toBe(clause.id);
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId: clause.id });
  expect(steps.map((one) => [one.kind, one.reason])).toEqual([
    ["added", null],
    ["edited", null],
    ["restored", "It was better."],
  ]);
});

test("an old wording, a withdrawn candidate and a new room keep references as references", async () => {
  const { charterId, roomId, convenor } = await world.charter();
  const [from, to] = [await clauseAt(world, charterId, "1.3"), await clauseAt(world, charterId, "1.2")];
  await referTo(world, charterId, convenor, from.id, to.id);
  await recordRevisions(world.store.db, { roomId, now: world.now });
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId: from.id });
  expect((await clauseAt(world, charterId, "1.3")).body).toEqual([{ kind: "p", text: "As in clause 1.2" }]);
  await rewordClause(world, charterId, convenor, from.id, "Other words.");
  world.advance(1000);
  await restoreClause(world.as(convenor), { charterId, revisionId: steps.at(-1)?.revisionId ?? "", reason: null });
  await freezeCandidate(world.as(convenor), { charterId });
  await withdrawCandidate(world.as(convenor), { charterId, reason: "" });
  await backToDrafting(world.as(convenor), { charterId });
  await deleteClause(world, charterId, convenor, (await clauseAt(world, charterId, "1.1")).id);
  expect((await clauseAt(world, charterId, "1.2")).body).toEqual([{ kind: "p", text: "As in clause 1.1" }]);
});

test("a deleted clause comes back with its id, its words and its place", async () => {
  const { charterId, roomId, convenor } = await world.charter();
  const text = await draftText(world, charterId);
  const clause = await clauseAt(world, charterId, "1.2");
  await deleteClause(world, charterId, convenor, clause.id);
  await recordRevisions(world.store.db, { roomId, now: world.now });
  const { deleted } = await draftHistory(world.as(convenor), { charterId, before: null });
  expect(deleted.map((one) => one.clauseId)).toEqual([clause.id]);
  const { steps, isDeleted } = await clauseHistory(world.as(convenor), { charterId, clauseId: clause.id });
  expect(isDeleted).toBe(true);
  world.advance(1000);
  await restoreClause(world.as(convenor), { charterId, revisionId: steps[0]?.revisionId ?? "", reason: null });
  expect(await draftText(world, charterId)).toEqual(text);
});

test("a wording is not brought back while the text rests or is frozen, nor by people who may not edit", async () => {
  const reader = await world.person(await world.organization());
  const { charterId, convenor } = await world.charter();
  await world.seat(charterId, reader, false);
  const clause = await clauseAt(world, charterId, "1.1");
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId: clause.id });
  const input = { charterId, revisionId: steps[0]?.revisionId ?? "", reason: null };
  await expect(restoreClause(world.as(reader), input)).rejects.toMatchObject({ code: "not-permitted" });
  await startReview(world.as(convenor), { charterId, deadline: null });
  await expect(restoreClause(world.as(convenor), input)).rejects.toMatchObject({ code: "not-drafting" });
});

test("any two states of the text can be compared, each under an address of its own", async () => {
  const { charterId, roomId, convenor } = await world.charter();
  const clause = await clauseAt(world, charterId, "1.1");
  await rewordClause(world, charterId, convenor, clause.id, "Signatories pay more.");
  await recordRevisions(world.store.db, { roomId, now: world.now });
  await deleteClause(world, charterId, convenor, (await clauseAt(world, charterId, "1.3")).id);
  await recordRevisions(world.store.db, { roomId, now: world.now });
  const whole = await compareDrafts(world.as(convenor), { charterId, from: null, to: null });
  expect(whole.comparison.counts).toMatchObject({ changed: 1, removed: 1, added: 0 });
  const [, , middle] = whole.points;
  const step = await compareDrafts(world.as(convenor), { charterId, from: middle?.key ?? "", to: "now" });
  expect(step.comparison.counts).toMatchObject({ changed: 0, removed: 1 });
});
