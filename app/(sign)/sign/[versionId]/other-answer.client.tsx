"use client";

import { type FormEvent, useState } from "react";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Notice } from "#app/_ui/frame.tsx";
import { answerSigningInvitationAction } from "../../_ceremony/actions.ts";

/** "Not now" with a day to ask again, or "decline" with a private reason. Neither closes the door. */
export function OtherAnswer({
  kind,
  versionId,
  organizationId,
  onBack,
}: {
  kind: "not-now" | "decline";
  versionId: string;
  organizationId: string;
  onBack: () => void;
}) {
  const [state, setState] = useState<"asking" | "busy" | "done">("asking");
  const [problem, setProblem] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const answer =
      kind === "not-now"
        ? { kind, until: String(form.get("until")) }
        : { kind, privateReason: String(form.get("reason") ?? "") };
    setState("busy");
    setProblem(null);
    try {
      const result = await answerSigningInvitationAction({ versionId, organizationId, answer });
      setState(result.ok ? "done" : "asking");
      if (!result.ok) setProblem(result.message);
    } catch {
      setState("asking");
      setProblem("The server did not answer. What you typed is still here; try again.");
    }
  }

  if (state === "done") {
    return (
      <div className="grid gap-5">
        <Notice tone="good" role="status" title="Your answer is kept">
          {kind === "not-now"
            ? "You will get a mail on that day. Until then you can come back here at any time."
            : "The keeper of the record sees it, nobody else. You can still sign while the version is open."}
        </Notice>
        <div>
          <LinkButton href="/home">Back to my charters</LinkButton>
        </div>
      </div>
    );
  }
  return (
    <form className="grid gap-6" onSubmit={(event) => void submit(event)}>
      {kind === "not-now" ? (
        <TextInput
          label="Ask me again on"
          name="until"
          type="date"
          min={dayIn(1)}
          defaultValue={dayIn(14)}
          className="max-w-56"
          hint="You get a mail on that day, and can come back here before. Only the keeper of the record sees it."
        />
      ) : (
        <TextArea
          label="Reason"
          name="reason"
          optional
          maxLength={2000}
          hint="Private: only the keeper of the record sees it, and it never becomes public."
        />
      )}
      <div aria-live="assertive">
        {problem ? (
          <Notice tone="problem" title="That did not work">
            {problem}
          </Notice>
        ) : null}
      </div>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" disabled={state === "busy"}>
          {kind === "not-now" ? "Answer “not now”" : "Decline"}
        </Button>
        <Button onClick={onBack}>Back</Button>
      </div>
    </form>
  );
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
