"use server";

import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { AnswerSigningInvitation, answerSigningInvitation } from "#lib/commands/answer-signing-invitation.ts";
import { endorseCorrection } from "#lib/commands/endorse-correction.ts";
import { lodgeSignature } from "#lib/commands/lodge-signature.ts";
import { narrowReservation } from "#lib/commands/narrow-reservation.ts";
import { type PreparedView, PrepareStatement, prepareStatement } from "#lib/commands/prepare-statement.ts";
import { reaffirmSignature } from "#lib/commands/reaffirm-signature.ts";
import { renamePerson } from "#lib/commands/rename-person.ts";
import { retractSignature } from "#lib/commands/retract-signature.ts";
import { revokeWithdrawal } from "#lib/commands/revoke-withdrawal.ts";
import { withdrawSignature } from "#lib/commands/withdraw-signature.ts";
import { LodgeStatement, LodgingAction } from "#lib/domain/lodging.ts";
import { parse } from "#lib/domain/parse.ts";

/** Writes the statement that is about to be signed; nothing is signed by it. */
export async function prepareStatementAction(input: unknown): Promise<ActionResult<PreparedView>> {
  return asAction(async () => {
    const actor = await requireActor();
    return prepareStatement(contextFor(actor), parse(PrepareStatement, input));
  });
}

/** Lodges the prepared statement with the passkey's answer or the code; gives back the act for its receipt. */
export async function lodgeStatementAction(action: unknown, input: unknown): Promise<ActionResult<{ actId: string }>> {
  return asAction(async () => {
    const ctx = contextFor(await requireActor());
    const given = parse(LodgeStatement, input);
    const { actId } = await commands[parse(LodgingAction, action)](ctx, given);
    return { actId };
  });
}

/** Gives an officer without a name the one that the receipt will say. */
export async function nameOfficerAction(name: unknown): Promise<ActionResult<null>> {
  return asAction(async () => {
    await renamePerson(contextFor(await requireActor()), typeof name === "string" ? name : "");
    return null;
  });
}

/** Answers "not now" or "decline", or says that the invitation was opened. */
export async function answerSigningInvitationAction(input: unknown): Promise<ActionResult<null>> {
  return asAction(async () => {
    const actor = await requireActor();
    await answerSigningInvitation(contextFor(actor), parse(AnswerSigningInvitation, input));
    return null;
  });
}

const commands = {
  sign: lodgeSignature,
  retract: retractSignature,
  withdraw: withdrawSignature,
  "revoke-withdrawal": revokeWithdrawal,
  "narrow-reservation": narrowReservation,
  reaffirm: reaffirmSignature,
  "endorse-correction": endorseCorrection,
} as const;
