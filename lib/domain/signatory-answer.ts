import type { Signatory } from "./signatory-list.ts";
import type { SignatoryRow } from "./signatory-rows.ts";

/** A list of signatories, or a page of it, as it is answered. `total` counts the organizations before any filter. */
export type AnsweredList = {
  readonly charter: { readonly slug: string };
  readonly asOf: Date;
  readonly counts: { readonly signatories: number; readonly withdrawn: number };
  readonly total: number;
  readonly matching: number;
  readonly rows: readonly SignatoryRow[];
  readonly nextCursor: string | null;
};

/**
 * The list of signatories as JSON. The page's file, the API and whoever rebuilds the list from an export make the same
 * bytes of it, so the order of the keys is part of the answer.
 */
export function signatoriesAnswer(view: AnsweredList) {
  return {
    schemaVersion: 1 as const,
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
      joined: joinedOf(row),
      versions: [...row.versions],
      firstSignedAt: row.firstSignedAt.toISOString(),
      periods: row.periods.map(periodAnswer),
    })),
    nextCursor: view.nextCursor,
  };
}

/** One period of an organization on a list. */
export function periodAnswer(period: Signatory) {
  return {
    actId: period.actId,
    actNumber: period.actNumber,
    version: period.versionNumber,
    joined: joinedOf(period),
    signedAs: period.organization.legalName,
    officerTitle: period.officerTitle,
    signedAt: period.signedAt.toISOString(),
    publishedAt: period.listedAt.toISOString(),
    status: period.status,
    noticeAt: period.noticeAt?.toISOString() ?? null,
    withdrawsAt: period.withdrawsAt?.toISOString() ?? null,
    statementForPublication: period.statementForPublication,
    declaration: period.declaration,
    // Only where there is something to say: a list without them keeps the bytes that it has in exports made before.
    ...(period.reservations.length > 0
      ? { reservations: period.reservations.map(({ clauseId, text }) => ({ clause: clauseId, text })) }
      : {}),
    ...(period.reaffirmedAt ? { reaffirmedAt: period.reaffirmedAt.toISOString() } : {}),
    ...(period.endorsed.length > 0
      ? { endorsedCorrections: period.endorsed.map(({ sha256, at }) => ({ sha256, at: at.toISOString() })) }
      : {}),
    ...(period.mark
      ? { statusSince: period.mark.since.toISOString(), statusBy: period.mark.by, statusReason: period.mark.reason }
      : {}),
    ...(period.successorId ? { signedBy: period.organization.id } : {}),
    evidenceClass: period.evidenceClass,
    statementSha256: period.statementSha256,
  };
}

function joinedOf({ isInitial }: { readonly isInitial: boolean }): "initial" | "later" {
  return isInitial ? "initial" : "later";
}
