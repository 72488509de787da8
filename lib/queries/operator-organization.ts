import type { Context } from "#lib/data/context.ts";
import { haveRecords } from "#lib/data/convenor-handover.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { verificationOf } from "#lib/domain/verification.ts";

/** A charter that the organization convenes, as an operator needs to know it to hand that on: nothing of its text. */
export type ConvenedCharter = {
  readonly charterId: string;
  /** Null while the charter is not public: its title is the table's. */
  readonly title: string | null;
  readonly createdAt: Date;
  readonly mayPassRecord: boolean;
  readonly others: readonly { readonly id: string; readonly name: string }[];
  /** The offer that waits for its answer. */
  readonly open: {
    readonly handoverId: string;
    readonly to: string;
    readonly isByOperator: boolean;
    readonly offeredAt: Date;
  } | null;
};

/** One organization as an operator looks after it: who acts for it, and what it convenes. */
export type OperatorOrganization = {
  readonly id: string;
  readonly displayName: string;
  readonly legalName: string;
  readonly country: string;
  readonly verification: string;
  readonly domains: readonly string[];
  readonly people: readonly {
    readonly membershipId: string;
    readonly name: string;
    readonly email: string;
    readonly roles: readonly string[];
    readonly from: Date;
    readonly lastSeenAt: Date | null;
  }[];
  /** The latest first. */
  readonly appointments: readonly {
    readonly id: string;
    readonly person: string;
    readonly evidence: string;
    readonly appointedAt: Date;
    readonly takesEffectAt: Date;
    readonly outcome: string | null;
  }[];
  readonly charters: readonly ConvenedCharter[];
};

/**
 * What an operator sees of one organization.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone else, and for an organization that is none.
 */
export async function loadOperatorOrganization(ctx: Context, organizationId: string): Promise<OperatorOrganization> {
  requireOnInstallation(ctx.actor, "appoint-admin");
  const row = RowId.safeParse(organizationId).success
    ? await ctx.db.organization.findUnique({
        where: { id: organizationId },
        include: {
          domains: true,
          reviews: true,
          memberships: {
            where: { endedAt: null, user: { erasedAt: null } },
            orderBy: { from: "asc" },
            include: { user: { select: userColumns } },
          },
        },
      })
    : null;
  if (!row) throw new Refusal("not-found", "There is no such organization.");
  return {
    id: row.id,
    displayName: row.displayName,
    legalName: row.legalName,
    country: countryName(row.country),
    verification: verificationOf(row, ctx.now).state,
    domains: row.domains.filter((one) => one.confirmedAt && !one.releasedAt).map((one) => one.domain),
    people: row.memberships.map(({ id, user, roles, from }) => ({
      membershipId: id,
      name: user.name?.trim() || user.email,
      email: user.email,
      roles,
      from,
      lastSeenAt: user.sessions[0]?.lastSeenAt ?? null,
    })),
    appointments: await appointmentsOf(ctx, row.id),
    charters: await convenedBy(ctx, row.id),
  };
}

async function appointmentsOf({ db }: Context, organizationId: string): Promise<OperatorOrganization["appointments"]> {
  const rows = await db.adminAppointment.findMany({ where: { organizationId }, orderBy: { appointedAt: "desc" } });
  const users = await db.user.findMany({
    where: { id: { in: rows.map((one) => one.userId) }, erasedAt: null },
    select: { id: true, name: true, email: true },
  });
  return rows.map(({ userId, id, evidence, appointedAt, takesEffectAt, outcome }) => {
    const user = users.find((one) => one.id === userId);
    const person = user ? user.name?.trim() || user.email : "A person who left";
    return { id, person, evidence, appointedAt, takesEffectAt, outcome };
  });
}

async function convenedBy({ db }: Context, organizationId: string): Promise<ConvenedCharter[]> {
  const charters = await db.charter.findMany({
    where: { convenorOrganizationId: organizationId },
    orderBy: { createdAt: "desc" },
    select: {
      id: true,
      title: true,
      visibility: true,
      createdAt: true,
      depositaryOrganizationId: true,
      participants: {
        where: { leftAt: null },
        orderBy: { joinedAt: "asc" },
        select: { organizationId: true, organization: { select: { displayName: true } } },
      },
    },
  });
  const open = await db.convenorHandover.findMany({
    where: { charterId: { in: charters.map((one) => one.id) }, answer: null },
  });
  const recorded = await haveRecords(
    db,
    charters.map((one) => one.id),
  );
  return charters.map(({ id, title, visibility, createdAt, depositaryOrganizationId, participants }) => {
    const others = participants
      .filter((one) => one.organizationId !== organizationId)
      .map((one) => ({ id: one.organizationId, name: one.organization.displayName }));
    const offer = open.find((one) => one.charterId === id);
    return {
      charterId: id,
      title: visibility === "PUBLIC" ? title : null,
      createdAt,
      mayPassRecord: depositaryOrganizationId === organizationId && !recorded.has(id),
      others,
      open: offer
        ? {
            handoverId: offer.id,
            to: others.find((one) => one.id === offer.toId)?.name ?? "An organization",
            isByOperator: offer.by === "operator",
            offeredAt: offer.offeredAt,
          }
        : null,
    };
  });
}

const userColumns = {
  name: true,
  email: true,
  sessions: { orderBy: { lastSeenAt: "desc" }, take: 1, select: { lastSeenAt: true } },
} as const;
