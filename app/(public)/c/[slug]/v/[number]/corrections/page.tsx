import type { Metadata } from "next";
import { Chip, EmptyState, Facts, Page } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { loadPublicCorrections, type PublicCorrection } from "#lib/queries/public-corrections.ts";
import { askPlain, charterHead, type PageProps, pathNumber } from "../../../../../_parts/ask.ts";
import { CharterHeader } from "../../../../../_parts/charter-frame.tsx";
import { ClauseChanges } from "../../../../../_parts/clause-changes.tsx";
import { RefusedQuery } from "../../../../../_parts/refused-query.tsx";
import { copyAnchor } from "../../../../../_parts/words.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string; number: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, number } = await params;
  const charter = await charterHead(slug);
  if (!charter?.versions.some((one) => String(one.number) === number)) return {};
  return {
    title: `${charter.title}: corrections of version ${number}`,
    alternates: { canonical: `${sharedSite().publicUrl}/c/${slug}/v/${number}/corrections` },
  };
}

export default async function CorrectionsPage({ params, searchParams }: Props) {
  const { slug, number } = await params;
  const asked = await askPlain(searchParams, (ctx) => loadPublicCorrections(ctx, slug, pathNumber(number) ?? 0));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={`/c/${slug}/v/${number}`} />;
  const { charter, version, corrections } = asked.view;
  return (
    <Page>
      <CharterHeader
        charter={charter}
        here="none"
        title={`Corrections of version ${version.number}`}
        lead="A manifest error is corrected in a copy of its own when no organization that signed objects in time. Signatures stay on the text that was signed; both can be read."
      >
        <a href={`/c/${slug}/v/${version.number}`}>The text that was signed</a>
      </CharterHeader>
      {corrections.length === 0 ? <EmptyState sentence="No correction of this version was ever proposed." /> : null}
      <div className="grid gap-12">
        {corrections.map((correction) => (
          <Correction key={correction.id} correction={correction} slug={slug} signedHex={version.sha256Hex} />
        ))}
      </div>
    </Page>
  );
}

const states = {
  PROPOSED: { tone: "wait", words: "proposed" },
  OBJECTED: { tone: "plain", words: "refused" },
  PUBLISHED: { tone: "good", words: "published" },
  TAKEN_BACK: { tone: "plain", words: "taken back" },
} as const satisfies Record<PublicCorrection["state"], { tone: string; words: string }>;

function Correction({
  correction,
  slug,
  signedHex,
}: {
  correction: PublicCorrection;
  slug: string;
  signedHex: string;
}) {
  const { state, decidedAt, fell } = correction;
  return (
    <article id={copyAnchor(correction.sha256Hex)} className="grid max-w-prose gap-4">
      <h2 className="flex flex-wrap items-center gap-3 text-xl">
        <span>
          Correction of <Time at={correction.proposedAt} style="date" />
        </span>
        <span className="font-sans">
          <Chip tone={states[state].tone}>{states[state].words}</Chip>
        </span>
      </h2>
      <Facts
        facts={[
          ["Why", correction.reason],
          ["Objections until", <Time key="until" at={correction.objectsUntil} />],
          ...(decidedAt ? [[ended[state], <Time key="decided" at={decidedAt} />] as const] : []),
          ...(fell ? [["Ended by", `${fell.by}: ${fell.reason}`] as const] : []),
          [
            "Text that was signed",
            <span key="signed" className="break-all font-mono text-xs">
              {signedHex}
            </span>,
          ],
          [
            "Corrected copy",
            <a key="copy" href={`/log/blob/${correction.sha256Hex}`} className="break-all font-mono text-xs">
              {correction.sha256Hex}
            </a>,
          ],
          ...(correction.endorsedBy.length > 0
            ? [["Endorsed by", <Endorsers key="by" endorsers={correction.endorsedBy} />] as const]
            : []),
        ]}
      />
      <ClauseChanges clauses={correction.comparison.clauses} slug={slug} />
    </article>
  );
}

/** Who endorsed the copy beside their signature on the text that was signed. */
function Endorsers({ endorsers }: { endorsers: PublicCorrection["endorsedBy"] }) {
  return (
    <ul>
      {endorsers.map(({ name, slug, at }) => (
        <li key={`${name} ${at.getTime()}`}>
          {slug ? <a href={`/o/${slug}`}>{name}</a> : name}, <Time at={at} style="date" />
        </li>
      ))}
    </ul>
  );
}

const ended = {
  PROPOSED: "Decided",
  OBJECTED: "Refused",
  PUBLISHED: "Published",
  TAKEN_BACK: "Taken back",
} as const satisfies Record<PublicCorrection["state"], string>;
