import type { Person } from "#lib/domain/actor.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { orderedReservations, type Reservation, requireNarrower, requireReservable } from "#lib/domain/reservation.ts";
import { isSameName } from "#lib/domain/same-name.ts";
import {
  AlreadySigned,
  nextSignatureStatus,
  requirePublicSignature,
  withdrawalEffectiveOn,
} from "#lib/domain/signature.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import type { Context } from "./context.ts";
import { requireCorrectedCopy, requireNotEndorsed } from "./corrections.ts";
import type { LockedVersion } from "./open-version.ts";
import { findActiveSignature, requireActiveSignature } from "./signatures.ts";
import { requireMayJoin } from "./signing-version.ts";
import type { Standing } from "./standing.ts";
import { standingReservations } from "./standing-reservations.ts";
import type { Tx } from "./store.ts";

/**
 * The signature that an act is about, null when it makes one, and the reservations that its statement carries. `textSha256Hex` is the
 * text it names where that is not the version's own: the corrected copy that is endorsed.
 */
export type Subject = {
  readonly signatureId: string | null;
  readonly reservations: readonly Reservation[];
  readonly textSha256Hex?: string;
};

/** What an officer is about to do, as far as it is judged against what stands. */
export type Wanted = {
  readonly action: LodgingAction;
  readonly organizationId: string;
  readonly typedName: string;
  readonly reservations: readonly Reservation[];
};

/**
 * Checks that the action has its place now, and gives back what it is about.
 *
 * @throws {Refusal} version-closed, already-signed, not-permitted, not-found, conflict, malformed.
 */
export async function requireSubject(
  tx: Tx,
  ctx: Context,
  person: Person,
  version: LockedVersion,
  { organization }: Standing,
  input: Wanted,
): Promise<Subject> {
  if (input.action === "sign") {
    await requireMayJoin(tx, person, version, organization);
    const earlier = await findActiveSignature(tx, version.id, input.organizationId, person.userId);
    if (earlier) throw new AlreadySigned(earlier);
    const { legalName, displayName } = organization;
    if (!isSameName(input.typedName, legalName) && !isSameName(input.typedName, displayName)) {
      throw new Refusal("malformed", `Type the name of the organization you sign for: ${legalName}`);
    }
    if (input.reservations.length > 0) {
      requireReservable(version.policy, await clausesOf(tx, version.id), input.reservations);
    }
    return { signatureId: null, reservations: orderedReservations(input.reservations) };
  }
  const signature = await requireActiveSignature(tx, version.id, input.organizationId);
  const { now } = ctx;
  if (input.action === "retract") nextSignatureStatus(signature.status, { kind: "retract" });
  if (input.action === "withdraw") {
    const effectiveOn = withdrawalEffectiveOn(now, version.policy.withdrawalNoticeDays);
    nextSignatureStatus(signature.status, { kind: "notice", effectiveOn, now });
  }
  if (input.action === "revoke-withdrawal") {
    const effectiveOn = signature.withdrawsAt ?? now;
    nextSignatureStatus(signature.status, { kind: "revoke-notice", effectiveOn, now });
  }
  const standing = await standingReservations(tx, signature.signActId);
  switch (input.action) {
    case "narrow-reservation":
      requirePublicSignature(signature.status);
      requireNarrower(standing, input.reservations);
      return { signatureId: signature.id, reservations: orderedReservations(input.reservations) };
    case "reaffirm":
      requirePublicSignature(signature.status);
      return { signatureId: signature.id, reservations: standing };
    case "endorse-correction": {
      requirePublicSignature(signature.status);
      const textSha256Hex = await requireCorrectedCopy(tx, version.id);
      await requireNotEndorsed(tx, signature.signActId, textSha256Hex);
      return { signatureId: signature.id, reservations: standing, textSha256Hex };
    }
    case "revoke-withdrawal":
      return { signatureId: signature.id, reservations: standing };
    default:
      // What is withdrawn or pulled out is the signature as a whole.
      return { signatureId: signature.id, reservations: [] };
  }
}

async function clausesOf(tx: Tx, versionId: string): Promise<NumberedClause[]> {
  const { canonical } = await tx.charterVersion.findUniqueOrThrow({
    where: { id: versionId },
    select: { canonical: true },
  });
  return numbered(parseCanonicalVersion(canonical).text.clauses);
}
