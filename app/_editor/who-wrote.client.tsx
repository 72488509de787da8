"use client";

import { useCallback, useEffect, useId, useState } from "react";
import { Time } from "#app/_ui/time.tsx";
import { WrittenBy, type WrittenByView } from "#app/_ui/written-by.tsx";
import { clauseAuthorsAction } from "#app/(work)/drafts/[charterId]/edit/actions.ts";
import type { OutlineRow } from "#lib/editor/outline.ts";
import { NameOf } from "./name-of-row.client.tsx";

/** How often it is looked whether the history has gone on. */
const refreshMs = 10_000;

type Answer =
  | { readonly kind: "loading" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "here"; readonly at: Date; readonly view: WrittenByView };

/** Who wrote the clause that the cursor is in: its recorded wording, part by part. */
export function WhoWrote({ charterId, row }: { charterId: string; row: OutlineRow | undefined }) {
  return (
    <section className="grid grid-cols-1 gap-4" aria-label="Who wrote this" data-authors-here tabIndex={-1}>
      <h2 className="font-sans font-medium text-sm">{row ? <NameOf row={row} /> : "Choose a clause"} </h2>
      {row ? (
        <OfClause key={row.id} charterId={charterId} clauseId={row.id} />
      ) : (
        <p className="text-muted text-sm">Put the cursor into a clause to see who wrote its words.</p>
      )}
    </section>
  );
}

function OfClause({ charterId, clauseId }: { charterId: string; clauseId: string }) {
  const id = useId().replaceAll(/\W/g, "");
  const [answer, setAnswer] = useState<Answer>({ kind: "loading" });
  const load = useCallback(async (): Promise<Answer> => {
    const unreachable = { kind: "refused", message: "The server did not answer. Look again in a moment." } as const;
    const result = await clauseAuthorsAction({ charterId, clauseId }).catch(() => undefined);
    if (!result) return unreachable;
    if (!result.ok) return { kind: "refused", message: result.message };
    return { kind: "here", at: result.value.at, view: result.value };
  }, [charterId, clauseId]);
  useEffect(() => {
    let isGone = false;
    void load().then((one) => !isGone && setAnswer(one));
    return () => {
      isGone = true;
    };
  }, [load]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState !== "visible" || !navigator.onLine) return;
      // What is shown stays when nobody answers.
      void load().then((one) => one.kind === "here" && setAnswer(one));
    }, refreshMs);
    return () => clearInterval(timer);
  }, [load]);
  if (answer.kind === "loading") return <p className="text-muted text-sm">Loading who wrote this…</p>;
  return (
    <>
      {answer.kind === "refused" ? (
        <p className="text-muted text-sm">{answer.message}</p>
      ) : (
        <WrittenBy view={answer.view} id={`by-${id}`} />
      )}
      <p className="text-muted text-xs">
        {answer.kind === "here" ? (
          <>
            The wording of <Time at={answer.at} />. What is being written appears here when the typing pauses.{" "}
          </>
        ) : null}
        <button
          type="button"
          className="min-h-6 text-accent underline underline-offset-4"
          onClick={() => void load().then(setAnswer)}
        >
          Look again
        </button>
      </p>
    </>
  );
}
