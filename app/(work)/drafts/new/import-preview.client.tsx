"use client";

import { useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import type { ImportPreview } from "./actions.ts";

/** How many clauses are shown at a time: a browser that lays out thousands at once stands still. */
const pageSize = 100;

/** What a text would become: how many clauses, what was left out or kept otherwise, and the clauses, a hundred at a time. */
export function ImportedText({ preview }: { preview: ImportPreview }) {
  const [shown, setShown] = useState(pageSize);
  const { clauses } = preview;
  const left = clauses.length - shown;
  const notes = [...new Set(preview.notes.map(({ line, note }) => `Line ${line}: ${note}`))];
  return (
    <section aria-label="Preview" className="border-line border-y py-6">
      <p className="mb-4 text-muted text-sm">
        {clauses.length === 1 ? "One clause would be made." : `${counted(clauses.length)} clauses would be made.`}
        {notes.length > 0 ? " Not all of it was taken as it stands:" : ""}
      </p>
      {notes.length > 0 ? (
        <ul className="mb-4 list-disc ps-5 text-sm">
          {notes.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      ) : null}
      {preview.refused.length > 0 ? (
        <div className="mb-4">
          <Notice tone="wait" title="It holds characters that cannot be signed">
            They hide, reorder or look like what they are not: {preview.refused.join(", ")}. The draft marks each where
            it stands and takes them out when you say so.
          </Notice>
        </div>
      ) : null}
      <p className="mb-3 font-semibold font-serif text-2xl">{preview.title}</p>
      <CharterBody clauses={clauses.slice(0, shown)} permalinks={false} />
      {left > 0 ? (
        <div className="mt-6 flex flex-wrap items-center gap-4">
          <p className="text-muted text-sm">
            These are the first {counted(shown)} of {counted(clauses.length)}; all of them are imported.
          </p>
          <Button onClick={() => setShown(shown + pageSize)}>Show {counted(Math.min(pageSize, left))} more</Button>
        </div>
      ) : null}
    </section>
  );
}

function counted(count: number): string {
  return count.toLocaleString("en-GB");
}
