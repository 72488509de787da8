"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "#app/_ui/button.tsx";
import { CarriedStatement } from "#app/_ui/carried-statement.client.tsx";
import { CopyText } from "#app/_ui/copy-text.client.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { useOutcome } from "#app/_ui/use-outcome.client.tsx";
import { askEnrolmentCodeAction, beginOwnKeyAction, enrolOwnKeyAction } from "./actions.ts";
import { CodeStep } from "./code-step.client.tsx";

/** Enrols the organization's own key: its public half is pasted, its machine signs a statement to show that it is there. */
export function EnrolOwnKey({ organizationId }: { organizationId: string }) {
  const router = useRouter();
  const [asked, setAsked] = useState<{ statementId: string; statement: string } | null>(null);
  const [signed, setSigned] = useState<{ note: string; codeId: string; sentTo: string } | null>(null);
  const { busy, notice, run } = useOutcome("Nothing is known to be enrolled; try again.");

  function begin(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [label, publicKey] = [String(form.get("label")).trim(), String(form.get("publicKey"))];
    run(async () => {
      const answer = await beginOwnKeyAction({ organizationId, label, publicKey });
      if (!answer.ok) return { good: false, message: answer.message };
      setAsked(answer.value);
      return null;
    });
  }

  const handIn = (note: string) =>
    run(async () => {
      if (!asked) return null;
      const sent = await askEnrolmentCodeAction({ organizationId, enrolmentId: asked.statementId });
      if (!sent.ok) return { good: false, message: sent.message };
      setSigned({ note, ...sent.value });
      return null;
    });

  const finish = (code: string) =>
    run(async () => {
      if (!asked || !signed) return null;
      const { note, codeId } = signed;
      const confirmation = { codeId, code };
      const answer = await enrolOwnKeyAction(organizationId, { statementId: asked.statementId, note, confirmation });
      if (!answer.ok && answer.code === "wrong-code") return { good: false, message: answer.message };
      // The note can be handed in again, with a new code.
      setSigned(null);
      if (!answer.ok) return { good: false, message: answer.message };
      setAsked(null);
      router.refresh();
      return {
        good: true,
        message: answer.value.isBound
          ? "The key is enrolled and signs for the organization; its admins were told."
          : "The key is enrolled. It signs once an enrolled key approves it, or once your domain names it and a day has passed.",
      };
    });

  return (
    <div className="grid max-w-2xl gap-5">
      {notice}
      {signed ? (
        <CodeStep sentTo={signed.sentTo} busy={busy} onCode={finish} />
      ) : asked ? (
        <CarriedStatement statement={asked.statement} submit="Enrol the key" busy={busy} onNote={handIn} />
      ) : (
        <form className="grid gap-4" onSubmit={begin}>
          <UntilHeard>
            <p className="text-sm">
              On the machine where the key is to stay, make it with the <a href="/verify">verifier program</a>, or with
              a tool of yours (Ed25519):
            </p>
            <CopyText what="the command" text="node concordat.mjs key key.pem" />
            <TextInput label="Name of the own key" name="label" maxLength={80} defaultValue="Own key" />
            <TextArea
              label="Public key"
              name="publicKey"
              rows={4}
              maxLength={2000}
              spellCheck={false}
              className="font-mono text-xs"
              hint="What the program printed: SPKI in base64 or PEM, or the 32 bytes in base64. Never the secret key."
            />
            <div>
              <Button type="submit" disabled={busy} aria-busy={busy}>
                {busy ? "One moment…" : "Go on"}
              </Button>
            </div>
          </UntilHeard>
        </form>
      )}
    </div>
  );
}
