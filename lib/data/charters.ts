import { RowId } from "#lib/domain/ids.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { CharterSeats } from "#lib/domain/rights.ts";
import type { Db, Tx } from "./store.ts";

/** How long an invitation to the table may be answered. */
export const charterInvitationTtlMs = 60 * 24 * 60 * 60 * 1000;

/** An organization at the table, in the order in which they joined. */
export type CharterParticipant = {
  readonly organizationId: string;
  readonly name: string;
  readonly country: string;
  readonly isEditor: boolean;
  readonly joinedAt: Date;
};

/** A charter with who sits where; what the rights on it are decided from. */
export type CharterRecord = Omit<CharterSeats, "participants"> & {
  readonly id: string;
  readonly slug: string | null;
  readonly title: string;
  readonly purpose: string;
  readonly displayType: string;
  readonly template: string;
  readonly language: string;
  readonly policy: CharterPolicy;
  readonly policyFixedAt: Date | null;
  readonly visibility: string;
  readonly createdAt: Date;
  readonly participants: readonly CharterParticipant[];
};

/**
 * A charter and its table. It tells nothing of rights: the caller asks `requireOnCharter` before anything leaves.
 *
 * @throws {Refusal} not-found, also for an id that is none.
 */
export async function loadCharter(db: Db | Tx, charterId: string): Promise<CharterRecord> {
  const row = RowId.safeParse(charterId).success
    ? await db.charter.findUnique({ where: { id: charterId }, select: charterColumns })
    : null;
  if (!row) throw new Refusal("not-found", "There is no such charter.");
  const { participants, policy, ...rest } = row;
  return {
    ...rest,
    policy: CharterPolicy.parse(policy),
    participants: participants.map((one) => ({
      organizationId: one.organizationId,
      name: one.organization.displayName,
      country: one.organization.country,
      isEditor: one.isEditor,
      joinedAt: one.joinedAt,
    })),
  };
}

/**
 * The same, with the charter's row locked until the transaction ends: whatever changes the life of a charter takes this
 * lock first, so that two such commands on one charter follow each other.
 *
 * @throws {Refusal} not-found.
 */
export async function loadCharterForUpdate(tx: Tx, charterId: string): Promise<CharterRecord> {
  if (RowId.safeParse(charterId).success) {
    await tx.$queryRaw`SELECT id FROM charter WHERE id = ${charterId}::uuid FOR UPDATE`;
  }
  return loadCharter(tx, charterId);
}

/** A person who may be written to on behalf of an organization. */
export type Addressee = { readonly userId: string; readonly email: string; readonly organizationId: string };

/** The people of organizations who hold one of the roles now; a person in two of the organizations comes once. */
export async function listAddressees(
  db: Db | Tx,
  organizationIds: readonly string[],
  roles: readonly string[],
): Promise<Addressee[]> {
  const rows = await db.membership.findMany({
    where: {
      organizationId: { in: [...organizationIds] },
      endedAt: null,
      roles: { hasSome: [...roles] },
      user: { erasedAt: null },
    },
    orderBy: { from: "asc" },
    select: { organizationId: true, userId: true, user: { select: { email: true } } },
  });
  const people = new Map<string, Addressee>();
  for (const row of rows) {
    if (people.has(row.userId)) continue;
    people.set(row.userId, { userId: row.userId, email: row.user.email, organizationId: row.organizationId });
  }
  return [...people.values()];
}

/** The name an organization goes by now. */
export async function organizationName(db: Db | Tx, organizationId: string): Promise<string> {
  const row = await db.organization.findUnique({ where: { id: organizationId }, select: { displayName: true } });
  return row?.displayName ?? "";
}

const charterColumns = {
  id: true,
  slug: true,
  title: true,
  purpose: true,
  displayType: true,
  template: true,
  language: true,
  policy: true,
  policyFixedAt: true,
  visibility: true,
  createdAt: true,
  convenorOrganizationId: true,
  depositaryOrganizationId: true,
  participants: {
    where: { leftAt: null },
    orderBy: { joinedAt: "asc" },
    select: {
      organizationId: true,
      isEditor: true,
      joinedAt: true,
      organization: { select: { displayName: true, country: true } },
    },
  },
} as const;
