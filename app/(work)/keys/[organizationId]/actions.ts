"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import {
  beginKeyEnrolment,
  type EnrolmentOptions,
  EnrolSigningKey,
  enrolSigningKey,
} from "#lib/commands/enrol-signing-key.ts";
import { revokeSigningKey } from "#lib/commands/revoke-signing-key.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

/** Asks for a passkey of an organization. */
export async function beginKeyEnrolmentAction(organizationId: unknown): Promise<ActionResult<EnrolmentOptions>> {
  return asAction(async () => {
    const actor = await requireActor();
    return beginKeyEnrolment(contextFor(actor), parse(RowId, organizationId));
  });
}

/** Enrols the passkey that the browser made. */
export async function enrolSigningKeyAction(input: unknown): Promise<ActionResult<{ keyId: string }>> {
  return asAction(async () => {
    const actor = await requireActor();
    const given = parse(EnrolSigningKey, input);
    const enrolled = await enrolSigningKey(contextFor(actor), given);
    revalidatePath(`/keys/${given.organizationId}`);
    return enrolled;
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
