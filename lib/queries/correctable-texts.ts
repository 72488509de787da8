import type { Context } from "#lib/data/context.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { correctionDays } from "#lib/domain/policy.ts";
import { publicStates } from "#lib/domain/version-status.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";

/** A public version of a charter, as its text stands after the corrections that were published. */
export type CorrectableText = {
  readonly versionId: string;
  readonly number: number;
  readonly clauses: readonly NumberedClause[];
  /** A correction under way keeps another from being proposed. */
  readonly underWay: { readonly reason: string; readonly objectsUntil: Date } | null;
};

/** Where corrections of a charter's public texts are proposed. */
export type CorrectableTexts = {
  readonly head: DraftHead;
  /** Days that signatories have to object. */
  readonly days: number;
  readonly texts: readonly CorrectableText[];
};

/**
 * The public texts of a charter for those at its table, the newest first.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone without a seat.
 */
export async function loadCorrectableTexts(ctx: Context, charterId: string): Promise<CorrectableTexts> {
  const { head, charter } = await loadDraft(ctx, charterId);
  const versions = await ctx.db.charterVersion.findMany({
    where: { charterId: charter.id, state: { in: [...publicStates] } },
    orderBy: { number: "desc" },
    select: { id: true, number: true, canonical: true },
  });
  const corrections = await ctx.db.correction.findMany({
    where: { charterId: charter.id },
    orderBy: { proposedAt: "desc" },
    select: { versionId: true, state: true, reason: true, objectsUntil: true, canonical: true },
  });
  return {
    head,
    days: correctionDays(charter.policy),
    texts: versions.map(({ id, number, canonical }) => {
      const own = corrections.filter((one) => one.versionId === id);
      const latest = own.find((one) => one.state === "PUBLISHED")?.canonical ?? canonical;
      const proposed = own.find((one) => one.state === "PROPOSED");
      return {
        versionId: id,
        number,
        clauses: numbered(parseCanonicalVersion(latest).text.clauses),
        underWay: proposed ? { reason: proposed.reason, objectsUntil: proposed.objectsUntil } : null,
      };
    }),
  };
}
