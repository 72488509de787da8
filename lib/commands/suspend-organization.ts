import type { Context } from "#lib/data/context.ts";
import { adminAddresses } from "#lib/data/memberships.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";

/**
 * The operator keeps an organization from new acts, or lifts that. Acts that stand are not touched; the reason goes on record
 * and to the organization's admins.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed.
 */
export async function suspendOrganization(
  ctx: Context,
  input: { organizationId: string; isSuspended: boolean; reason: string },
): Promise<void> {
  const operator = requireOnInstallation(ctx.actor, "suspend-organization");
  const { organizationId, isSuspended } = input;
  const reason = input.reason.trim();
  if (reason.length < 5 || reason.length > 1000) throw new Refusal("malformed", "Give the reason in a sentence.");
  await transaction(ctx.db, async (tx) => {
    const organization = await tx.organization.findUnique({
      where: { id: organizationId },
      select: { displayName: true },
    });
    if (!organization) throw new Refusal("not-found", "There is no such organization.");
    const changed = await tx.organization.updateMany({
      where: { id: organizationId, suspendedAt: isSuspended ? null : { not: null } },
      data: { suspendedAt: isSuspended ? ctx.now : null },
    });
    if (changed.count === 0) return;
    const kind = isSuspended ? "suspend" : "lift-suspension";
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind, subject: organizationId, reason, at: ctx.now },
    });
    await bumpRevisions(tx, [`organization:${organizationId}`]);
    await announceRightsChange(tx, { organizationId });
    for (const to of await adminAddresses(tx, organizationId)) {
      await enqueueMail(tx, {
        kind,
        to,
        content: {
          subject: isSuspended
            ? `${organization.displayName} cannot act for now`
            : `${organization.displayName} can act again`,
          from: "The operator of this installation decided this.",
          paragraphs: [`The reason given: ${reason}`, "Signatures and other acts that stand are not touched by it."],
          action: { label: "Open your organization", path: `/organizations/${organizationId}` },
        },
      });
    }
  });
}
