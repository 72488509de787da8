import { listAddressees } from "./charters.ts";
import { tellOperators } from "./keeper-act.ts";
import { enqueueMail } from "./outbox.ts";
import type { Tx } from "./store.ts";

/** What is told of a coming admin: to the organization's own people, and, naming nobody, to those who sit at a table with it. */
export type NewsOfAdmin = {
  readonly kind: "admin-appointed" | "admin-appointment-over";
  readonly subject: string;
  readonly from: string;
  readonly inside: readonly string[];
  readonly outside: readonly string[];
};

/**
 * Writes to everybody of an organization and, where it sits at the tables of charters, to those who convene them: a takeover must not
 * go by unseen by the very people it would be done to.
 */
export async function tellOfAdmin(tx: Tx, organizationId: string, news: NewsOfAdmin): Promise<void> {
  const members = await tx.membership.findMany({
    where: { organizationId, endedAt: null, user: { erasedAt: null } },
    select: { user: { select: { email: true } } },
  });
  const tables = await tx.participant.findMany({
    where: { organizationId, leftAt: null },
    select: { charter: { select: { convenorOrganizationId: true } } },
  });
  const convenors = tables.map((one) => one.charter.convenorOrganizationId).filter((id) => id !== organizationId);
  const inside = new Set(members.map((one) => one.user.email));
  const outside = (await listAddressees(tx, convenors, ["admin", "representative"])).map((one) => one.email);
  const { kind, from } = news;
  const subject = news.subject.slice(0, 200);
  for (const to of inside) {
    const action = { label: "Open your organization", path: `/organizations/${organizationId}#people` };
    await enqueueMail(tx, { kind, to, content: { subject, from, paragraphs: [...news.inside], action } });
  }
  for (const to of outside.filter((email) => !inside.has(email))) {
    await enqueueMail(tx, { kind, to, content: { subject, from, paragraphs: [...news.outside] } });
  }
}

/**
 * Ends an appointment that waits for its day because the person acts for the organization no more: coming back does not revive it. Whoever
 * was told of the coming admin is told that there is none, without a name; the operators too, who may name another.
 */
export async function lapseAppointment(
  tx: Tx,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  now: Date,
): Promise<void> {
  const { count } = await tx.adminAppointment.updateMany({
    where: { organizationId, userId, outcome: null },
    data: { outcome: "lapsed", decidedAt: now },
  });
  if (count === 0) return;
  const { displayName } = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { displayName: true },
  });
  const subject = `${displayName} gets no other admin`;
  const from = "The person whom the operator named acts for the organization no more.";
  const words = ["Nobody becomes an admin by it, and all roles stay as they are."];
  await tellOfAdmin(tx, organizationId, {
    kind: "admin-appointment-over",
    subject,
    from,
    inside: words,
    outside: words,
  });
  await tellOperators(tx, "admin-appointment-over", {
    subject,
    from,
    paragraphs: ["Where the organization still has no admin, name another member."],
    action: { label: "Open the organization", path: `/operator/organizations/${organizationId}` },
  });
}

/** How a person is called in mail: their name, else what stands before the @ of their address. */
export function calledBy(user: { readonly name: string | null; readonly email: string }): string {
  return user.name?.trim() || (user.email.split("@")[0] ?? "a member");
}
