import type { Context } from "#lib/data/context.ts";
import { adminAddresses, memberInvitationTtlMs } from "#lib/data/memberships.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/** Requests one person may have open at once. */
const openMax = 5;

/**
 * Asks the admins of an existing organization to let the person act for it. Asking again changes nothing.
 *
 * @throws {Refusal} not-signed-in, not-found, conflict, too-many.
 */
export async function askToJoin(ctx: Context, organizationId: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  if (membershipIn(person, organizationId)) throw new Refusal("conflict", "You act for this organization already.");
  await transaction(ctx.db, async (tx) => {
    const organization = await tx.organization.findUnique({
      where: { id: organizationId },
      select: { displayName: true },
    });
    if (!organization) throw new Refusal("not-found", "There is no such organization.");
    const open = await tx.membershipInvitation.findMany({
      where: { kind: "request", requestedBy: person.userId, answeredAt: null, expiresAt: { gt: ctx.now } },
      select: { organizationId: true },
    });
    if (open.some((one) => one.organizationId === organizationId)) return;
    if (open.length >= openMax)
      throw new Refusal("too-many", "You asked several organizations already. Wait for their answers.");
    await tx.membershipInvitation.create({
      data: {
        organizationId,
        email: person.email,
        roles: ["observer"],
        kind: "request",
        requestedBy: person.userId,
        createdAt: ctx.now,
        expiresAt: new Date(ctx.now.getTime() + memberInvitationTtlMs),
      },
    });
    for (const to of await adminAddresses(tx, organizationId)) {
      await enqueueMail(tx, {
        kind: "join-request",
        to,
        content: {
          subject: `${person.name} asks to act for ${organization.displayName}`,
          from: `${person.name} (${person.email}) asks to act for ${organization.displayName} on Concordat.`,
          paragraphs: [
            "Decide on the page of your organization, and choose the roles there. Nothing changes until you do.",
          ],
          action: { label: "See the request", path: `/organizations/${organizationId}#people` },
        },
      });
    }
  });
}
