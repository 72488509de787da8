"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { askPasskey } from "#app/_ui/ask-passkey.client.ts";
import { Button } from "#app/_ui/button.tsx";
import { CarriedStatement } from "#app/_ui/carried-statement.client.tsx";
import { UntilHeard } from "#app/_ui/until-heard.client.tsx";
import { type Outcome, useOutcome } from "#app/_ui/use-outcome.client.tsx";
import { answerKeyAction, askKeyAction } from "./actions.ts";

/** A key by which the person can say something about the organization's keys. */
export type Approver = { readonly id: string; readonly label: string; readonly isPasskey: boolean };

type Asked = { readonly statementId: string; readonly statement: string };

/** Buttons by which an enrolled key approves another (`keyId`), or, with null, lets codes and paper count again. */
export function ApproveKey({
  organizationId,
  keyId,
  approvers,
  verb,
}: {
  organizationId: string;
  keyId: string | null;
  approvers: readonly Approver[];
  verb: string;
}) {
  const router = useRouter();
  const [carried, setCarried] = useState<Asked | null>(null);
  const { busy, notice, run } = useOutcome("Nothing is known to be changed; try again.");

  const ask = ({ id }: Approver) =>
    run(async () => {
      const asked = await askKeyAction({ organizationId, withKeyId: id, keyId });
      if (!asked.ok) return { good: false, message: asked.message };
      const { statementId, passkey } = asked.value;
      if (!passkey) {
        setCarried(asked.value);
        return null;
      }
      const answer = await askPasskey(passkey);
      if (!answer) return { good: false, message: "The passkey was cancelled. Nothing was changed." };
      return hand(statementId, answer);
    });

  async function hand(statementId: string, answer: object): Promise<Outcome | null> {
    const taken = await answerKeyAction(organizationId, { statementId, answer });
    if (!taken.ok) return { good: false, message: taken.message };
    setCarried(null);
    router.refresh();
    return null;
  }

  return (
    <div className="grid gap-3">
      {carried ? (
        <CarriedStatement
          statement={carried.statement}
          submit={verb}
          busy={busy}
          onNote={(note) => run(() => hand(carried.statementId, { class: "A'", note }))}
        />
      ) : (
        <UntilHeard>
          <div className="flex flex-wrap gap-3">
            {approvers.map((approver) => (
              <Button key={approver.id} disabled={busy} aria-busy={busy} onClick={() => ask(approver)}>
                {`${verb} with “${approver.label}”`}
              </Button>
            ))}
          </div>
        </UntilHeard>
      )}
      {notice}
    </div>
  );
}
