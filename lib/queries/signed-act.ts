import type { Context } from "#lib/data/context.ts";
import { loadCorrectedCopy } from "#lib/data/corrections.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { RowId } from "#lib/domain/ids.ts";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { Evidence } from "#lib/ledger/evidence.ts";

/** The acts that an officer signs a statement for. */
export type SignedPayload = Extract<ActPayload, { kind: LodgingAction }>;

/** An act with its statement, its evidence and the version it is about. */
export type SignedAct = Awaited<ReturnType<typeof loadSignedAct>>;

/**
 * The act `actId`, with all that was signed. Who may see it the caller decides.
 *
 * @throws {Refusal} not-found, also for acts that nobody signed a statement for.
 */
export async function loadSignedAct(ctx: Context, actId: string) {
  const row = RowId.safeParse(actId).success
    ? await ctx.db.act.findUnique({
        where: { id: actId },
        include: {
          publication: true,
          evidence: true,
          officer: true,
          countersignature: true,
          charter: { select: { slug: true, policy: true } },
        },
      })
    : null;
  if (!row?.evidence || row.versionId === null || row.organizationId === null) {
    throw new Refusal("not-found", "There is no such receipt.");
  }
  const payload = ActPayload.parse(row.payload);
  if (!("statementSha256" in payload)) throw new Refusal("not-found", "There is no such receipt.");
  const version = await ctx.db.charterVersion.findUniqueOrThrow({ where: { id: row.versionId } });
  return {
    id: row.id,
    charterId: row.charterId,
    slug: row.charter.slug,
    policy: CharterPolicy.parse(row.charter.policy),
    organizationId: row.organizationId,
    payload,
    version,
    /** The text that the statement names: the version, or the corrected copy that was endorsed. */
    canonical:
      payload.kind === "endorse-correction"
        ? await loadCorrectedCopy(ctx.db, version.id, payload.versionSha256)
        : version.canonical,
    publication: row.publication,
    statement: row.evidence.statement,
    evidence: Evidence.parse(row.evidence.evidence),
    signingKeyId: row.evidence.signingKeyId,
    officer: row.officer,
    promise: row.countersignature?.note ?? null,
  };
}
