import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { mailEnrolmentCode } from "#lib/data/enrolment-code.ts";
import { RowId } from "#lib/domain/ids.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/** `enrolmentId` is the challenge of a passkey, or the statement of an own key. */
export const AskEnrolmentCode = z.strictObject({ organizationId: RowId, enrolmentId: RowId });
export type AskEnrolmentCode = z.infer<typeof AskEnrolmentCode>;

/**
 * Sends the person the code that confirms an enrolment under way. It counts for that one alone, in the browser that asked.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, too-many.
 */
export async function askEnrolmentCode(
  ctx: Context,
  raw: AskEnrolmentCode,
): Promise<{ codeId: string; sentTo: string }> {
  const { organizationId, enrolmentId } = AskEnrolmentCode.parse(raw);
  const person = requireForOrganization(ctx.actor, "manage-keys", organizationId);
  const { legalName } = await ctx.db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { legalName: true },
  });
  return { codeId: await mailEnrolmentCode(ctx, person, { enrolmentId, legalName }), sentTo: person.email };
}
