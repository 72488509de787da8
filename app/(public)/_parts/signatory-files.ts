import { formatCsv } from "#lib/domain/csv.ts";
import { evidenceWords } from "#lib/domain/evidence-words.ts";
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
  "reservations",
  "declaration",
  "reaffirmed",
  "endorsed_corrections",
  "evidence_class",
  "evidence",
];

/** The list as CSV: one line per organization, the same rows in the same order as the page. */
export function signatoriesCsv(view: PublicSignatories): string {
  return formatCsv([columns, ...view.rows.map(lineOf)]);
}

function lineOf(row: SignatoryRow): string[] {
  // In the order of the periods, one each.
  const evidence = row.periods.map((period) => evidenceWords[period.evidenceClass]);
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
        const mark = period.mark ? ` ${period.mark.kind} since ${period.mark.since.toISOString()}` : "";
        return `version ${period.versionNumber} from ${period.signedAt.toISOString()}${until}${mark}`;
      })
      .join("; "),
    row.periods.flatMap((period) => period.reservations.map((one) => `clause ${one.clauseId}: ${one.text}`)).join("; "),
    row.periods
      .map((period) => period.declaration)
      .filter(Boolean)
      .join("; "),
    row.periods.at(-1)?.reaffirmedAt?.toISOString() ?? "",
    row.periods.flatMap((period) => period.endorsed.map(({ sha256 }) => sha256)).join("; "),
    evidence.map((one) => one.letter).join("; "),
    evidence.map((one) => one.words).join("; "),
  ];
}
