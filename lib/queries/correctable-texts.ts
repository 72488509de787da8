import type { Context } from "#lib/data/context.ts";
import { proposerOf } from "#lib/data/corrections.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { mayTakeBack } from "#lib/domain/correction.ts";
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
  readonly underWay: UnderWay | null;
};

/** A proposal that signatories can still object to, and whether the actor's organization may take it back. */
export type UnderWay = {
  readonly correctionId: string;
  readonly reason: string;
  readonly objectsUntil: Date;
  readonly mayTakeBack: boolean;
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
    select: {
      id: true,
      versionId: true,
      state: true,
      reason: true,
      objectsUntil: true,
      canonical: true,
      proposeActId: true,
    },
  });
  const open = corrections.filter((one) => one.state === "PROPOSED");
  const underWay = new Map(
    await Promise.all(
      open.map(async ({ id, versionId, reason, objectsUntil, proposeActId }): Promise<[string, UnderWay]> => {
        const by = { proposerId: await proposerOf(ctx.db, { proposeActId }), organizationId: head.organization.id };
        const may = head.may["propose-correction"] && mayTakeBack(charter, by);
        return [versionId, { correctionId: id, reason, objectsUntil, mayTakeBack: may }];
      }),
    ),
  );
  return {
    head,
    days: correctionDays(charter.policy),
    texts: versions.map(({ id, number, canonical }) => {
      const own = corrections.filter((one) => one.versionId === id);
      const latest = own.find((one) => one.state === "PUBLISHED")?.canonical ?? canonical;
      return {
        versionId: id,
        number,
        clauses: numbered(parseCanonicalVersion(latest).text.clauses),
        underWay: underWay.get(id) ?? null,
      };
    }),
  };
}
