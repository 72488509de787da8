import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
import { addComment } from "#lib/commands/add-comment.ts";
import { adoptCandidate } from "#lib/commands/adopt-candidate.ts";
import { announceFreeze } from "#lib/commands/announce-freeze.ts";
import { askAgain } from "#lib/commands/ask-again.ts";
import { backToDrafting } from "#lib/commands/back-to-drafting.ts";
import { callOffFreeze } from "#lib/commands/call-off-freeze.ts";
import { changeSetup } from "#lib/commands/change-setup.ts";
import { closeWithoutAdoption } from "#lib/commands/close-without-adoption.ts";
import { fixPolicyAndOpenDrafting } from "#lib/commands/fix-policy-and-open-drafting.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { inviteOrganization } from "#lib/commands/invite-organization.ts";
import { keepPrivateDraft } from "#lib/commands/keep-private-draft.ts";
import { markLooked } from "#lib/commands/mark-looked.ts";
import { removeParticipant } from "#lib/commands/remove-participant.ts";
import { resolveThread } from "#lib/commands/resolve-thread.ts";
import { restoreClause } from "#lib/commands/restore-clause.ts";
import { revokeCharterInvitation } from "#lib/commands/revoke-charter-invitation.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { startReview } from "#lib/commands/start-review.ts";
import { startThread } from "#lib/commands/start-thread.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import type { Context } from "#lib/data/context.ts";
import { defaultPolicy } from "#lib/domain/policy.ts";
import { candidateView } from "#lib/queries/candidate-view.ts";
import { charterDashboard } from "#lib/queries/charter-dashboard.ts";
import { charterPolicy } from "#lib/queries/charter-policy.ts";
import { clauseHistory } from "#lib/queries/clause-history.ts";
import { compareDrafts } from "#lib/queries/compare-drafts.ts";
import { draftEditorView } from "#lib/queries/draft-editor-view.ts";
import { draftExport } from "#lib/queries/draft-export.ts";
import { draftHistory } from "#lib/queries/draft-history.ts";
import { threadsOfCharter } from "#lib/queries/threads-of-charter.ts";
import { threadsOfClause } from "#lib/queries/threads-of-clause.ts";
import { clauseAt } from "#tests/support/drafts.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
let ids: { charterId: string; threadId: string; clauseId: string; revisionId: string };
beforeAll(async () => {
  world = await createWorld();
  const { charterId, convenor } = await world.charter();
  const { id: clauseId } = await clauseAt(world, charterId, "1.1");
  const comment = { charterId, clauseId, body: "Why?", mentions: [], quote: "", anchor: null };
  const { threadId } = await startThread(world.as(convenor), comment);
  const { steps } = await clauseHistory(world.as(convenor), { charterId, clauseId });
  ids = { charterId, threadId, clauseId, revisionId: steps[0]?.revisionId ?? "" };
});
afterAll(() => world.close());

const versionId = randomUUID();
const doors: Record<string, (ctx: Context) => Promise<unknown>> = {
  acknowledgePolicy: (ctx) => acknowledgePolicy(ctx, ids),
  addComment: (ctx) => addComment(ctx, { ...ids, body: "Hello", mentions: [] }),
  adoptCandidate: (ctx) => adoptCandidate(ctx, { ...ids, versionId }),
  askAgain: (ctx) => askAgain(ctx, ids),
  backToDrafting: (ctx) => backToDrafting(ctx, ids),
  changeSetup: (ctx) => changeSetup(ctx, { ...ids, purpose: "", displayType: "", policy: defaultPolicy }),
  announceFreeze: (ctx) => announceFreeze(ctx, ids),
  callOffFreeze: (ctx) => callOffFreeze(ctx, ids),
  closeWithoutAdoption: (ctx) => closeWithoutAdoption(ctx, { ...ids, reason: "why" }),
  fixPolicyAndOpenDrafting: (ctx) => fixPolicyAndOpenDrafting(ctx, ids),
  freezeCandidate: (ctx) => freezeCandidate(ctx, ids),
  inviteOrganization: (ctx) =>
    inviteOrganization(ctx, {
      ...ids,
      legalName: "X",
      email: "x@example.org",
      domain: null,
      isEditor: true,
      message: "",
    }),
  keepPrivateDraft: (ctx) => keepPrivateDraft(ctx, { ...ids, text: "words", reason: "" }),
  markLooked: (ctx) => markLooked(ctx, ids),
  removeParticipant: (ctx) => removeParticipant(ctx, { ...ids, organizationId: randomUUID() }),
  resolveThread: (ctx) => resolveThread(ctx, { ...ids, isResolved: true }),
  restoreClause: (ctx) => restoreClause(ctx, { ...ids, reason: null }),
  revokeCharterInvitation: (ctx) => revokeCharterInvitation(ctx, { ...ids, invitationId: randomUUID() }),
  startNewVersion: (ctx) => startNewVersion(ctx, ids),
  startReview: (ctx) => startReview(ctx, { ...ids, deadline: null }),
  startThread: (ctx) => startThread(ctx, { ...ids, body: "Hello", mentions: [], quote: "", anchor: null }),
  takePosition: (ctx) => takePosition(ctx, { ...ids, versionId, value: "AGREE", reason: "", remedy: "" }),
  withdrawCandidate: (ctx) => withdrawCandidate(ctx, { ...ids, reason: "" }),
  candidateView: (ctx) => candidateView(ctx, ids),
  charterDashboard: (ctx) => charterDashboard(ctx, ids),
  charterPolicy: (ctx) => charterPolicy(ctx, ids),
  clauseHistory: (ctx) => clauseHistory(ctx, ids),
  compareDrafts: (ctx) => compareDrafts(ctx, { ...ids, from: null, to: null }),
  draftEditorView: (ctx) => draftEditorView(ctx, ids),
  draftExport: (ctx) => draftExport(ctx, ids),
  draftHistory: (ctx) => draftHistory(ctx, { ...ids, before: null }),
  threadsOfCharter: (ctx) => threadsOfCharter(ctx, ids),
  threadsOfClause: (ctx) => threadsOfClause(ctx, ids),
};

describe.each(Object.entries(doors))("%s", (_name, open) => {
  test("answers people without a seat as if the charter did not exist", async () => {
    const stranger = await world.person(await world.organization());
    const refused = await open(world.as(stranger)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: "Refusal", code: "not-found" });
    const known = ids;
    ids = { charterId: randomUUID(), threadId: randomUUID(), clauseId: "a".repeat(12), revisionId: randomUUID() };
    const absent = await open(world.as(stranger)).catch((error: unknown) => error);
    ids = known;
    expect(absent).toEqual(refused);
  });

  test("asks a visitor to sign in", async () => {
    await expect(open(world.as(null))).rejects.toMatchObject({ name: "Refusal", code: "not-signed-in" });
  });
});
