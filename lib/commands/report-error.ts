import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/** How many reports on one charter are taken in an hour; a person writes few, a script many. */
export const reportsPerHourMax = 20;

/** What a reader says is wrong with a charter's page. The address is for questions only. */
export const ErrorReportInput = z.strictObject({
  text: z.string().trim().min(10, "Say in a sentence what is wrong.").max(4000, "Use at most 4,000 characters."),
  email: z.union([z.literal(""), z.email("This is not a mail address.").max(254)]).default(""),
  clauseId: z.union([z.literal(""), ClauseId]).default(""),
});
export type ErrorReportInput = z.infer<typeof ErrorReportInput>;

/**
 * Takes a report of an error on a public charter for its depositary. Nothing of it is ever shown in public.
 *
 * @throws {Refusal} not-found for a charter that is not public; too-many.
 */
export async function reportError(ctx: Context, slug: string, input: ErrorReportInput): Promise<void> {
  const charter = await ctx.db.charter.findFirst({ where: { slug, visibility: "PUBLIC" }, select: { id: true } });
  if (!charter) throw new Refusal("not-found", "There is nothing public at this address.");
  const since = new Date(ctx.now.getTime() - 3_600_000);
  const recent = await ctx.db.errorReport.count({ where: { charterId: charter.id, createdAt: { gt: since } } });
  if (recent >= reportsPerHourMax) {
    throw new Refusal("too-many", "Many reports on this charter came in within the hour; please try again later.");
  }
  await ctx.db.errorReport.create({
    data: {
      charterId: charter.id,
      clauseId: input.clauseId === "" ? null : input.clauseId,
      text: input.text,
      email: input.email === "" ? null : input.email,
      createdAt: ctx.now,
    },
  });
}
