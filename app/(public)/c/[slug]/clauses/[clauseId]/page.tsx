import type { Metadata } from "next";
import { LinkButton } from "#app/_ui/button.tsx";
import { ClauseText } from "#app/_ui/clause-text.tsx";
import { Facts, Page, Section } from "#app/_ui/frame.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { Time } from "#app/_ui/time.tsx";
import { WordDiff } from "#app/_ui/word-diff.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { type ClauseReservation, type ClauseStep, loadPublicClause } from "#lib/queries/public-clause.ts";
import { askPlain, charterHead, type PageProps } from "../../../../_parts/ask.ts";
import { CharterHeader } from "../../../../_parts/charter-frame.tsx";
import { RefusedQuery } from "../../../../_parts/refused-query.tsx";
import { citation, reservedWords } from "../../../../_parts/words.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string; clauseId: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, clauseId } = await params;
  const charter = await charterHead(slug);
  if (!charter) return {};
  return {
    title: `A clause of ${charter.title}`,
    alternates: { canonical: `${sharedSite().publicUrl}/c/${slug}/clauses/${clauseId}` },
  };
}

export default async function ClausePage({ params, searchParams }: Props) {
  const { slug, clauseId } = await params;
  const path = `/c/${slug}/clauses/${clauseId}`;
  const asked = await askPlain(searchParams, (ctx) => loadPublicClause(ctx, slug, clauseId));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={path} />;
  const { charter, latest, steps, reservations } = asked.view;
  const { clause, version, sha256Hex } = latest;
  const { publicUrl } = sharedSite();
  const inText = `/c/${slug}${version.number === charter.current.number ? "" : `/v/${version.number}`}#c-${clauseId}`;
  const isGone = version.number < charter.current.number;
  return (
    <Page>
      <CharterHeader
        charter={charter}
        here="none"
        title={clause.number ? `Clause ${clause.number}` : "Preamble"}
        lead={
          isGone
            ? `Last part of version ${version.number}; not in the current version ${charter.current.number}.`
            : `As it stands in version ${version.number}.`
        }
      >
        <LinkButton href={inText}>Read it in the text</LinkButton>
      </CharterHeader>
      <div className="charter-text" lang={version.language}>
        <ClauseText clause={clause} permalink={false} />
      </div>
      <div className="mt-10">
        <Section title="How to cite it">
          <Facts
            facts={[
              ["Permanent address", <code key="a" className="break-all text-sm">{`${publicUrl}${path}`}</code>],
              ["Fingerprint of this clause", <Fingerprint key="f" hashHex={sha256Hex} />],
              [
                "Citation",
                <span key="c" className="select-all break-words text-sm">
                  {citation({
                    title: version.title,
                    clauseNumber: clause.number,
                    version: version.number,
                    sha256Hex: version.sha256Hex,
                    date: version.openedAt,
                    address: `${publicUrl}${path}`,
                  })}
                </span>,
              ],
            ]}
          />
        </Section>
        {reservations.length > 0 ? <Reservations slug={slug} reservations={reservations} /> : null}
        <Section title="History" lead="How the wording came about, from one public version to the next.">
          {steps.length === 1 ? (
            <p className="text-muted">
              This clause has not changed since version {version.number}
              {version.openedAt ? (
                <>
                  , open since <Time at={version.openedAt} style="date" />
                </>
              ) : null}
              .
            </p>
          ) : (
            <ol className="divide-y divide-line border-line border-y">
              {steps.map((step) => (
                <Step key={step.version.id} step={step} slug={slug} />
              ))}
            </ol>
          )}
        </Section>
      </div>
    </Page>
  );
}

function Reservations({ slug, reservations }: { slug: string; reservations: readonly ClauseReservation[] }) {
  return (
    <Section
      title="Reservations"
      lead={`${reservedWords(reservations.length)} A reservation says what of the clause the organization does not accept; all others accept it as it stands.`}
    >
      <ul className="divide-y divide-line border-line border-y">
        {reservations.map((one) => (
          <li key={`${one.organizationId} ${one.versionNumber}`} className="py-4">
            <p>
              <a href={one.slug ? `/o/${one.slug}` : `/c/${slug}/signatories`}>{one.legalName}</a>{" "}
              <span className="text-muted text-sm">
                signed version {one.versionNumber} on <Time at={one.signedAt} style="date" />
              </span>
            </p>
            <p className="mt-1 max-w-prose whitespace-pre-line font-serif text-lg">{one.text}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const changeWords: Readonly<Record<ClauseStep["change"], string>> = {
  introduced: "introduced",
  changed: "changed",
  moved: "renumbered, same words",
  unchanged: "unchanged",
  removed: "removed",
};

function Step({ step, slug }: { step: ClauseStep; slug: string }) {
  const { version, change, clause, sha256Hex } = step;
  return (
    <li className="grid gap-2 py-4 sm:grid-cols-[12rem_1fr] sm:gap-6">
      <div className="text-sm">
        <a href={`/c/${slug}/v/${version.number}${clause ? `#c-${clause.id}` : ""}`}>Version {version.number}</a>
        <span className="block">
          {changeWords[change]}
          {clause?.number ? ` · number ${clause.number}` : ""}
        </span>
        {version.openedAt ? (
          <span className="block text-muted">
            <Time at={version.openedAt} style="date" />
          </span>
        ) : null}
        {sha256Hex ? (
          <span className="block text-muted">
            <Fingerprint hashHex={sha256Hex} short />
          </span>
        ) : null}
      </div>
      <div className="max-w-prose font-serif text-lg" lang={version.language}>
        {change === "changed" ? (
          <>
            {step.heading.length > 0 ? (
              <p className="font-semibold">
                <WordDiff runs={step.heading} />
              </p>
            ) : null}
            <p>
              <WordDiff runs={step.body} />
            </p>
          </>
        ) : change === "introduced" && clause ? (
          <>
            {clause.heading ? <p className="font-semibold">{clause.heading}</p> : null}
            {clause.body.map((block, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: blocks are shown as they stand
              <p key={at}>{block.text}</p>
            ))}
          </>
        ) : (
          <p className="font-sans text-muted text-sm">
            {change === "removed" ? "The clause is not part of this version." : "The words are the same."}
          </p>
        )}
      </div>
    </li>
  );
}
