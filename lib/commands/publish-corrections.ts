import { insertAct, publishAct } from "#lib/data/acts.ts";
import { signatoriesOf } from "#lib/data/corrections.ts";
import { listPath, tellOrganizations } from "#lib/data/keeper-act.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { type Db, type Tx, transaction } from "#lib/data/store.ts";
import { encodeHex, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";

/**
 * Publishes the corrections whose window closed without an objection: an entry ties the corrected copy to the text that was signed.
 * Each in a transaction of its own; a crash leaves the rest for the next tick, and none is published twice. Gives back how many.
 */
export async function publishDueCorrections(db: Db, now: Date): Promise<number> {
  const due = await db.correction.findMany({
    where: { state: "PROPOSED", objectsUntil: { lte: now } },
    orderBy: { objectsUntil: "asc" },
    select: { id: true, versionId: true },
  });
  let published = 0;
  for (const { id, versionId } of due) {
    published += await transaction(db, (tx) => publishCorrection(tx, id, versionId, now));
  }
  return published;
}

async function publishCorrection(tx: Tx, correctionId: string, versionId: string, now: Date): Promise<number> {
  const version = await lockVersion(tx, versionId, "update");
  const { count } = await tx.correction.updateMany({
    where: { id: correctionId, state: "PROPOSED", objectsUntil: { lte: now } },
    data: { state: "PUBLISHED", decidedAt: now },
  });
  if (count === 0) return 0;
  const { sha256, clauseHashes, reason } = await tx.correction.findUniqueOrThrow({ where: { id: correctionId } });
  const actId = await insertAct(tx, {
    charterId: version.charterId,
    versionId,
    organizationId: null,
    userId: null,
    at: now,
    payload: {
      kind: "correct",
      versionSha256: version.sha256Hex,
      number: version.number,
      correctionId,
      correctedSha256: encodeHex(sha256),
      clausesSha256: sha256Hex(encodeJcs(clauseHashes)),
      reason,
      at: now.toISOString(),
    },
  });
  await publishAct(tx, actId, now);
  const path = (await listPath(tx, version.charterId)).replace(/signatories$/, `v/${version.number}/corrections`);
  await tellOrganizations(tx, await signatoriesOf(tx, versionId), "corrected", {
    subject: `“${version.title}” was corrected`,
    from: "Nobody objected in time.",
    paragraphs: [
      `A corrected copy of version ${version.number} is published. Your signature stays on the text that was signed; both can be read.`,
      `The reason given: ${reason}`,
      "A signing officer can endorse the corrected copy, from your organization's page “In the public record”; nobody has to.",
    ],
    action: { label: "Compare the texts", path },
  });
  return 1;
}
