"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { AnswerKey, type AskedKey, AskKey, answerKey, askKey } from "#lib/commands/approve-signing-key.ts";
import { AskEnrolmentCode, askEnrolmentCode } from "#lib/commands/ask-enrolment-code.ts";
import { checkSigningKey } from "#lib/commands/check-signing-key.ts";
import { declareKeysOnly } from "#lib/commands/declare-keys-only.ts";
import {
  BeginOwnKey,
  beginOwnKey,
  EnrolOwnKey,
  enrolOwnKey,
  type OwnKeyChallenge,
} from "#lib/commands/enrol-own-key.ts";
import {
  beginKeyEnrolment,
  type EnrolmentOptions,
  EnrolSigningKey,
  enrolSigningKey,
} from "#lib/commands/enrol-signing-key.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/** Asks for a passkey of an organization. */
export async function beginKeyEnrolmentAction(organizationId: unknown): Promise<ActionResult<EnrolmentOptions>> {
  return asAction(async () => {
    const actor = await requireActor();
    return beginKeyEnrolment(contextFor(actor), parse(RowId, organizationId));
  });
}

/** Mails the code that confirms an enrolment under way. */
export async function askEnrolmentCodeAction(
  input: unknown,
): Promise<ActionResult<{ codeId: string; sentTo: string }>> {
  return asAction(async () => askEnrolmentCode(contextFor(await requireActor()), parse(AskEnrolmentCode, input)));
}

/** Enrols the passkey that the browser made. */
export async function enrolSigningKeyAction(
  input: unknown,
): Promise<ActionResult<{ keyId: string; isBound: boolean }>> {
  return asAction(async () => {
    const actor = await requireActor();
    const given = parse(EnrolSigningKey, input);
    const enrolled = await enrolSigningKey(contextFor(actor), given);
    revalidatePath(`/keys/${given.organizationId}`);
    return enrolled;
  });
}

/** Takes the public half of an organization's own key, and says what its machine is to sign. */
export async function beginOwnKeyAction(input: unknown): Promise<ActionResult<OwnKeyChallenge>> {
  return asAction(async () => beginOwnKey(contextFor(await requireActor()), parse(BeginOwnKey, input)));
}

/** Enrols the own key whose machine has signed. */
export async function enrolOwnKeyAction(
  organizationId: string,
  input: unknown,
): Promise<ActionResult<{ keyId: string; isBound: boolean }>> {
  return asAction(async () => {
    const enrolled = await enrolOwnKey(contextFor(await requireActor()), parse(EnrolOwnKey, input));
    revalidatePath(`/keys/${parse(RowId, organizationId)}`);
    return enrolled;
  });
}

/** Looks at the organization's domains for a key. What is not there yet is told as a refusal. */
export async function checkSigningKeyAction(organizationId: string, keyId: string): Promise<ActionResult<null>> {
  return asAction(async () => {
    const answer = await checkSigningKey(
      contextFor(await requireActor()),
      parse(RowId, organizationId),
      parse(RowId, keyId),
    );
    revalidatePath(`/keys/${parse(RowId, organizationId)}`);
    if (answer.state !== "good") throw new Refusal("not-available", answer.problem);
    return null;
  });
}

/** Writes what an enrolled key is to sign: that another is the organization's, or that codes and paper count again. */
export async function askKeyAction(input: unknown): Promise<ActionResult<AskedKey>> {
  return asAction(async () => askKey(contextFor(await requireActor()), parse(AskKey, input)));
}

/** Takes the signature of that key. */
export async function answerKeyAction(organizationId: string, input: unknown): Promise<ActionResult<null>> {
  return asAction(async () => {
    await answerKey(contextFor(await requireActor()), parse(AnswerKey, input));
    revalidatePath(`/keys/${parse(RowId, organizationId)}`);
    return null;
  });
}

/** Declares that only the organization's keys count for it. */
export async function declareKeysOnlyAction(organizationId: string): Promise<ActionResult<null>> {
  return asAction(async () => {
    await declareKeysOnly(contextFor(await requireActor()), parse(RowId, organizationId));
    revalidatePath(`/keys/${parse(RowId, organizationId)}`);
    return null;
  });
}

/** Revokes a signing key. */
export async function revokeSigningKeyAction(organizationId: string, keyId: string): Promise<ActionResult<null>> {
  return asAction(async () => {
    const actor = await requireActor();
    await revokeSigningKey(contextFor(actor), parse(RowId, keyId));
    revalidatePath(`/keys/${parse(RowId, organizationId)}`);
    return null;
  });
}
