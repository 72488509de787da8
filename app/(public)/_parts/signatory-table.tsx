import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { countryName } from "#lib/domain/country-name.ts";
import type { SignatoryRow } from "#lib/domain/signatory-rows.ts";
import type { PublicSignatories } from "#lib/queries/public-signatories.ts";
import { SignatureStatus } from "./signature-status.tsx";
import { SignedWords } from "./signed-words.tsx";
import { className, evidenceWords } from "./words.ts";

/** The list as a set table, one row per organization; an organization that came back has a line per period. */
export function SignatoryTable({ view, caption }: { view: PublicSignatories; caption: string }) {
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          <HeadCell>Organization</HeadCell>
          {/* Beside the name, where a phone shows it too: a withdrawn organization must not look like a signatory. */}
          <HeadCell>Status</HeadCell>
          <HeadCell>Country</HeadCell>
          <HeadCell>Class</HeadCell>
          <HeadCell>Signed</HeadCell>
          <HeadCell>Version</HeadCell>
          <HeadCell>Through its</HeadCell>
          <HeadCell>Shown by</HeadCell>
        </tr>
      </thead>
      <tbody>
        {view.rows.map((row) => (
          <Row key={row.organizationId} row={row} view={view} />
        ))}
      </tbody>
    </Table>
  );
}

function Row({ row, view }: { row: SignatoryRow; view: PublicSignatories }) {
  const current = view.charter.current.number;
  const latest = Math.max(...row.versions);
  return (
    <tr>
      <RowHead className="min-w-48">
        {row.slug ? (
          <a href={`/o/${row.slug}`} className="text-ink underline decoration-line underline-offset-4">
            {row.name}
          </a>
        ) : (
          row.name
        )}
        {row.signedAs ? <span className="block font-normal text-muted">signed as {row.signedAs}</span> : null}
        {row.periods.map((period) => (
          <SignedWords
            key={period.actId}
            period={period}
            slug={view.charter.slug}
            numbers={view.clauseNumbers}
            isOneOfSeveral={row.periods.length > 1}
          />
        ))}
      </RowHead>
      <Cell>
        {row.periods.every((period) => isPlain(period, view))
          ? "signed"
          : row.periods.map((period) => (
              <span key={period.actId} className="block">
                {row.periods.length > 1 ? <span className="text-muted">version {period.versionNumber}: </span> : null}
                <SignatureStatus period={period} voidSince={view.voidSince.get(period.actId)} />
                {period.successorId ? (
                  <span className="block text-muted">signed as {period.organization.legalName}</span>
                ) : null}
              </span>
            ))}
      </Cell>
      <Cell>{countryName(row.country)}</Cell>
      <Cell>
        {className(row.class)}
        {row.sector ? <span className="block text-muted">{row.sector}</span> : null}
      </Cell>
      <Cell className="whitespace-nowrap">
        {row.periods.map((period) => (
          <span key={period.actId} className="block">
            <Time at={period.signedAt} style="date" />{" "}
            <span className="text-muted">{period.isInitial ? "initial" : "joined later"}</span>
          </span>
        ))}
      </Cell>
      <Cell className="whitespace-nowrap">
        {row.versions.join(", ")}
        {latest < current ? <span className="text-muted"> (current {current})</span> : null}
      </Cell>
      <Cell>{row.periods.at(-1)?.officerTitle}</Cell>
      <Cell className="min-w-32">
        {[...new Set(row.periods.map((period) => evidenceWords(period.evidenceClass)))].map((words) => (
          <span key={words} className="block">
            {words}
          </span>
        ))}
      </Cell>
    </tr>
  );
}

function isPlain({ actId, status, successorId }: SignatoryRow["periods"][number], view: PublicSignatories): boolean {
  return status === "effective" && successorId === null && !view.voidSince.has(actId);
}
