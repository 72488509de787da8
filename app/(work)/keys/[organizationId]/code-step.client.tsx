"use client";

import { type FormEvent, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";

/** Asks for the code of the mail, which confirms the enrolment of a key that is there already. */
export function CodeStep({ sentTo, busy, onCode }: { sentTo: string; busy: boolean; onCode: (code: string) => void }) {
  const [code, setCode] = useState("");
  function submit(event: FormEvent) {
    event.preventDefault();
    onCode(code);
  }
  return (
    <form className="grid max-w-md gap-4" onSubmit={submit}>
      <TextInput
        label="The code of the mail"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={7}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        hint={`We sent six digits to ${sentTo}. They confirm that it is you who enrols this key.`}
        className="max-w-40 font-mono tracking-widest"
        autoFocus
      />
      <div>
        <Button type="submit" tone="primary" disabled={busy} aria-busy={busy}>
          {busy ? "One moment…" : "Confirm the key"}
        </Button>
      </div>
    </form>
  );
}
