import { CharterBody } from "#app/_ui/clause-text.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { Time } from "#app/_ui/time.tsx";
import { headingOf, type NumberedClause } from "#lib/domain/charter-text.ts";
import type { PublicCharter, PublicVersion } from "#lib/queries/public-charter.ts";
import { citation, reservedWords } from "./words.ts";

/** A version for reading: contents beside the text, the text, and what identifies it. `children` leads the right column. */
export function VersionBody({
  charter,
  version,
  clauses,
  publicUrl,
  reserved,
  children,
}: {
  charter: PublicCharter;
  version: PublicVersion;
  clauses: readonly NumberedClause[];
  publicUrl: string;
  /** How many signatories reserve a clause today, by its id. */
  reserved: ReadonlyMap<string, number>;
  children?: React.ReactNode;
}) {
  const base = `/c/${charter.slug}`;
  return (
    <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[12rem_minmax(0,1fr)_16rem] print:block">
      <Contents clauses={clauses} />
      <article className="min-w-0 lg:order-2" lang={version.language}>
        <h2 className="sr-only">Text</h2>
        <CharterBody
          clauses={clauses}
          note={(clause) => (
            <>
              {reserved.has(clause.id) ? (
                <p className="font-sans text-sm">
                  <a href={`${base}/clauses/${clause.id}`}>{reservedWords(reserved.get(clause.id) ?? 0)}</a>
                </p>
              ) : null}
              <p className="no-print -mb-4 h-4 font-sans text-xs leading-4 opacity-0 focus-within:opacity-100 group-hover/clause:opacity-100 [@media(hover:none)]:mt-1 [@media(hover:none)]:mb-0 [@media(hover:none)]:opacity-100">
                <a href={`${base}/clauses/${clause.id}`} className="text-muted underline underline-offset-4">
                  {clause.number ? `History of ${clause.number}, and how to cite it` : "History, and how to cite it"}
                </a>
              </p>
            </>
          )}
        />
        <p className="mt-10 hidden border-black border-t pt-2 text-xs print:block">
          {charter.title}, version {version.number}. SHA-256 {version.sha256Hex}. {publicUrl}
          {base}/v/{version.number}
        </p>
      </article>
      <aside aria-label="About this text" className="no-print grid content-start gap-8 text-sm lg:order-3">
        {children}
        <Identity version={version} />
        <Versions charter={charter} shown={version} />
        <Documents charter={charter} version={version} publicUrl={publicUrl} />
      </aside>
    </div>
  );
}

function Contents({ clauses }: { clauses: readonly NumberedClause[] }) {
  const entries = clauses.filter((clause) => headingOf(clause) !== "" && clause.level <= 1);
  if (entries.length < 3) return <div className="hidden lg:order-1 lg:block" />;
  const list = (
    <ol className="mt-2 grid gap-0.5 border-line border-s">
      {entries.map((clause) => (
        <li key={clause.id}>
          <a
            href={`#c-${clause.id}`}
            className="-ms-px flex gap-2 border-transparent border-s py-0.5 ps-3 text-muted no-underline hover:border-accent hover:text-ink"
          >
            {clause.number ? <span className="shrink-0 tabular-nums">{clause.number}</span> : null}
            <span>{clause.heading || headingOf(clause)}</span>
          </a>
        </li>
      ))}
    </ol>
  );
  return (
    <nav aria-label="Contents" className="no-print text-sm lg:order-1">
      <details className="lg:hidden">
        <summary className="py-1 font-medium">Contents</summary>
        {list}
      </details>
      <div className="sticky top-6 hidden max-h-[calc(100dvh-3rem)] overflow-y-auto lg:block">
        <h2 className="font-medium font-sans text-sm">Contents</h2>
        {list}
      </div>
    </nav>
  );
}

function Identity({ version }: { version: PublicVersion }) {
  return (
    <section>
      <h2 className="font-medium font-sans text-sm">Fingerprint</h2>
      <div className="mt-3 flex items-start gap-4 lg:block">
        <Seal hashHex={version.sha256Hex} size={112} />
        <div>
          <p className="lg:mt-3">
            <Fingerprint hashHex={version.sha256Hex} />
          </p>
          <p className="mt-2 text-muted">
            SHA-256 of the exact text that is signed. The seal is drawn from it to help the eye; the fingerprint is the
            proof. <a href={`/verify?hash=${version.sha256Hex}`}>Check it</a>
          </p>
        </div>
      </div>
    </section>
  );
}

function Versions({ charter, shown }: { charter: PublicCharter; shown: PublicVersion }) {
  const base = `/c/${charter.slug}`;
  return (
    <section>
      <h2 className="font-medium font-sans text-sm">Versions</h2>
      <ul className="mt-2 divide-y divide-line border-line border-y">
        {[...charter.versions].reverse().map((version) => (
          <li key={version.id} className="py-2">
            <a
              href={version.number === charter.current.number ? base : `${base}/v/${version.number}`}
              {...(version.number === shown.number ? { "aria-current": "page" as const } : {})}
              className="text-accent underline underline-offset-4 aria-[current]:text-ink aria-[current]:no-underline"
            >
              Version {version.number}
            </a>
            {version.openedAt ? (
              <span className="text-muted">
                {" "}
                · open since <Time at={version.openedAt} style="date" />
              </span>
            ) : null}
            {version.number > 1 && charter.versions.some((one) => one.number === version.number - 1) ? (
              <a
                href={`${base}/compare/${version.number - 1}...${version.number}`}
                className="mt-1 block w-fit text-accent underline underline-offset-4"
              >
                What changed since version {version.number - 1}
              </a>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Documents({
  charter,
  version,
  publicUrl,
}: {
  charter: PublicCharter;
  version: PublicVersion;
  publicUrl: string;
}) {
  const base = `/c/${charter.slug}/v/${version.number}`;
  return (
    <section className="grid gap-3">
      <details>
        <summary className="py-1 font-medium">Cite this text</summary>
        <p className="mt-1 select-all wrap-anywhere rounded-sm bg-wash p-3 text-xs">
          {citation({
            title: version.title,
            version: version.number,
            sha256Hex: version.sha256Hex,
            date: version.openedAt,
            address: `${publicUrl}${base}`,
          })}
        </p>
      </details>
      <details>
        <summary className="py-1 font-medium">Documents</summary>
        <ul className="mt-1 grid gap-1">
          <li>
            <a href={`${base}/text.md`}>Markdown</a>
          </li>
          <li>
            <a href={`${base}/text.json`}>Canonical JSON</a>
            <span className="text-muted">, the bytes that are signed</span>
          </li>
          <li>
            <a href={`/api/v1/charters/${charter.slug}/export.zip`}>Everything as an archive</a>
            <span className="text-muted">, to check offline</span>
          </li>
          <li className="text-muted">This page prints as a document, with clause numbers and the fingerprint.</li>
        </ul>
      </details>
      <p>
        <a href={`/c/${charter.slug}/report`}>Report an error</a>
      </p>
    </section>
  );
}
