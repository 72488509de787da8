"use client";

import { type FormEvent, useState } from "react";
import { Button } from "./button.tsx";
import { CopyText } from "./copy-text.client.tsx";
import { TextArea } from "./field.tsx";

/**
 * A statement that is signed on another machine by the organization's own key: it is downloaded, signed there with the verifier
 * program, and the signed note is brought back. `onNote` gets the note as it came.
 */
export function CarriedStatement({
  statement,
  submit,
  busy,
  onNote,
}: {
  statement: string;
  submit: string;
  busy: boolean;
  onNote: (note: string) => void;
}) {
  const [note, setNote] = useState("");

  function hand(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (note.trim() !== "") onNote(note);
  }

  return (
    <form className="grid gap-5" onSubmit={hand}>
      <ol className="grid list-decimal gap-4 ps-5">
        <li>
          <p className="mb-2">Download the statement and carry it to the machine where the key is.</p>
          <Button onClick={() => save(statement)}>Download statement.txt</Button>
          <details className="mt-3">
            <summary className="cursor-pointer text-sm">Read the statement</summary>
            <pre className="mt-2 overflow-x-auto whitespace-pre-wrap break-all font-mono text-xs">{statement}</pre>
          </details>
        </li>
        <li>
          <p className="mb-2">
            Sign it there. The <a href="/verify">verifier program</a> needs no network, and says in words what it signs.
          </p>
          <CopyText
            what="the command"
            text="node concordat.mjs sign --key key.pem statement.txt > statement.signed.txt"
          />
        </li>
        <li>
          <p className="mb-2">Bring the signed note back here: choose its file, or paste its text.</p>
          <label className="mb-3 block text-sm">
            <span className="sr-only">File of the signed note</span>
            <input
              type="file"
              accept=".txt,text/plain"
              onChange={(event) => {
                void event.target.files?.[0]?.text().then(setNote);
              }}
            />
          </label>
          <TextArea
            label="Signed note"
            name="note"
            rows={6}
            maxLength={20_000}
            spellCheck={false}
            className="font-mono text-xs"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </li>
      </ol>
      <div>
        <Button type="submit" tone="primary" disabled={busy} aria-busy={busy}>
          {busy ? "One moment…" : submit}
        </Button>
      </div>
    </form>
  );
}

function save(statement: string): void {
  const address = URL.createObjectURL(new Blob([statement], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "statement.txt";
  link.click();
  URL.revokeObjectURL(address);
}
