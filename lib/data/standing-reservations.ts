import { ActPayload } from "#lib/domain/acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { orderedReservations, type Reservation } from "#lib/domain/reservation.ts";
import { reservationHashes } from "#lib/ledger/statement.ts";
import type { Db, Tx } from "./store.ts";

/** The reservations of a signature as they stand: those it was given with, or what the latest narrowing left of them. */
export async function standingReservations(tx: Db | Tx, signActId: string): Promise<Reservation[]> {
  const narrowed = await tx.act.findFirst({
    where: { kind: "narrow-reservation", payload: { path: ["signActId"], equals: signActId } },
    orderBy: { publication: { number: "desc" } },
    select: { payload: true },
  });
  const act = narrowed ?? (await tx.act.findUniqueOrThrow({ where: { id: signActId }, select: { payload: true } }));
  const payload = ActPayload.parse(act.payload);
  return orderedReservations("reservations" in payload ? (payload.reservations ?? []) : []);
}

/**
 * Lets a statement pass only if it repeats the reservations which stand.
 *
 * @throws {Refusal} conflict: they were narrowed since the statement was prepared.
 */
export function requireSameReservations(
  standing: readonly Reservation[],
  repeated: readonly Reservation[] | undefined,
): void {
  if (JSON.stringify(reservationHashes(standing)) === JSON.stringify(reservationHashes(repeated ?? []))) return;
  throw new Refusal("conflict", "The reservations were narrowed meanwhile. Nothing was signed; start again.");
}
