import { z } from "zod";
import { ActOrganization } from "#lib/domain/acts.ts";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { Reservations } from "#lib/domain/reservation.ts";
import type { Db, Tx } from "./store.ts";

/** What the act of a prepared statement will print, and what its evidence is to be checked against. */
export const PreparedFields = z.strictObject({
  organization: ActOrganization,
  officerName: z.string(),
  officerTitle: z.string(),
  officerCommitment: z.string(),
  statementForPublication: z.string(),
  declaration: z.string(),
  reason: z.string(),
  /** Those that the statement carries; left out for the whole text. */
  reservations: Reservations.optional(),
  keyId: z.uuid().nullable(),
  challengeId: z.uuid().nullable(),
  signatureId: z.uuid().nullable(),
});
export type PreparedFields = z.infer<typeof PreparedFields>;

/** A statement that waits for its officer's passkey or code. */
export type Prepared = {
  readonly id: string;
  readonly versionId: string;
  readonly organizationId: string;
  readonly action: LodgingAction;
  readonly statement: string;
  readonly fields: PreparedFields;
  readonly salt: Uint8Array;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
};

/**
 * A statement that this person prepared for that action.
 *
 * @throws {Refusal} not-found.
 */
export async function loadPrepared(db: Db | Tx, id: string, userId: string, action: LodgingAction): Promise<Prepared> {
  const [row] = await db.$queryRaw<Omit<Prepared, "action">[]>`
    SELECT id, version_id AS "versionId", organization_id AS "organizationId", statement, fields, salt,
           created_at AS "createdAt", expires_at AS "expiresAt", used_at AS "usedAt"
    FROM prepared_statement WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND action = ${action}`;
  if (!row) throw new Refusal("not-found", "This statement is no longer there. Start again; nothing was signed.");
  return { ...row, action, fields: PreparedFields.parse(row.fields) };
}

/**
 * Spends a prepared statement, once. Of two lodgings of one statement the second waits here for the first to end.
 *
 * @throws {Refusal} expired when its time is over; conflict when it was used.
 */
export async function spendPrepared(tx: Tx, prepared: Prepared, now: Date): Promise<void> {
  if (prepared.expiresAt <= now) {
    throw new Refusal(
      "expired",
      "Too much time has passed since this statement was prepared. Nothing was signed; confirm once more.",
    );
  }
  const used = await tx.$executeRaw`
    UPDATE prepared_statement SET used_at = ${now}::timestamptz WHERE id = ${prepared.id}::uuid AND used_at IS NULL`;
  if (used === 0) throw new Refusal("conflict", "This statement was lodged already.");
}
