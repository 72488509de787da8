import { insertAct, publishAct } from "#lib/data/acts.ts";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { signatoriesOf } from "#lib/data/corrections.ts";
import { listPath, tellOrganizations } from "#lib/data/keeper-act.ts";
import { type LockedVersion, lockVersion } from "#lib/data/open-version.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { correctedText, objectionsEnd, ProposeCorrection } from "#lib/domain/correction.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { formatDay, isPublicState } from "#lib/domain/version-status.ts";
import { canonicalVersion, clauseListHash, parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { decodeHex } from "#lib/ledger/hash.ts";

/** A proposed correction, and until when signatories can object to it. */
export type ProposedCorrection = { readonly correctionId: string; readonly actId: string; readonly objectsUntil: Date };

/**
 * Proposes to correct a manifest error in a public version: a corrected copy with a hash of its own. Every organization whose signature
 * stands is told and can object until the window closes; then the clock publishes the copy. The text that was signed stays.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when the version is not public or one is proposed.
 */
export async function proposeCorrection(ctx: Context, raw: ProposeCorrection): Promise<ProposedCorrection> {
  const { versionId, replacements, reason: text } = ProposeCorrection.parse(raw);
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, versionId, "update");
    const charter = await loadCharter(tx, version.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "propose-correction", charter);
    const reason = requirePublicReason(text);
    await requireNoneUnderWay(tx, version);
    const base = await latestText(tx, versionId);
    const corrected = canonicalVersion(correctedText(base.text, replacements), base.place);
    const correctionId = crypto.randomUUID();
    const objectsUntil = objectionsEnd(version.policy, ctx.now);
    const actId = await insertAct(tx, {
      charterId: version.charterId,
      versionId,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: {
        kind: "propose-correction",
        versionSha256: version.sha256Hex,
        number: version.number,
        correctionId,
        correctedSha256: corrected.hashHex,
        clausesSha256: clauseListHash(corrected.clauseHashes),
        reason,
        at: ctx.now.toISOString(),
        objectsUntil: objectsUntil.toISOString(),
      },
    });
    await tx.correction.create({
      data: {
        id: correctionId,
        charterId: version.charterId,
        versionId,
        canonical: Uint8Array.from(corrected.bytes),
        sha256: Uint8Array.from(decodeHex(corrected.hashHex)),
        clauseHashes: [...corrected.clauseHashes],
        reason,
        proposeActId: actId,
        proposedAt: ctx.now,
        objectsUntil,
      },
    });
    await publishAct(tx, actId, ctx.now);
    await tellSignatories(tx, version, reason, objectsUntil);
    return { correctionId, actId, objectsUntil };
  });
}

async function requireNoneUnderWay(tx: Tx, version: LockedVersion): Promise<void> {
  if (!isPublicState(version.state)) {
    throw new Refusal("conflict", "Only a public text is corrected; before that, draft and freeze it again.");
  }
  const underWay = await tx.correction.count({ where: { versionId: version.id, state: "PROPOSED" } });
  if (underWay > 0) throw new Refusal("conflict", "A correction of this version is under way; wait for its end.");
}

/** The text as it was corrected last; the one that is signed while there is no correction. */
async function latestText(tx: Tx, versionId: string) {
  const corrected = await tx.correction.findFirst({
    where: { versionId, state: "PUBLISHED" },
    orderBy: { decidedAt: "desc" },
    select: { canonical: true },
  });
  const { canonical } =
    corrected ?? (await tx.charterVersion.findUniqueOrThrow({ where: { id: versionId }, select: { canonical: true } }));
  return parseCanonicalVersion(canonical);
}

async function tellSignatories(tx: Tx, version: LockedVersion, reason: string, until: Date): Promise<void> {
  const path = await listPath(tx, version.charterId);
  await tellOrganizations(tx, await signatoriesOf(tx, version.id), "correction-proposed", {
    subject: `A correction of “${version.title}” is proposed`,
    from: "The keepers of the charter propose to correct an error in the text that your organization signed.",
    paragraphs: [
      `It is about version ${version.number}. The reason given: ${reason}`,
      `Your organization may object until ${formatDay(until)}. Without an objection a corrected copy is published then; your signature stays on the text that was signed.`,
    ],
    action: { label: "Read the correction", path: path.replace(/signatories$/, `v/${version.number}/corrections`) },
  });
}
