"use client";

import { type FormEvent, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { CodeInput } from "#app/_ui/code-input.client.tsx";

/** Asks for the code of the mail, which confirms the enrolment of a key that is there already. */
export function CodeStep({ sentTo, busy, onCode }: { sentTo: string; busy: boolean; onCode: (code: string) => void }) {
  const [code, setCode] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    onCode(code);
  }
  return (
    <form className="grid max-w-md gap-4" onSubmit={submit}>
      <CodeInput
        value={code}
        onChange={setCode}
        sentTo={sentTo}
        meaning="They confirm that it is you who enrols this key."
      />
      <div>
        <Button type="submit" tone="primary" disabled={busy} aria-busy={busy}>
          {busy ? "One moment…" : "Confirm the key"}
        </Button>
      </div>
    </form>
  );
}
