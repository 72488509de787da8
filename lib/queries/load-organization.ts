import { isIdentitySettled } from "#lib/data/change-identity.ts";
import type { Context } from "#lib/data/context.ts";
import { domainRecord } from "#lib/data/domain-proof.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { type MandateState, mandateState } from "#lib/domain/mandate.ts";
import { mayForOrganization, requireForOrganization } from "#lib/domain/rights.ts";
import { type Verification, verificationOf } from "#lib/domain/verification.ts";

/** An organization as its own people see it. */
export type OrganizationView = {
  readonly id: string;
  readonly legalName: string;
  readonly displayName: string;
  readonly country: string;
  readonly countryName: string;
  readonly class: string;
  readonly sector: string;
  readonly website: string | null;
  readonly slug: string | null;
  /** Whether its names, country and class change only by the operator. */
  readonly isSettled: boolean;
  readonly verification: Verification;
  readonly formerNames: readonly { readonly legalName: string; readonly from: Date; readonly to: Date }[];
  readonly may: {
    readonly edit: boolean;
    readonly managePeople: boolean;
    readonly grant: boolean;
    readonly verify: boolean;
    readonly sign: boolean;
  };
  readonly people: readonly {
    readonly membershipId: string;
    readonly userId: string;
    readonly name: string;
    readonly email: string;
    readonly title: string | null;
    readonly roles: readonly string[];
    readonly from: Date;
    readonly isMe: boolean;
  }[];
  readonly invitations: readonly {
    readonly id: string;
    readonly email: string;
    readonly roles: readonly string[];
    readonly expiresAt: Date;
  }[];
  readonly requests: readonly {
    readonly id: string;
    readonly email: string;
    readonly name: string;
    readonly createdAt: Date;
  }[];
  /** An admin whom the operator named and whose day has not come. */
  readonly comingAdmin: {
    readonly appointmentId: string;
    readonly name: string;
    readonly evidence: string;
    readonly takesEffectAt: Date;
  } | null;
  readonly mandates: readonly {
    readonly id: string;
    readonly officer: string;
    readonly title: string;
    readonly grantedBy: string;
    readonly from: Date;
    readonly to: Date | null;
    readonly evidenceNote: string;
    readonly state: MandateState;
  }[];
  readonly domains: readonly {
    readonly id: string;
    readonly domain: string;
    readonly record: { readonly name: string; readonly value: string };
    readonly confirmedAt: Date | null;
    readonly lastCheckedAt: Date | null;
    readonly lastGoodAt: Date | null;
    readonly lastProblem: string | null;
  }[];
  readonly reviews: readonly {
    readonly id: string;
    readonly evidence: string;
    readonly requestedAt: Date;
    readonly outcome: string | null;
    readonly outcomeReason: string | null;
    readonly reviewedAt: Date | null;
  }[];
};

/**
 * Everything about an organization that its own people see.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone outside it.
 */
export async function loadOrganization(ctx: Context, organizationId: string): Promise<OrganizationView> {
  const person = requireForOrganization(ctx.actor, "read-organization", organizationId);
  const row = await ctx.db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    include: {
      names: { where: { to: { not: null } }, orderBy: { from: "asc" } },
      domains: { where: { releasedAt: null }, orderBy: { requestedAt: "asc" } },
      reviews: { orderBy: { requestedAt: "desc" } },
      memberships: { where: { endedAt: null }, orderBy: { from: "asc" }, include: { user: { select: userColumns } } },
      mandates: { orderBy: { grantedAt: "desc" } },
      memberInvitations: { where: { answeredAt: null, expiresAt: { gt: ctx.now } }, orderBy: { createdAt: "asc" } },
    },
  });
  const may = (action: Parameters<typeof mayForOrganization>[1]) => mayForOrganization(person, action, organizationId);
  const names = await namesOf(ctx, [
    ...row.mandates.flatMap((one) => [one.userId, one.grantedBy]),
    ...row.memberInvitations.flatMap((one) => one.requestedBy ?? []),
  ]);
  return {
    id: row.id,
    legalName: row.legalName,
    displayName: row.displayName,
    country: row.country,
    countryName: countryName(row.country),
    class: row.class,
    sector: row.sector,
    website: row.website,
    slug: row.slug,
    isSettled: await isIdentitySettled(ctx.db, organizationId),
    verification: verificationOf(row, ctx.now),
    formerNames: row.names.flatMap((one) => (one.to ? [{ legalName: one.legalName, from: one.from, to: one.to }] : [])),
    may: {
      edit: may("edit-profile"),
      managePeople: may("manage-people"),
      grant: may("grant-mandate"),
      verify: may("check-domain"),
      sign: may("sign"),
    },
    people: row.memberships.map((one) => ({
      membershipId: one.id,
      userId: one.userId,
      name: one.user.name ?? one.user.email,
      email: one.user.email,
      title: one.title,
      roles: one.roles,
      from: one.from,
      isMe: one.userId === person.userId,
    })),
    comingAdmin: await comingAdminOf(ctx, organizationId),
    invitations: may("manage-people")
      ? row.memberInvitations.filter((one) => one.kind === "invitation").map(invitationOf)
      : [],
    requests: may("manage-people")
      ? row.memberInvitations
          .filter((one) => one.kind === "request")
          .map((one) => ({
            id: one.id,
            email: one.email,
            name: names.get(one.requestedBy ?? "") ?? one.email,
            createdAt: one.createdAt,
          }))
      : [],
    mandates: row.mandates.map((one) => ({
      id: one.id,
      officer: names.get(one.userId) ?? "Somebody who has left",
      title: one.title,
      grantedBy: names.get(one.grantedBy) ?? "somebody who has left",
      from: one.from,
      to: one.to,
      evidenceNote: one.evidenceNote,
      state: mandateState(one, ctx.now),
    })),
    domains: row.domains.map((one) => ({
      id: one.id,
      domain: one.domain,
      record: domainRecord(one.domain, row.id),
      confirmedAt: one.confirmedAt,
      lastCheckedAt: one.lastCheckedAt,
      lastGoodAt: one.lastGoodAt,
      lastProblem: one.lastProblem,
    })),
    reviews: row.reviews.map(({ id, evidence, requestedAt, outcome, outcomeReason, reviewedAt }) => ({
      id,
      evidence,
      requestedAt,
      outcome,
      outcomeReason,
      reviewedAt,
    })),
  };
}

async function comingAdminOf({ db }: Context, organizationId: string): Promise<OrganizationView["comingAdmin"]> {
  const row = await db.adminAppointment.findFirst({ where: { organizationId, outcome: null } });
  if (!row) return null;
  const user = await db.user.findUniqueOrThrow({
    where: { id: row.userId },
    select: { name: true, email: true, erasedAt: true },
  });
  const name = user.erasedAt ? "A person who left" : user.name?.trim() || user.email;
  return { appointmentId: row.id, name, evidence: row.evidence, takesEffectAt: row.takesEffectAt };
}

const userColumns = { name: true, email: true } as const;

function invitationOf(row: { id: string; email: string; roles: string[]; expiresAt: Date }) {
  return { id: row.id, email: row.email, roles: row.roles, expiresAt: row.expiresAt };
}

async function namesOf(ctx: Context, userIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await ctx.db.user.findMany({
    where: { id: { in: [...new Set(userIds)] }, erasedAt: null },
    select: { id: true, name: true, email: true },
  });
  return new Map(rows.map((row) => [row.id, row.name ?? row.email]));
}
