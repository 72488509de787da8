"use client";

import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { keepPrivateDraftAction } from "#app/(work)/drafts/[charterId]/edit/actions.ts";

/** Words of the reader's own that are not in the charter's text, and why. */
export type KeptText = {
  readonly key: string;
  readonly clauseId: string | null;
  readonly heading: string;
  readonly text: string;
  readonly reason: string;
  /** Called once the server keeps it. */
  readonly onKept: () => void;
};

/** The author's own words beside a fresh copy of the text. They are kept as a private draft at once; copying them is one more way. */
export function KeptTexts({
  charterId,
  texts,
  onDone,
}: {
  charterId: string;
  texts: readonly KeptText[];
  onDone: (key: string) => void;
}) {
  return texts.map((kept) => (
    <KeptTextNotice key={kept.key} charterId={charterId} kept={kept} onDone={() => onDone(kept.key)} />
  ));
}

function KeptTextNotice({ charterId, kept, onDone }: { charterId: string; kept: KeptText; onDone: () => void }) {
  const [words, setWords] = useState<string | null>(null);
  const [isKept, setKept] = useState(false);
  const keep = async () => {
    const answer = await keepPrivateDraftAction({
      charterId,
      clauseId: kept.clauseId,
      text: kept.text,
      reason: kept.reason,
    }).catch(() => undefined);
    setKept(answer?.ok === true);
    if (answer?.ok) kept.onKept();
    setWords(
      answer?.ok ? null : (answer?.message ?? "The server did not answer. Copy the text instead, or try again."),
    );
  };
  const hasTried = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as it is shown: whoever leaves now finds the words again
  useEffect(() => {
    if (!hasTried.current) void keep();
    hasTried.current = true;
  }, []);
  const copy = () =>
    navigator.clipboard.writeText(kept.text).then(
      () => setWords("Copied."),
      () => setWords("The browser did not allow copying; select the text and copy it by hand."),
    );
  return (
    <Notice tone="problem" title="Your text did not get into the charter" role="alert">
      <p>
        {kept.reason} {kept.heading ? `You wrote this in “${kept.heading}”:` : "You wrote:"}
      </p>
      <blockquote
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        aria-label="Your text"
        className="my-3 max-h-60 overflow-y-auto whitespace-pre-wrap border-ink border-s-2 ps-3 font-serif"
        data-kept-text
        data-testid="kept-text"
      >
        {kept.text}
      </blockquote>
      {isKept ? (
        <p className="mb-3">
          It is kept for you as a private draft; only you see it, on{" "}
          <Link href={`/drafts/${charterId}`}>the overview</Link>.
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={() => void copy()}>Copy it</Button>
        {isKept ? null : <Button onClick={() => void keep()}>Keep as a private draft</Button>}
        <Button tone="quiet" onClick={onDone}>
          {isKept ? "Close" : "Let it go"}
        </Button>
        {words ? <span role="status">{words}</span> : null}
      </div>
    </Notice>
  );
}
