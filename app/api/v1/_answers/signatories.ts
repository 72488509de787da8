import type { Signatory } from "#lib/domain/signatory-list.ts";
import type { PublicSignatories } from "#lib/queries/public-signatories.ts";
import { type Signatories, schemaVersion } from "./schemas.ts";

/** The list of signatories as JSON; the page's file and the API give the same. */
export function signatoriesAnswer(view: PublicSignatories): Signatories {
  return {
    schemaVersion,
    charter: view.charter.slug,
    asOf: view.asOf.toISOString(),
    counts: { ...view.counts, organizations: view.total, matching: view.matching },
    signatories: view.rows.map((row) => ({
      organization: row.organizationId,
      slug: row.slug,
      name: row.name,
      signedAs: row.signedAs,
      legalName: row.legalName,
      country: row.country,
      class: row.class,
      sector: row.sector,
      domain: row.domain,
      status: row.status,
      joined: row.isInitial ? "initial" : "later",
      versions: [...row.versions],
      firstSignedAt: row.firstSignedAt.toISOString(),
      periods: row.periods.map(periodAnswer),
    })),
    nextCursor: view.nextCursor,
  };
}

/** One period of an organization on a list. */
export function periodAnswer(period: Signatory): Signatories["signatories"][number]["periods"][number] {
  return {
    actId: period.actId,
    actNumber: period.actNumber,
    version: period.versionNumber,
    joined: period.isInitial ? "initial" : "later",
    signedAs: period.organization.legalName,
    officerTitle: period.officerTitle,
    signedAt: period.signedAt.toISOString(),
    publishedAt: period.listedAt.toISOString(),
    status: period.status,
    noticeAt: period.noticeAt?.toISOString() ?? null,
    withdrawsAt: period.withdrawsAt?.toISOString() ?? null,
    statementForPublication: period.statementForPublication,
    declaration: period.declaration,
    evidenceClass: period.evidenceClass,
    statementSha256: period.statementSha256,
  };
}
