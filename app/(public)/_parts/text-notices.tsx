import { Notice } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { CorrectionHead } from "#lib/queries/public-version.ts";
import { counted } from "./words.ts";

/** What a reader of a text should know of it: a correction under way or published, and clauses that are withheld. */
export function TextNotices({
  slug,
  number,
  corrections,
  withheld,
}: {
  slug: string;
  number: number;
  corrections: readonly CorrectionHead[];
  withheld: number;
}) {
  const proposed = corrections.find((one) => one.state === "PROPOSED");
  const published = corrections.findLast((one) => one.state === "PUBLISHED");
  if (!proposed && !published && withheld === 0) return null;
  const path = `/c/${slug}/v/${number}/corrections`;
  return (
    <div className="no-print mb-8 grid max-w-prose gap-4">
      {proposed ? (
        <Notice tone="wait" title="A correction of this text is proposed">
          Organizations that signed it may object until <Time at={proposed.objectsUntil} style="date" />.{" "}
          <a href={path}>See what would change</a>
        </Notice>
      ) : null}
      {published?.decidedAt ? (
        <Notice title="A corrected copy of this text is published">
          Since <Time at={published.decidedAt} style="date" />. Signatures stay on the text below, which is the one that
          was signed. <a href={path}>See both texts and the difference</a>
        </Notice>
      ) : null}
      {withheld > 0 ? (
        <Notice title={`${counted(withheld, "clause")} of this text ${withheld === 1 ? "is" : "are"} withheld`}>
          The words are not published; their fingerprint stays, and so do all signatures.{" "}
          <a href={`/c/${slug}/notifications`}>Read why in the notifications</a>
        </Notice>
      ) : null}
    </div>
  );
}
