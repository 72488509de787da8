import type { Person } from "#lib/domain/actor.ts";
import type { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { isPublicState, isSignable } from "#lib/domain/version-status.ts";
import type { LockedVersion } from "./open-version.ts";
import type { Db, Tx } from "./store.ts";

type Reader = Pick<Person, "userId" | "email" | "memberships">;

/**
 * Lets only those pass who may know that a version exists: everyone once it is public; before that the organizations at the
 * table, and people who were invited to sign it. To everybody else it does not exist.
 *
 * @throws {Refusal} not-found.
 */
export async function requireReadable(
  db: Db | Tx,
  reader: Reader,
  version: { readonly id: string; readonly charterId: string; readonly state: string },
): Promise<void> {
  if (isPublicState(version.state)) return;
  const organizationIds = reader.memberships.map((one) => one.organizationId);
  const atTable = await db.participant.count({
    where: { charterId: version.charterId, organizationId: { in: organizationIds }, leftAt: null },
  });
  if (atTable > 0) return;
  // Before the opening is set the text is the table's alone, even if an invitation was sent early.
  if (isSignable(version.state) && (await isInvited(db, reader, version.id, organizationIds))) return;
  throw new Refusal("not-found", "There is no such version.");
}

/** Whether an invitation to sign this version waits for the person, by address or by organization. */
export async function isInvited(
  db: Db | Tx,
  reader: Pick<Reader, "email">,
  versionId: string,
  organizationIds: readonly string[],
): Promise<boolean> {
  const count = await db.signingInvitation.count({
    where: {
      versionId,
      state: { notIn: ["REVOKED", "EXPIRED"] },
      OR: [{ email: reader.email }, { organizationId: { in: [...organizationIds] } }],
    },
  });
  return count > 0;
}

/**
 * Lets only an organization pass that the charter's policy lets sign this version.
 *
 * @throws {Refusal} version-closed, not-permitted; each says why.
 */
export async function requireMayJoin(
  db: Db | Tx,
  reader: Reader,
  version: Pick<LockedVersion, "id" | "charterId" | "state" | "policy">,
  organization: { readonly id: string; readonly class: string },
): Promise<void> {
  if (!isSignable(version.state)) throw new Refusal("version-closed", closedMessage(version.state));
  const classes: readonly string[] = version.policy.participantClasses;
  if (!classes.includes(organization.class)) {
    throw new Refusal("not-permitted", "This charter is not addressed to organizations of your class.");
  }
  const policy: CharterPolicy["joinPolicy"] = version.policy.joinPolicy;
  if (policy === "open" && isPublicState(version.state)) return;
  if (await isAtTable(db, version.charterId, organization.id)) return;
  if (policy === "closed") {
    throw new Refusal("not-permitted", "Only the organizations that took part in drafting may sign this charter.");
  }
  if (await isInvited(db, reader, version.id, [organization.id])) return;
  throw new Refusal(
    "not-permitted",
    "Your organization has not been invited to sign; ask the convenor for an invitation.",
  );
}

async function isAtTable(db: Db | Tx, charterId: string, organizationId: string): Promise<boolean> {
  return (await db.participant.count({ where: { charterId, organizationId, leftAt: null } })) > 0;
}

/** Why a version in that state takes no signature, in one sentence. */
export function closedMessage(state: string): string {
  switch (state) {
    case "CANDIDATE":
    case "ADOPTED":
      return "This version is not open for signature yet; you will get a mail when it is.";
    case "SUPERSEDED":
      return "A newer version has taken effect; this one takes no further signatures.";
    case "WITHDRAWN_TEXT":
      return "This text was withdrawn; it can no longer be signed.";
    default:
      return "This version is closed to signature.";
  }
}
