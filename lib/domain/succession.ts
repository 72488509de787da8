import { z } from "zod";
import { RowId } from "./ids.ts";

/** Why one organization stands in the place of another. */
export const successionGrounds = {
  merger: "It was merged into its successor.",
  "legal-form": "The legal person was replaced by another that carries it on.",
  duplicate: "Both records are the same organization; it was entered twice.",
} as const;

/** A succession as the operator records it, on evidence that is published. */
export const SucceedOrganization = z.strictObject({
  organizationId: RowId,
  successorId: RowId,
  ground: z.enum(["merger", "legal-form", "duplicate"]),
  reason: z.string(),
});
export type SucceedOrganization = z.infer<typeof SucceedOrganization>;

/** What a successor declares of one signature: it carries it on, or lets it end. */
export const DeclareSuccession = z.strictObject({
  signActId: RowId,
  outcome: z.enum(["continues", "ends"]),
  reason: z.string(),
});
export type DeclareSuccession = z.infer<typeof DeclareSuccession>;

/** How long a successor has to take up a signature; then it ends as "succession not confirmed". */
export const successionDays = 90;

/** The instant until which a successor can declare itself. */
export function declarationEnd(succeededAt: Date): Date {
  return new Date(succeededAt.getTime() + successionDays * 86_400_000);
}
