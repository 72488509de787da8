"use client";

import { startRegistration } from "@simplewebauthn/browser";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { beginKeyEnrolmentAction, enrolSigningKeyAction } from "./actions.ts";

/** Makes a passkey that signs for the organization; cancelled or refused, nothing is enrolled. */
export function EnrolKey({ organizationId }: { organizationId: string }) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ good: boolean; message: string } | null>(null);

  async function enrol(label: string): Promise<{ good: boolean; message: string }> {
    const begun = await beginKeyEnrolmentAction(organizationId);
    if (!begun.ok) return { good: false, message: begun.message };
    const response = await startRegistration({ optionsJSON: begun.value.options }).catch(() => null);
    if (!response)
      return { good: false, message: "The passkey was cancelled or could not be made. Nothing was enrolled." };
    const answer = await enrolSigningKeyAction({
      organizationId,
      challengeId: begun.value.challengeId,
      label,
      response,
    });
    return answer.ok
      ? {
          good: true,
          message: answer.value.isBound
            ? "The signing key is enrolled; your organization’s admins were told."
            : "The key is enrolled. It signs once an enrolled key approves it or your domain names it.",
        }
      : { good: false, message: answer.message };
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get("label")).trim();
    setBusy(true);
    setOutcome(null);
    try {
      setOutcome(await enrol(label));
      router.refresh();
    } catch {
      setOutcome({ good: false, message: "The server did not answer. Nothing is known to be enrolled; try again." });
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className="grid max-w-md gap-4" onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name of the key"
        name="label"
        maxLength={80}
        defaultValue="My signing key"
        hint="To tell it from others, such as “office laptop”."
      />
      <div aria-live="polite">
        {outcome ? <Notice tone={outcome.good ? "good" : "problem"}>{outcome.message}</Notice> : null}
      </div>
      <div>
        <Button type="submit" tone="primary" disabled={busy} aria-busy={busy}>
          {busy ? "One moment…" : "Enrol a signing passkey"}
        </Button>
      </div>
    </form>
  );
}
