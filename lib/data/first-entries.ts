import type { ActPayload } from "#lib/domain/acts.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { encodeBase64, encodeHex } from "#lib/ledger/hash.ts";
import { unconfirmedDomain } from "./act-entry.ts";
import type { NewEntry } from "./log.ts";
import type { Tx } from "./store.ts";

type PublishedAct = {
  readonly actId: string;
  readonly organizationId: string | null;
  readonly payload: ActPayload;
  readonly now: Date;
};

/**
 * The entries that go into the log before an act because it is the first to show them: the organization, and the key it
 * signed with. Before that neither is in the log, so that nothing sealed shows in it.
 */
export async function firstEntriesOf(
  tx: Tx,
  { actId, organizationId, payload, now }: PublishedAct,
): Promise<NewEntry[]> {
  if (organizationId === null) return [];
  const evidence = await tx.actEvidence.findUnique({ where: { actId }, select: { signingKeyId: true } });
  const keyId = evidence?.signingKeyId ?? null;
  return [
    ...(payload.kind === "sign" && (await isFirstSignature(tx, organizationId))
      ? [await organizationEntry(tx, payload, now)]
      : []),
    ...(keyId !== null && !(await isKeyPublic(tx, keyId)) ? [await keyEntry(tx, keyId, "enrolled", now)] : []),
  ].map((entry) => ({ bytes: encodeEntry(entry), actId: null }));
}

async function isFirstSignature(tx: Tx, organizationId: string): Promise<boolean> {
  return (await tx.actPublication.count({ where: { act: { organizationId, kind: "sign" } } })) === 0;
}

/** Whether a signing key stands in the public log: some published act was signed with it. */
export async function isKeyPublic(tx: Tx, keyId: string): Promise<boolean> {
  return (await tx.actPublication.count({ where: { act: { evidence: { signingKeyId: keyId } } } })) > 0;
}

/** The log entry by which a key comes or goes. */
export async function keyEntry(tx: Tx, keyId: string, action: "enrolled" | "revoked", now: Date): Promise<Entry> {
  const key = await tx.signingKey.findUniqueOrThrow({ where: { id: keyId } });
  return {
    type: "key",
    v: 1,
    action,
    organizationId: key.organizationId,
    key: encodeHex(key.spkiSha256),
    spki: encodeBase64(key.spki),
    algorithm: key.algorithm === -8 ? -8 : -7,
    rpId: key.rpId,
    origin: key.origin,
    boundBy: key.boundBy === "dns" || key.boundBy === "well-known" || key.boundBy === "key" ? key.boundBy : "operator",
    approvedBy: null,
    evidenceSha256: null,
    at: now.toISOString(),
  };
}

async function organizationEntry(tx: Tx, payload: Extract<ActPayload, { kind: "sign" }>, now: Date): Promise<Entry> {
  const { organization } = payload;
  const isByDomain =
    organization.domain !== null &&
    (await tx.domainClaim.count({
      where: { organizationId: organization.id, domain: organization.domain, confirmedAt: { not: null } },
    })) > 0;
  return {
    type: "org",
    v: 1,
    action: "verified",
    organizationId: organization.id,
    legalName: organization.legalName,
    displayName: organization.displayName,
    country: organization.country,
    class: organization.class,
    sector: organization.sector === "" ? null : organization.sector,
    domain: organization.domain ?? unconfirmedDomain,
    domainProof: isByDomain ? "dns" : "operator",
    successorId: null,
    by: isByDomain ? "organization" : "operator",
    at: now.toISOString(),
  };
}
