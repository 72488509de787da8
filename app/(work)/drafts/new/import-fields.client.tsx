"use client";

import { useRef, useState, useTransition } from "react";
import { Button } from "#app/_ui/button.tsx";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { type ImportPreview, previewImportAction } from "./actions.ts";

/** Markdown to paste or upload, with what it would become. Part of the form that creates the charter. */
export function ImportFields() {
  const box = useRef<HTMLDivElement>(null);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const look = () => {
    const form = box.current?.closest("form");
    if (!form) return;
    start(async () => {
      const answer = await previewImportAction(new FormData(form));
      setPreview(answer.ok ? answer.value : null);
      setProblem(answer.ok ? null : answer.message);
    });
  };
  return (
    <div ref={box} className="grid gap-4">
      <TextArea
        label="Markdown"
        name="markdown"
        rows={10}
        optional
        className="font-mono text-sm"
        hint="The first heading becomes the title; headings and list items become clauses. Numbers are left out, because they are computed."
      />
      <TextInput
        label="Or a file"
        name="file"
        type="file"
        accept=".md,.markdown,.txt,text/markdown,text/plain"
        optional
      />
      <div>
        <Button onClick={look} disabled={pending} aria-busy={pending}>
          {pending ? "Reading…" : "Show the preview"}
        </Button>
      </div>
      <div aria-live="polite" className="grid gap-4">
        {problem ? (
          <Notice tone="problem" title="This text cannot be imported">
            {problem}
          </Notice>
        ) : null}
        {preview ? (
          <section aria-label="Preview" className="border-line border-y py-6">
            <p className="mb-4 text-muted text-sm">
              {preview.clauses.length} clauses would be made.
              {preview.notes.length > 0 ? " Some of it was left out:" : ""}
            </p>
            {preview.notes.length > 0 ? (
              <ul className="mb-4 list-disc ps-5 text-sm">
                {[...new Set(preview.notes.map(({ line, note }) => `Line ${line}: ${note}`))].map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            ) : null}
            {preview.refused.length > 0 ? (
              <div className="mb-4">
                <Notice tone="wait" title="It holds characters that cannot be signed">
                  They hide, reorder or look like what they are not: {preview.refused.join(", ")}. The draft marks each
                  where it stands and takes them out when you say so.
                </Notice>
              </div>
            ) : null}
            <p className="mb-3 font-semibold font-serif text-2xl">{preview.title}</p>
            <CharterBody clauses={preview.clauses} permalinks={false} />
          </section>
        ) : null}
      </div>
    </div>
  );
}
