"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { TextInput } from "#app/_ui/field.tsx";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { ConfirmStep, type KeyChoice } from "../../../_ceremony/confirm-step.client.tsx";

/** A reservation that stands, with the clause it is to. */
type Standing = { readonly clauseId: string; readonly text: string; readonly number: string; readonly heading: string };

/** What is about to be done in words, a public reason if one is wanted, and the same confirmation as for signing. */
export function WithdrawForm({
  versionId,
  versionSha256,
  organizationId,
  action,
  words,
  submit,
  asksReason,
  repeated,
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
  /** The reservations that the statement repeats; left out for an act about the signature as a whole. */
  repeated?: readonly Standing[];
  keys: readonly KeyChoice[];
  takesCodes: boolean;
  email: string;
}) {
  const router = useRouter();
  const [reason, setReason] = useState("");
  const reservations = (repeated ?? []).map(({ clauseId, text }) => ({ clauseId, text }));
  return (
    <ConfirmStep
      draft={{ versionId, organizationId, action, reservations, reason: reason.trim() }}
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
      {repeated && repeated.length > 0 ? (
        <section aria-label="Reservations" className="grid max-w-prose gap-3">
          <p className="text-sm">The statement repeats the reservations that stand, in these words:</p>
          {repeated.map((one) => (
            <blockquote key={one.clauseId} className="border-line border-l-2 pl-4">
              <p className="font-medium text-sm">
                Clause {one.number} {one.heading}
              </p>
              <p className="whitespace-pre-line">{one.text}</p>
            </blockquote>
          ))}
        </section>
      ) : null}
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
