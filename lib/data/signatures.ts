import { Refusal } from "#lib/domain/refusal.ts";
import {
  activeSignatureStatuses,
  type EarlierSignature,
  type SignatureStatus,
  signatureStatuses,
} from "#lib/domain/signature.ts";
import type { Db, Tx } from "./store.ts";

/** The active signature of an organization on a version, as the refusal of a second one names it. */
export async function findActiveSignature(
  db: Db | Tx,
  versionId: string,
  organizationId: string,
  userId: string,
): Promise<EarlierSignature | undefined> {
  const row = await db.signature.findFirst({
    where: { versionId, organizationId, status: { in: [...activeSignatureStatuses] } },
    select: { signActId: true, signedAt: true },
  });
  if (!row) return undefined;
  const act = await db.act.findUniqueOrThrow({ where: { id: row.signActId }, select: { userId: true } });
  return { actId: row.signActId, signedAt: row.signedAt, isOwn: act.userId === userId };
}

/** A signature that something is about to happen to. */
export type ActiveSignature = {
  readonly id: string;
  readonly signActId: string;
  readonly status: SignatureStatus;
  readonly withdrawsAt: Date | null;
};

/**
 * The active signature of an organization on a version; with `lock` its row is held to the end of the transaction.
 *
 * @throws {Refusal} not-found.
 */
export async function requireActiveSignature(
  tx: Db | Tx,
  versionId: string,
  organizationId: string,
  lock = false,
): Promise<ActiveSignature> {
  if (lock) {
    await tx.$queryRaw`
      SELECT 1 FROM signature WHERE version_id = ${versionId}::uuid AND organization_id = ${organizationId}::uuid
      ORDER BY id FOR UPDATE`;
  }
  const row = await tx.signature.findFirst({
    where: { versionId, organizationId, status: { in: [...activeSignatureStatuses] } },
    select: { id: true, signActId: true, status: true, withdrawsAt: true },
  });
  if (!row) throw new Refusal("not-found", "Your organization has no signature on this version.");
  return { ...row, status: parseSignatureStatus(row.status) };
}

/** Reads a status column. */
export function parseSignatureStatus(text: string): SignatureStatus {
  const status = signatureStatuses.find((one) => one === text);
  if (!status) throw new Error(`No status of a signature: ${text}`);
  return status;
}
