import { ActPayload } from "#lib/domain/acts.ts";
import { insertAct } from "./acts.ts";
import type { Tx } from "./store.ts";

/** A sealed signature, in the order in which they were given. */
export type Sealed = { readonly id: string; readonly signActId: string };

/** The sealed signatures of a version. The caller holds the version's row for update, so that none is added meanwhile. */
export async function listSealed(tx: Tx, versionId: string): Promise<Sealed[]> {
  return tx.signature.findMany({
    where: { versionId, status: "SEALED" },
    orderBy: [{ signedAt: "asc" }, { id: "asc" }],
    select: { id: true, signActId: true },
  });
}

/**
 * Returns signatures that were never public to their organizations: they count for nothing, and nothing of them ever becomes
 * public. Each return is an act of its own, kept with its reason and private.
 */
export async function returnSignatures(
  tx: Tx,
  version: { readonly id: string; readonly charterId: string },
  signatures: readonly Sealed[],
  { reason, now }: { readonly reason: string; readonly now: Date },
): Promise<void> {
  for (const { id, signActId } of signatures) {
    const { count } = await tx.signature.updateMany({
      where: { id, status: { in: ["SEALED", "LODGED"] } },
      data: { status: "RETURNED" },
    });
    if (count === 0) continue;
    await insertAct(tx, {
      charterId: version.charterId,
      versionId: version.id,
      organizationId: null,
      userId: null,
      at: now,
      payload: { kind: "return", signActId, reason },
    });
  }
}

/** Whether a signature must be examined by the depositary before it becomes public: it was given with reservations. */
export async function isToBeExamined(tx: Tx, signActId: string): Promise<boolean> {
  const act = await tx.act.findUniqueOrThrow({ where: { id: signActId }, select: { payload: true } });
  const payload = ActPayload.parse(act.payload);
  return hasReservations(payload) && !(await isFormAccepted(tx, signActId));
}

/** Whether an act is a signature with reservations. */
export function hasReservations(payload: ActPayload): boolean {
  return payload.kind === "sign" && (payload.reservations ?? []).length > 0;
}

/** Whether the depositary found a signature in due form. */
export async function isFormAccepted(tx: Tx, signActId: string): Promise<boolean> {
  return (
    (await tx.act.count({ where: { kind: "accept-form", payload: { path: ["signActId"], equals: signActId } } })) > 0
  );
}
