import { askEnrolmentCode } from "#lib/commands/ask-enrolment-code.ts";
import type { Context } from "#lib/data/context.ts";
import type { EnrolmentCode } from "#lib/data/enrolment-code.ts";

/** The code that confirms an enrolment, asked for and read out of its mail. */
export async function enrolmentCode(
  ctx: Context,
  organizationId: string,
  enrolmentId: string,
): Promise<{ confirmation: EnrolmentCode }> {
  const { codeId, sentTo } = await askEnrolmentCode(ctx, { organizationId, enrolmentId });
  const mail = await ctx.db.outbox.findFirstOrThrow({
    where: { kind: "enrolment-code", to: sentTo, payload: { path: ["closing"], string_ends_with: codeId } },
    select: { payload: true },
  });
  const { payload } = mail;
  const code = typeof payload === "object" && payload !== null && "code" in payload ? String(payload.code) : "";
  return { confirmation: { codeId, code } };
}
