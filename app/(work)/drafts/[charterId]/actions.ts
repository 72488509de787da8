"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { acknowledgePolicy } from "#lib/commands/acknowledge-policy.ts";
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
import { removeParticipant } from "#lib/commands/remove-participant.ts";
import { removePrivateDraft } from "#lib/commands/remove-private-draft.ts";
import { restoreClause } from "#lib/commands/restore-clause.ts";
import { revokeCharterInvitation } from "#lib/commands/revoke-charter-invitation.ts";
import { startNewVersion } from "#lib/commands/start-new-version.ts";
import { startReview } from "#lib/commands/start-review.ts";
import { takePosition } from "#lib/commands/take-position.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import { positionValues } from "#lib/domain/adoption.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { parse } from "#lib/domain/parse.ts";
import { freezeDrainMsMax } from "#lib/protocol/limits.ts";
import { policyFromForm } from "../_parts/policy-from-form.ts";

const Words = z.string().trim().max(4_000);
const Name = z.string().trim().min(1, "Give the organization's legal name.").max(200);

/** How long a text that is to be frozen must be quiet. */
const restMs = 500;

export async function changeSetupAction(form: FormData) {
  return asAction(async () => {
    const ctx = contextFor(await requireActor());
    const charterId = charterOf(form);
    await changeSetup(ctx, {
      charterId,
      purpose: parse(z.string().trim().max(300), formText(form, "purpose")),
      displayType: parse(z.string().trim().min(1).max(40), formText(form, "displayType")),
      policy: policyFromForm(form),
    });
    refresh(charterId);
  }, "The policy is changed.");
}

export async function openDraftingAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    await fixPolicyAndOpenDrafting(contextFor(await requireActor()), { charterId });
    refresh(charterId);
    redirect(`/drafts/${charterId}`);
  });
}

export async function acknowledgePolicyAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    await acknowledgePolicy(contextFor(await requireActor()), { charterId });
    refresh(charterId);
    redirect(`/drafts/${charterId}/edit`);
  });
}

export async function inviteOrganizationAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const email = parseMailAddress(formText(form, "email"));
    await inviteOrganization(contextFor(await requireActor()), {
      charterId,
      legalName: parse(Name, formText(form, "legalName")),
      email,
      domain: email.split("@")[1] ?? null,
      isEditor: formText(form, "isEditor") === "yes",
      message: parse(Words, formText(form, "message")),
    });
    refresh(charterId);
  }, "The invitation is on its way.");
}

export async function revokeInvitationAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const invitationId = parse(RowId, formText(form, "invitationId"));
    await revokeCharterInvitation(contextFor(await requireActor()), { charterId, invitationId });
    refresh(charterId);
  }, "The invitation is taken back.");
}

export async function removeParticipantAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const organizationId = parse(RowId, formText(form, "organizationId"));
    await removeParticipant(contextFor(await requireActor()), { charterId, organizationId });
    refresh(charterId);
  }, "The organization no longer sits at the table.");
}

export async function startReviewAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const day = formText(form, "deadline");
    // A day as its last minute in UTC; the page says so beside the field.
    const deadline = day === "" ? null : new Date(`${parse(z.iso.date(), day)}T23:59:59.000Z`);
    await startReview(contextFor(await requireActor()), { charterId, deadline });
    refresh(charterId);
  }, "The review has started.");
}

export async function backToDraftingAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    await backToDrafting(contextFor(await requireActor()), { charterId });
    refresh(charterId);
  }, "The text is open for edits again.");
}

export async function freezeCandidateAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const actor = await requireActor();
    await untilTextRests(() => announceFreeze(contextFor(actor), { charterId }));
    try {
      await freezeCandidate(contextFor(actor), { charterId });
    } catch (error) {
      await callOffFreeze(contextFor(actor), { charterId });
      throw error;
    }
    refresh(charterId);
  }, "The text is frozen.");
}

/** Half a second without a new edit ends the waiting; people who go on typing are not waited for longer than the limit. */
async function untilTextRests(announce: () => Promise<{ roomSeq: bigint }>): Promise<void> {
  const deadline = performance.now() + freezeDrainMsMax;
  let { roomSeq } = await announce();
  while (performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const now = await announce();
    if (now.roomSeq === roomSeq) return;
    roomSeq = now.roomSeq;
  }
}

export async function withdrawCandidateAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const reason = parse(Words, formText(form, "withdrawReason"));
    await withdrawCandidate(contextFor(await requireActor()), { charterId, reason });
    refresh(charterId);
  }, "The candidate is withdrawn; the text is in review again.");
}

export async function takePositionAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    await takePosition(contextFor(await requireActor()), {
      charterId,
      versionId: parse(RowId, formText(form, "versionId")),
      value: parse(z.enum(positionValues, "Choose one of the four positions."), formText(form, "value")),
      reason: parse(Words, formText(form, "reason")),
      remedy: parse(Words, formText(form, "remedy")),
    });
    refresh(charterId);
  }, "The position of your organization is recorded.");
}

export async function askAgainAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    await askAgain(contextFor(await requireActor()), { charterId });
    refresh(charterId);
  }, "They were asked again by mail.");
}

export async function adoptCandidateAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const versionId = parse(RowId, formText(form, "versionId"));
    await adoptCandidate(contextFor(await requireActor()), { charterId, versionId });
    refresh(charterId);
  }, "The text is adopted.");
}

export async function closeWithoutAdoptionAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const reason = parse(Words, formText(form, "closeReason"));
    await closeWithoutAdoption(contextFor(await requireActor()), { charterId, reason });
    refresh(charterId);
  }, "The round is closed without adoption.");
}

export async function startNewVersionAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    await startNewVersion(contextFor(await requireActor()), { charterId });
    refresh(charterId);
  }, "A new round of drafting is open.");
}

export async function restoreClauseAction(form: FormData) {
  return asAction(async () => {
    const charterId = charterOf(form);
    const reason = parse(z.string().trim().max(500), formText(form, "reason"));
    await restoreClause(contextFor(await requireActor()), {
      charterId,
      revisionId: parse(RowId, formText(form, "revisionId")),
      reason: reason === "" ? null : reason,
    });
    refresh(charterId);
  }, "The wording is back, as a new edit in your name.");
}

export async function removePrivateDraftAction(form: FormData) {
  return asAction(async () => {
    const privateDraftId = parse(RowId, formText(form, "privateDraftId"));
    await removePrivateDraft(contextFor(await requireActor()), { privateDraftId });
    refresh(charterOf(form));
  });
}

function charterOf(form: FormData): string {
  return parse(RowId, formText(form, "charterId"));
}

function refresh(charterId: string): void {
  revalidatePath(`/drafts/${charterId}`, "layout");
}
