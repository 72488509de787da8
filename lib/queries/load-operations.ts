import type { Context } from "#lib/data/context.ts";
import { findLookAlikes } from "#lib/data/look-alikes.ts";
import { hashOfShown, shownOfReview, wantedOf } from "#lib/data/review-shown.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { RowId } from "#lib/domain/ids.ts";
import type { Identity } from "#lib/domain/organization-identity.ts";
import { organizationClasses } from "#lib/domain/policy.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { verificationOf } from "#lib/domain/verification.ts";

/** What an operator looks after. Texts of drafts are no part of it. */
export type OperationsView = {
  readonly counts: {
    readonly people: number;
    readonly organizations: number;
    readonly charters: number;
    readonly publicCharters: number;
    readonly acts: number;
    readonly mailsWaiting: number;
  };
  readonly reviews: readonly {
    readonly id: string;
    readonly organizationId: string;
    readonly legalName: string;
    readonly displayName: string;
    readonly country: string;
    readonly class: string;
    readonly sector: string;
    readonly website: string | null;
    /** What is to change, as it stands and as it is asked for; empty where everything stays. */
    readonly changes: readonly { readonly what: string; readonly from: string; readonly to: string }[];
    /** What a decision has to bring along to show that it is about this. */
    readonly shown: string;
    readonly domains: readonly string[];
    readonly evidence: string;
    readonly requestedAt: Date;
    readonly lookAlikes: readonly string[];
  }[];
  readonly failedMails: readonly {
    readonly id: string;
    readonly kind: string;
    readonly to: string;
    readonly attempts: number;
    readonly problem: string;
    readonly isOver: boolean;
  }[];
  readonly organizations: readonly {
    readonly id: string;
    readonly displayName: string;
    readonly legalName: string;
    readonly country: string;
    readonly verification: string;
    readonly isSuspended: boolean;
  }[];
  readonly actions: readonly {
    readonly id: string;
    readonly kind: string;
    /** The organization it was about, by its name; empty where it was about none, or one that cannot be told. */
    readonly about: string;
    readonly reason: string;
    readonly at: Date;
  }[];
};

/**
 * The operator's overview; `search` narrows the organizations.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone else.
 */
export async function loadOperations(ctx: Context, search: string): Promise<OperationsView> {
  requireOnInstallation(ctx.actor, "read-operations");
  const [counts, reviews, failedMails, organizations, actions] = await Promise.all([
    countAll(ctx),
    openReviews(ctx),
    failing(ctx),
    listOrganizations(ctx, search),
    latestActions(ctx),
  ]);
  return { counts, reviews, failedMails, organizations, actions };
}

/** What operators did lately. Its subject is an organization, or a signature or key of one. */
async function latestActions({ db }: Context): Promise<OperationsView["actions"]> {
  const rows = await db.operatorAction.findMany({
    orderBy: { at: "desc" },
    take: 20,
    select: { id: true, kind: true, subject: true, reason: true, at: true },
  });
  const ids = rows.map((one) => one.subject).filter((id) => RowId.safeParse(id).success);
  const [acts, keys] = await Promise.all([
    db.act.findMany({ where: { id: { in: ids } }, select: { id: true, organizationId: true } }),
    db.signingKey.findMany({ where: { id: { in: ids } }, select: { id: true, organizationId: true } }),
  ]);
  const owners = new Map([...acts, ...keys].map((one) => [one.id, one.organizationId]));
  const organizations = await db.organization.findMany({
    where: { id: { in: [...ids, ...[...owners.values()].flatMap((id) => id ?? [])] } },
    select: { id: true, displayName: true },
  });
  return rows.map(({ subject, ...row }) => {
    const id = owners.get(subject) ?? subject;
    return { ...row, about: organizations.find((one) => one.id === id)?.displayName ?? "" };
  });
}

async function countAll({ db }: Context): Promise<OperationsView["counts"]> {
  const [people, organizations, charters, publicCharters, acts, mailsWaiting] = await Promise.all([
    db.user.count({ where: { erasedAt: null } }),
    db.organization.count(),
    db.charter.count(),
    db.charter.count({ where: { visibility: "PUBLIC" } }),
    db.actPublication.count(),
    db.outbox.count({ where: { sentAt: null, failedAt: null } }),
  ]);
  return { people, organizations, charters, publicCharters, acts, mailsWaiting };
}

async function openReviews(ctx: Context): Promise<OperationsView["reviews"]> {
  const rows = await ctx.db.evidenceReview.findMany({
    where: { outcome: null },
    orderBy: { requestedAt: "asc" },
    take: 50,
    select: { ...shownOfReview, requestedAt: true },
  });
  return Promise.all(
    rows.map(async (row) => {
      const { organization } = row;
      const wanted = wantedOf(row.wanted);
      const alike = await findLookAlikes(ctx.db, wanted ?? organization, { organizationId: organization.id });
      return {
        id: row.id,
        organizationId: organization.id,
        legalName: organization.legalName,
        displayName: organization.displayName,
        country: countryName(organization.country),
        class: classWords(organization.class),
        sector: organization.sector,
        website: organization.website,
        changes: wanted === null ? [] : changesOf(organization, wanted),
        shown: hashOfShown(row),
        domains: organization.domains.map((one) => one.domain),
        evidence: row.evidence,
        requestedAt: row.requestedAt,
        lookAlikes: alike.map((one) => one.legalName),
      };
    }),
  );
}

function changesOf(now: Identity, wanted: Identity): OperationsView["reviews"][number]["changes"] {
  return [
    { what: "Legal name", from: now.legalName, to: wanted.legalName },
    { what: "Display name", from: now.displayName, to: wanted.displayName },
    { what: "Country", from: countryName(now.country), to: countryName(wanted.country) },
    { what: "What it is", from: classWords(now.class), to: classWords(wanted.class) },
  ].filter((one) => one.from !== one.to);
}

function classWords(kind: string): string {
  const words: Readonly<Record<string, string>> = organizationClasses;
  return words[kind] ?? kind;
}

async function failing({ db }: Context): Promise<OperationsView["failedMails"]> {
  const rows = await db.outbox.findMany({
    where: { sentAt: null, lastProblem: { not: null } },
    orderBy: { createdAt: "desc" },
    take: 50,
    select: { id: true, kind: true, to: true, attempts: true, lastProblem: true, failedAt: true },
  });
  return rows.map(({ lastProblem, failedAt, ...row }) => ({
    ...row,
    problem: lastProblem ?? "",
    isOver: failedAt !== null,
  }));
}

async function listOrganizations(ctx: Context, search: string): Promise<OperationsView["organizations"]> {
  const contains = {
    contains: search
      .trim()
      .slice(0, 100)
      .replace(/[%_\\]/g, "\\$&"),
    mode: "insensitive",
  } as const;
  const rows = await ctx.db.organization.findMany({
    where: search.trim() ? { OR: [{ legalName: contains }, { displayName: contains }] } : {},
    orderBy: { createdAt: "desc" },
    take: 25,
    include: { domains: true, reviews: true },
  });
  return rows.map((row) => ({
    id: row.id,
    displayName: row.displayName,
    legalName: row.legalName,
    country: countryName(row.country),
    verification: verificationOf(row, ctx.now).state,
    isSuspended: row.suspendedAt !== null,
  }));
}
