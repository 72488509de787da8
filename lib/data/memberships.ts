import { Refusal } from "#lib/domain/refusal.ts";
import type { Db, Tx } from "./store.ts";

/** How long an invitation to act for an organization, or a request to, can be answered. */
export const memberInvitationTtlMs = 14 * 24 * 60 * 60 * 1000;

/**
 * Keeps an organization from losing its last admin: called in the transaction, after a role or a membership was taken away.
 * The organization's row is held, so that two admins cannot leave each other behind at once.
 *
 * @throws {Refusal} conflict.
 */
export async function requireAdminLeft(tx: Tx, organizationId: string): Promise<void> {
  await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR UPDATE`;
  const admins = await tx.membership.count({ where: { organizationId, endedAt: null, roles: { has: "admin" } } });
  if (admins === 0) {
    throw new Refusal("conflict", "An organization needs an admin. Give somebody else that role first.");
  }
}

/** Makes a person act for an organization with these roles; roles held already stay. Safe to repeat. */
export async function addMember(
  tx: Tx,
  member: { organizationId: string; userId: string; roles: readonly string[]; now: Date },
): Promise<void> {
  const { organizationId, userId, now } = member;
  const held = await tx.membership.findFirst({
    where: { organizationId, userId, endedAt: null },
    select: { id: true, roles: true },
  });
  if (held) {
    const roles = [...new Set([...held.roles, ...member.roles])];
    await tx.membership.update({ where: { id: held.id }, data: { roles } });
    return;
  }
  await tx.membership.create({ data: { organizationId, userId, roles: [...member.roles], from: now } });
}

/** The mail addresses of those who look after an organization. */
export async function adminAddresses(tx: Db | Tx, organizationId: string): Promise<string[]> {
  const rows = await tx.membership.findMany({
    where: { organizationId, endedAt: null, roles: { has: "admin" }, user: { erasedAt: null } },
    select: { user: { select: { email: true } } },
  });
  return rows.map((row) => row.user.email);
}
