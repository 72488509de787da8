import type { Context } from "#lib/data/context.ts";
import { keysOnlySince } from "#lib/data/evidence-rule.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { everySignature, holderOf, type Signatory } from "#lib/domain/signatory-list.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { publicationSelect } from "./public-acts.ts";
import { currentVersion, notPublic, publicVersionWhere, readState } from "./public-charter.ts";
import { clauseNumbersOf } from "./public-signatories.ts";

/** A charter that an organization signed, with its periods on the list, oldest first. */
export type OrganizationCharter = {
  readonly slug: string;
  readonly title: string;
  readonly label: CharterPolicy["signatoryLabel"];
  readonly periods: readonly Signatory[];
  /** Clause numbers by version and clause id, where a reservation names a clause. */
  readonly clauseNumbers: ReadonlyMap<string, string>;
};

/** A name that an organization bore. `to` is null for the present one. */
export type OrganizationNamePeriod = {
  readonly legalName: string;
  readonly displayName: string;
  readonly from: Date;
  readonly to: Date | null;
};

/** An organization as everyone can see it: what it signed in public, and nothing else about it. */
export type PublicOrganization = {
  readonly id: string;
  readonly slug: string;
  readonly legalName: string;
  readonly displayName: string;
  readonly country: string;
  readonly class: string;
  readonly sector: string;
  readonly website: string | null;
  readonly names: readonly OrganizationNamePeriod[];
  readonly charters: readonly OrganizationCharter[];
  /** The charters on which it was entered in error: off every list, and told here for whoever holds an older one. */
  readonly enteredInError: readonly { readonly slug: string; readonly title: string }[];
  /** Since when only its own keys sign for it; null where codes and paper count too. */
  readonly keysOnlySince: Date | null;
  /** Who stands in its place now, and since when; null while it stands for itself. */
  readonly successor: { readonly slug: string | null; readonly displayName: string; readonly since: Date } | null;
};

/**
 * An organization that took part in the public record.
 *
 * @throws {Refusal} not-found for every other slug, whether it exists or not.
 */
export async function loadPublicOrganization(ctx: Context, slug: string): Promise<PublicOrganization> {
  const organization = await ctx.db.organization.findFirst({
    where: { slug },
    select: {
      id: true,
      legalName: true,
      displayName: true,
      country: true,
      class: true,
      sector: true,
      website: true,
      succeededById: true,
      succeededAt: true,
      names: {
        orderBy: { from: "asc" },
        select: { legalName: true, displayName: true, from: true, to: true },
      },
    },
  });
  const found = await chartersOf(ctx, organization?.id);
  if (!organization || found.length === 0) throw notPublic();
  const { succeededById, succeededAt, ...rest } = organization;
  const successor =
    succeededById &&
    (await ctx.db.organization.findUnique({
      where: { id: succeededById },
      select: { slug: true, displayName: true },
    }));
  return {
    ...rest,
    slug,
    website: httpAddress(organization.website),
    charters: found.flatMap(({ isVoid: _, ...charter }) => (charter.periods.length > 0 ? [charter] : [])),
    enteredInError: found.flatMap(({ isVoid, slug, title }) => (isVoid ? [{ slug, title }] : [])),
    keysOnlySince: await keysOnlySince(ctx.db, organization.id),
    successor: successor && succeededAt ? { ...successor, since: succeededAt } : null,
  };
}

/** Asked for an absent organization too, so that a hidden one costs the same queries as one that does not exist. */
async function chartersOf(
  ctx: Context,
  organizationId: string | undefined,
): Promise<(OrganizationCharter & { readonly isVoid: boolean })[]> {
  const id = organizationId ?? "00000000-0000-4000-8000-000000000000";
  // Its own acts, and those about signatures of others that it carries on.
  const carried = await ctx.db.signature.findMany({ where: { succeededBy: id }, select: { organizationId: true } });
  const rows = await ctx.db.actPublication.findMany({
    where: {
      act: {
        organizationId: { in: [id, ...carried.map((row) => row.organizationId)] },
        charter: { visibility: "PUBLIC", slug: { not: null } },
      },
    },
    orderBy: { number: "asc" },
    select: { ...publicationSelect, charterId: true },
  });
  const charters = await ctx.db.charter.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.charterId))] } },
    orderBy: { publishedAt: "desc" },
    select: {
      id: true,
      slug: true,
      policy: true,
      versions: {
        where: publicVersionWhere,
        orderBy: { number: "asc" },
        select: { id: true, number: true, state: true, title: true, sha256: true },
      },
    },
  });
  const signed = charters.map(async (charter) => {
    if (charter.slug === null || charter.versions.length === 0) return [];
    const versions = charter.versions.map(({ sha256, ...row }) => ({
      ...row,
      state: readState(row.state),
      sha256Hex: encodeHex(sha256),
    }));
    const acts = rows
      .filter((row) => row.charterId === charter.id)
      .map((row) => ({
        actId: row.act.id,
        number: row.number,
        versionNumber: versions.find((one) => one.id === row.act.versionId)?.number ?? 0,
        publishedAt: row.publishedAt,
        payload: ActPayload.parse(row.act.payload),
      }));
    const every = everySignature(acts, ctx.now).filter((one) => one.organization.id === id || holderOf(one) === id);
    const periods = every.filter(({ status }) => status !== "void");
    const { signatoryLabel: label } = CharterPolicy.parse(charter.policy);
    if (every.length === 0) return [];
    const clauseNumbers = await clauseNumbersOf(ctx, versions, periods);
    return [
      {
        slug: charter.slug,
        title: currentVersion(versions).title,
        label,
        periods,
        clauseNumbers,
        isVoid: every.length > periods.length,
      },
    ];
  });
  return (await Promise.all(signed)).flat();
}

/** A website as a link that a browser may follow, or null. */
function httpAddress(website: string | null): string | null {
  if (website === null || !URL.canParse(website)) return null;
  const { protocol, href } = new URL(website);
  return protocol === "https:" || protocol === "http:" ? href : null;
}
