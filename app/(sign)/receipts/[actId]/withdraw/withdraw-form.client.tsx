"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { TextInput } from "#app/_ui/field.tsx";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { ConfirmStep, type KeyChoice } from "../../../_ceremony/confirm-step.client.tsx";

/** What is about to be done in words, a public reason if one is wanted, and the same confirmation as for signing. */
export function WithdrawForm({
  versionId,
  versionSha256,
  organizationId,
  action,
  words,
  submit,
  asksReason,
  keys,
  takesCodes,
  email,
}: {
  versionId: string;
  versionSha256: string;
  organizationId: string;
  action: LodgingAction;
  words: readonly string[];
  submit: string;
  asksReason: boolean;
  keys: readonly KeyChoice[];
  takesCodes: boolean;
  email: string;
}) {
  const router = useRouter();
  const [reason, setReason] = useState("");
  return (
    <ConfirmStep
      draft={{ versionId, organizationId, action, reason: reason.trim() }}
      versionSha256={versionSha256}
      keys={keys}
      takesCodes={takesCodes}
      email={email}
      submit={submit}
      back={null}
      onDone={(actId) => router.push(`/receipts/${actId}?new`)}
    >
      <div className="grid max-w-prose gap-3 font-serif text-lg">
        {words.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {asksReason ? (
        <TextInput
          label="Reason"
          name="reason"
          optional
          maxLength={300}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          hint="Public, in one line; it stands in the notification."
        />
      ) : null}
    </ConfirmStep>
  );
}
