"use client";

import { startRegistration } from "@simplewebauthn/browser";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { type Outcome, useOutcome } from "#app/_ui/use-outcome.client.tsx";
import { askEnrolmentCodeAction, beginKeyEnrolmentAction, enrolSigningKeyAction } from "./actions.ts";
import { CodeStep } from "./code-step.client.tsx";

/** A passkey that was made and waits for the code of the mail. */
type Made = {
  readonly answer: { readonly challengeId: string; readonly label: string; readonly response: object };
  readonly codeId: string;
  readonly sentTo: string;
};

/** Makes a passkey that signs for the organization, and has it confirmed by a mailed code; cancelled or refused, nothing is enrolled. */
export function EnrolKey({ organizationId }: { organizationId: string }) {
  const router = useRouter();
  const { busy, notice, run } = useOutcome("Nothing is known to be enrolled; try again.");

  const [made, setMade] = useState<Made | null>(null);

  async function make(label: string): Promise<Outcome | null> {
    const begun = await beginKeyEnrolmentAction(organizationId);
    if (!begun.ok) return { good: false, message: begun.message };
    let isKnown = false;
    const response = await startRegistration({ optionsJSON: begun.value.options }).catch((error: unknown) => {
      isKnown = error instanceof Error && error.name === "InvalidStateError";
      return null;
    });
    if (isKnown) return { good: false, message: "This device holds a signing key of your organization already." };
    if (!response)
      return { good: false, message: "The passkey was cancelled or could not be made. Nothing was enrolled." };
    const { challengeId } = begun.value;
    const sent = await askEnrolmentCodeAction({ organizationId, enrolmentId: challengeId });
    if (!sent.ok) return { good: false, message: sent.message };
    setMade({ answer: { challengeId, label, response }, ...sent.value });
    return null;
  }

  const confirm = (code: string) =>
    run(async () => {
      if (!made) return null;
      const confirmation = { codeId: made.codeId, code };
      const answer = await enrolSigningKeyAction({ organizationId, ...made.answer, confirmation });
      // A mistyped code can be typed again; after anything else the passkey is made anew.
      if (!answer.ok && answer.code === "wrong-code") return { good: false, message: answer.message };
      setMade(null);
      router.refresh();
      if (!answer.ok) return { good: false, message: answer.message };
      return {
        good: true,
        message: answer.value.isBound
          ? "The signing key is enrolled; your organization’s admins and officers were told."
          : "The key is enrolled. It signs once an enrolled key approves it, or once your domain names it and a day has passed.",
      };
    });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get("label")).trim();
    run(() => make(label));
  }

  if (made) {
    return (
      <div className="grid max-w-md gap-4">
        {notice}
        <CodeStep sentTo={made.sentTo} busy={busy} onCode={confirm} />
      </div>
    );
  }

  return (
    <form className="grid max-w-md gap-4" onSubmit={submit}>
      <UntilHeard>
        <TextInput
          label="Name of the key"
          name="label"
          maxLength={80}
          defaultValue="My signing key"
          hint="To tell it from others, such as “office laptop”."
        />
        {notice}
        <div>
          <Button type="submit" tone="primary" disabled={busy} aria-busy={busy}>
            {busy ? "One moment…" : "Enrol a signing passkey"}
          </Button>
        </div>
      </UntilHeard>
    </form>
  );
}
