"use client";

import { useRef, useState, useTransition } from "react";
import { Button } from "#app/_ui/button.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { type ImportPreview, previewImportAction } from "./actions.ts";
import { ImportedText } from "./import-preview.client.tsx";

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
        hint="The first heading becomes the title; headings, paragraphs under a section and list items become clauses, at most 2,000. Numbers are left out, because they are computed."
      />
      <TextInput
        label="Or a file"
        name="file"
        type="file"
        accept=".md,.markdown,.txt,text/markdown,text/plain"
        optional
      />
      <UntilHeard>
        <div>
          <Button onClick={look} disabled={pending} aria-busy={pending}>
            {pending ? "Reading…" : "Show the preview"}
          </Button>
        </div>
      </UntilHeard>
      <div aria-live="polite" className="grid gap-4">
        {problem ? (
          <Notice tone="problem" title="This text cannot be imported">
            {problem}
          </Notice>
        ) : null}
        {preview ? <ImportedText preview={preview} /> : null}
      </div>
    </div>
  );
}
