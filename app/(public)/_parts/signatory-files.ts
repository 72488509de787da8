import { formatCsv } from "#lib/domain/csv.ts";
import type { SignatoryRow } from "#lib/domain/signatory-rows.ts";
import type { PublicSignatories } from "#lib/queries/public-signatories.ts";

const columns = [
  "organization",
  "name",
  "signed_as",
  "legal_name",
  "country",
  "class",
  "sector",
  "first_signed",
  "joined",
  "versions",
  "officer_title",
  "status",
  "periods",
];

/** The list as CSV: one line per organization, the same rows in the same order as the page. */
export function signatoriesCsv(view: PublicSignatories): string {
  return formatCsv([columns, ...view.rows.map(lineOf)]);
}

function lineOf(row: SignatoryRow): string[] {
  return [
    row.organizationId,
    row.name,
    row.signedAs ?? "",
    row.legalName,
    row.country,
    row.class,
    row.sector,
    row.firstSignedAt.toISOString(),
    row.isInitial ? "initial" : "later",
    row.versions.join(" "),
    row.periods.at(-1)?.officerTitle ?? "",
    row.status,
    row.periods
      .map((period) => {
        const until = period.withdrawsAt ? ` to ${period.withdrawsAt.toISOString()}` : "";
        return `version ${period.versionNumber} from ${period.signedAt.toISOString()}${until}`;
      })
      .join("; "),
  ];
}
