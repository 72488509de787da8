"use client";

import { TextInput } from "./field.tsx";

/** The field for the six digits of a mail. `meaning` says what they confirm. */
export function CodeInput({
  value,
  onChange,
  sentTo,
  meaning,
}: {
  value: string;
  onChange: (code: string) => void;
  sentTo: string;
  meaning: string;
}) {
  return (
    <TextInput
      label="The code of the mail"
      name="code"
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      hint={`We sent six digits to ${sentTo}. ${meaning}`}
      className="max-w-40 font-mono tracking-widest"
      autoFocus
    />
  );
}
