import { Refusal } from "#lib/domain/refusal.ts";
import { encodeHex, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { insertAct, publishAct } from "./acts.ts";
import type { Correction } from "./generated/client.ts";
import type { LockedVersion } from "./open-version.ts";
import type { Tx } from "./store.ts";

/**
 * By whom a proposed correction falls, why, and whether that takes it back. `proposedBy` names who had proposed what another takes back.
 */
export type Fall = {
  readonly organizationId: string;
  readonly userId: string;
  readonly reason: string;
  readonly isTakenBack: boolean;
  readonly proposedBy?: string;
  readonly now: Date;
};

/**
 * Ends a proposed correction whose version is locked: the text stays as it is, and a numbered act says who ended it and why. The
 * proposal stays in the record beside it.
 *
 * @throws {Refusal} conflict when its time is over or it was decided, also by somebody else before the version was locked.
 */
export async function dropCorrection(
  tx: Tx,
  correction: Correction,
  version: LockedVersion,
  { organizationId, userId, reason, isTakenBack, proposedBy, now }: Fall,
): Promise<{ actId: string; legalName: string }> {
  if (now >= correction.objectsUntil) throw new Refusal("conflict", "The time for objections is over.");
  const { count } = await tx.correction.updateMany({
    where: { id: correction.id, state: "PROPOSED" },
    data: { state: isTakenBack ? "TAKEN_BACK" : "OBJECTED", decidedAt: now },
  });
  if (count === 0) throw new Refusal("conflict", "This correction was decided already.");
  const organization = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { id: true, legalName: true, displayName: true, country: true, class: true, sector: true },
  });
  const actId = await insertAct(tx, {
    charterId: version.charterId,
    versionId: version.id,
    organizationId,
    userId,
    at: now,
    payload: {
      kind: "object-correction",
      versionSha256: version.sha256Hex,
      number: version.number,
      correctionId: correction.id,
      correctedSha256: encodeHex(correction.sha256),
      clausesSha256: sha256Hex(encodeJcs(correction.clauseHashes)),
      reason,
      at: now.toISOString(),
      organization: { ...organization, domain: null },
      ...(isTakenBack ? { takenBack: true } : {}),
      ...(proposedBy === undefined ? {} : { proposedBy }),
    },
  });
  await publishAct(tx, actId, now);
  return { actId, legalName: organization.legalName };
}
