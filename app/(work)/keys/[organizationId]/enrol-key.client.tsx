"use client";

import { startRegistration } from "@simplewebauthn/browser";
import { useRouter } from "next/navigation";
import type { FormEvent } from "react";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { type Outcome, useOutcome } from "#app/_ui/use-outcome.client.tsx";
import { beginKeyEnrolmentAction, enrolSigningKeyAction } from "./actions.ts";

/** Makes a passkey that signs for the organization; cancelled or refused, nothing is enrolled. */
export function EnrolKey({ organizationId }: { organizationId: string }) {
  const router = useRouter();
  const { busy, notice, run } = useOutcome("Nothing is known to be enrolled; try again.");

  async function enrol(label: string): Promise<Outcome> {
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

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const label = String(new FormData(event.currentTarget).get("label")).trim();
    run(async () => {
      const outcome = await enrol(label);
      router.refresh();
      return outcome;
    });
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
