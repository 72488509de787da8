"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { cancelOpening } from "#lib/commands/cancel-opening.ts";
import { changeOpening } from "#lib/commands/change-opening.ts";
import { CloseToSignature, closeToSignature } from "#lib/commands/close-to-signature.ts";
import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { ExamineSignature, examineSignature } from "#lib/commands/examine-signature.ts";
import { InviteToSign, inviteToSign, revokeSigningInvitation } from "#lib/commands/invite-to-sign.ts";
import { openForSignature } from "#lib/commands/open-for-signature.ts";
import { RecordInstrument, recordInstrument } from "#lib/commands/record-instrument.ts";
import { settleDispute } from "#lib/commands/settle-dispute.ts";
import { voidSignature } from "#lib/commands/void-signature.ts";
import { RowId } from "#lib/domain/ids.ts";
import { SayOfSignature } from "#lib/domain/keeper-acts.ts";
import { OpenForSignature } from "#lib/domain/opening.ts";
import { parse } from "#lib/domain/parse.ts";

/** Opens the version at once. */
export async function openNowAction(charterId: string, versionId: string): Promise<ActionResult<null>> {
  return run(
    charterId,
    async (ctx) => {
      await openForSignature(ctx, parse(OpenForSignature, { versionId, opening: { kind: "now" } }));
    },
    "It is open for signature, and public.",
  );
}

/** Records a signature that came on paper, whose scan was handed in before. */
export async function recordInstrumentAction(charterId: string, input: unknown): Promise<ActionResult<null>> {
  return run(charterId, async (ctx) => {
    await recordInstrument(ctx, parse(RecordInstrument, input));
  });
}

/** Opens the version under seal until an instant. */
export async function openAtAction(charterId: string, versionId: string, form: FormData): Promise<ActionResult<null>> {
  return run(
    charterId,
    async (ctx) => {
      await openForSignature(ctx, openingAt(versionId, form));
    },
    "Sealed signatures are taken from now on; the public sees nothing before the instant.",
  );
}

/** Moves the opening to another instant. */
export async function moveOpeningAction(
  charterId: string,
  versionId: string,
  form: FormData,
): Promise<ActionResult<null>> {
  return run(charterId, async (ctx) => changeOpening(ctx, openingAt(versionId, form)));
}

/** Lifts the embargo now. */
export async function liftEmbargoAction(charterId: string, versionId: string): Promise<ActionResult<null>> {
  return run(
    charterId,
    async (ctx) => changeOpening(ctx, parse(OpenForSignature, { versionId, opening: { kind: "now" } })),
    "The embargo is lifted and the charter is public; officers whose signatures were returned get a mail.",
  );
}

/** Cancels the opening; nothing was public. */
export async function cancelOpeningAction(charterId: string, versionId: string): Promise<ActionResult<null>> {
  return run(
    charterId,
    async (ctx) => cancelOpening(ctx, parse(RowId, versionId)),
    "The opening is cancelled; sealed signatures are returned, and their officers get a mail.",
  );
}

/** Closes the version to further signatures. */
export async function closeAction(charterId: string, versionId: string, form: FormData): Promise<ActionResult<null>> {
  return run(
    charterId,
    async (ctx) => {
      await closeToSignature(ctx, parse(CloseToSignature, { versionId, reason: formText(form, "reason").trim() }));
    },
    "No further signatures are taken; those given stand.",
  );
}

/** Invites an organization to sign, by mail to its officer. */
export async function inviteToSignAction(
  charterId: string,
  versionId: string,
  form: FormData,
): Promise<ActionResult<null>> {
  return run(charterId, async (ctx) => {
    const input = {
      versionId,
      legalName: formText(form, "legalName").trim(),
      email: formText(form, "email"),
      message: formText(form, "message").replaceAll("\r\n", "\n").trim(),
    };
    await inviteToSign(ctx, parse(InviteToSign, input));
  });
}

/** The depositary's word on a signature with reservations. */
export async function examineSignatureAction(
  charterId: string,
  actId: string,
  outcome: "accept" | "return",
  form: FormData,
): Promise<ActionResult<null>> {
  const done =
    outcome === "accept"
      ? "It is in due form, and becomes public with its reservations, at once or with the opening."
      : "It is returned; the organization gets your reason by mail.";
  return run(
    charterId,
    async (ctx) => {
      await examineSignature(ctx, parse(ExamineSignature, { actId, outcome, reason: formText(form, "reason").trim() }));
    },
    done,
  );
}

/** The depositary finds a defect in a public signature. */
export async function disputeAction(charterId: string, form: FormData): Promise<ActionResult<void>> {
  return say(charterId, form, disputeSignature, "The list shows it as disputed; the organization gets a mail.");
}

/** The depositary has looked into a dispute, and the signature stands. */
export async function settleAction(charterId: string, form: FormData): Promise<ActionResult<void>> {
  return say(charterId, form, settleDispute, "The signature stands; the organization gets a mail.");
}

/** The depositary finds that an organization was entered in error. */
export async function voidAction(charterId: string, form: FormData): Promise<ActionResult<void>> {
  return say(
    charterId,
    form,
    voidSignature,
    "It is void from the start and off the list; the organization gets a mail.",
  );
}

/** Takes an invitation back. */
export async function revokeInvitationAction(charterId: string, invitationId: string): Promise<ActionResult<null>> {
  return run(
    charterId,
    async (ctx) => {
      await revokeSigningInvitation(ctx, parse(RowId, invitationId));
    },
    "The invitation is taken back.",
  );
}

function openingAt(versionId: string, form: FormData): OpenForSignature {
  const opening = { kind: "at", wallTime: formText(form, "wallTime").slice(0, 16), zone: formText(form, "zone") };
  return parse(OpenForSignature, { versionId, opening });
}

async function run(
  charterId: string,
  work: (ctx: ReturnType<typeof contextFor>) => Promise<unknown>,
  done?: string,
): Promise<ActionResult<null>> {
  return asAction(async () => {
    await work(contextFor(await requireActor()));
    revalidatePath(`/drafts/${charterId}`, "layout");
    return null;
  }, done);
}

async function say(
  charterId: string,
  form: FormData,
  work: (ctx: ReturnType<typeof contextFor>, input: SayOfSignature) => Promise<unknown>,
  done: string,
): Promise<ActionResult<void>> {
  return asAction(async () => {
    const input = parse(SayOfSignature, { signActId: formText(form, "signActId"), reason: formText(form, "reason") });
    await work(contextFor(await requireActor()), input);
    revalidatePath(`/drafts/${charterId}`, "layout");
  }, done);
}
