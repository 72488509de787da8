import type { ReactNode } from "react";

/** Somebody as they are named beside words: the organization first, the person second, or alone when erased. */
type Named = { readonly organization: string; readonly person: string | null };

/** Who wrote a clause, in plain values that may cross to the browser. */
export type WrittenByView = {
  readonly heading: readonly Stretch[];
  readonly blocks: readonly { readonly isPoint: boolean; readonly runs: readonly Stretch[] }[];
  readonly hands: readonly {
    readonly first: Named | null;
    readonly last: Named | null;
    readonly pattern: number;
    readonly words: number;
  }[];
};

type Stretch = { readonly text: string; readonly hand: number };

/** One underline per organization, told apart without colour; from the sixth on they repeat, and the number tells. */
const underlines = [
  "decoration-solid decoration-1",
  "decoration-dashed decoration-1",
  "decoration-dotted decoration-2",
  "decoration-double decoration-1",
  "decoration-wavy decoration-1",
];

/**
 * The text of a clause, each stretch underlined in its first author's organization's pattern and numbered; the numbers
 * lead to the list below it. `id` tells several of these on one page apart.
 */
export function WrittenBy({ view, id }: { view: WrittenByView; id: string }): ReactNode {
  const { heading, blocks, hands } = view;
  if (hands.length === 0) return <p className="text-muted text-sm">There are no words in this clause yet.</p>;
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="grid gap-2 break-words font-serif leading-relaxed">
        {heading.length > 0 ? (
          <p className="font-semibold">
            <Stretches runs={heading} hands={hands} id={id} />
          </p>
        ) : null}
        {blocks.map(({ isPoint, runs }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs have no name of their own, and none moves
          <p key={at} className={isPoint ? "ms-4" : ""}>
            {isPoint ? "• " : null}
            <Stretches runs={runs} hands={hands} id={id} />
          </p>
        ))}
      </div>
      <ol className="grid gap-2 text-sm" aria-label="Who wrote these words">
        {hands.map((hand, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a hand is its number
          <li key={at} id={`${id}-${at + 1}`} tabIndex={-1} className="grid grid-cols-[1.5rem_1fr] scroll-mt-24">
            <span className={`tabular-nums underline underline-offset-4 ${underline(hand.pattern)}`}>{at + 1}</span>
            <span>
              <Sentence first={hand.first} last={hand.last} />
              <span className="text-muted">
                {" "}
                · {hand.words} {hand.words === 1 ? "word" : "words"}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Stretches({
  runs,
  hands,
  id,
}: {
  runs: readonly Stretch[];
  hands: WrittenByView["hands"];
  id: string;
}): ReactNode {
  return runs.map(({ text, hand }, at) => {
    const words = text.trimEnd();
    const { first = null, last = null, pattern = 0 } = hands[hand] ?? {};
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: a stretch is its place
      <span key={at}>
        <span className={`underline decoration-muted underline-offset-4 ${underline(pattern)}`}>{words}</span>
        <a
          href={`#${id}-${hand + 1}`}
          aria-label={`${hand + 1}: ${sentenceOf(first, last)}`}
          title={sentenceOf(first, last)}
          className="px-1 align-super font-sans text-accent text-xs no-underline"
        >
          {hand + 1}
        </a>
        {text.slice(words.length)}
      </span>
    );
  });
}

function underline(pattern: number): string {
  return underlines[pattern % underlines.length] ?? "";
}

/** The sentence of `sentenceOf`, where no name can reorder the words around it. */
function Sentence({ first, last }: { first: Named | null; last: Named | null }): ReactNode {
  return (
    <>
      {first ? "First written by " : "It is not recorded who wrote this first"}
      {first ? <bdi>{nameOf(first)}</bdi> : null}
      {isSame(first, last) ? null : last ? ", last placed by " : ", nor who placed it last"}
      {last && !isSame(first, last) ? <bdi>{nameOf(last)}</bdi> : null}
    </>
  );
}

/** "First written by Northlight (Ada Brandt), last placed by Meridian (Priya Raman)". */
function sentenceOf(first: Named | null, last: Named | null): string {
  const written = first ? `First written by ${nameOf(first)}` : "It is not recorded who wrote this first";
  if (isSame(first, last)) return written;
  return `${written}, ${last ? `last placed by ${nameOf(last)}` : "nor who placed it last"}`;
}

function isSame(first: Named | null, last: Named | null): boolean {
  return first?.organization === last?.organization && first?.person === last?.person;
}

function nameOf({ organization, person }: Named): string {
  return person ? `${organization} (${person})` : organization;
}
