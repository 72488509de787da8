"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { CarriedStatement } from "#app/_ui/carried-statement.client.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { lodgeStatementAction } from "./actions.ts";

/** A statement that was written for the organization's own key and has not come back signed yet. */
export function WaitingStatement({
  preparedId,
  statement,
  until,
}: {
  preparedId: string;
  statement: string;
  /** How long it can be handed in, in words. */
  until: string;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");

  async function lodge(note: string) {
    setBusy(true);
    setProblem("");
    try {
      const answer = await lodgeStatementAction("sign", { preparedId, evidence: { class: "A'", note } });
      if (answer.ok) router.push(`/receipts/${answer.value.actId}?new`);
      else setProblem(answer.message);
    } catch {
      setProblem("The server did not answer. Nothing is known to be signed; press again: pressing twice signs once.");
    } finally {
      setBusy(false);
    }
  }

  return (
    <details className="mb-8 rounded-sm border border-amber border-s-4 bg-amber-wash px-4 py-3">
      <summary className="cursor-pointer font-medium">
        A statement of yours waits for the organization’s own key
      </summary>
      <div className="mt-3 grid gap-4">
        <p className="text-sm">It can be handed in until {until}. Nothing is signed before that.</p>
        <CarriedStatement
          statement={statement}
          submit="Hand in the signature"
          busy={busy}
          onNote={(note) => void lodge(note)}
        />
        <div aria-live="assertive">{problem ? <Notice tone="problem">{problem}</Notice> : null}</div>
      </div>
    </details>
  );
}
