"use client";

import { type ReactNode, useState } from "react";
import { Notice } from "./frame.tsx";

/** What came of an attempt, in a sentence. */
export type Outcome = { readonly good: boolean; readonly message: string };

/**
 * Runs one piece of work at a time and keeps what came of it: `busy` while it runs, `notice` to be shown and read out
 * after. Work that needs no words answers null. `lost` is said when the server did not answer.
 */
export function useOutcome(lost: string): {
  readonly busy: boolean;
  readonly notice: ReactNode;
  readonly run: (work: () => Promise<Outcome | null>) => void;
} {
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const attempt = async (work: () => Promise<Outcome | null>) => {
    setBusy(true);
    setOutcome(null);
    try {
      setOutcome(await work());
    } catch {
      setOutcome({ good: false, message: `The server did not answer. ${lost}` });
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    notice: (
      <div aria-live="polite">
        {outcome ? <Notice tone={outcome.good ? "good" : "problem"}>{outcome.message}</Notice> : null}
      </div>
    ),
    run: (work) => void attempt(work),
  };
}
