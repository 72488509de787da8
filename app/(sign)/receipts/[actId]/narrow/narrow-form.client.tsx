"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ConfirmStep, type KeyChoice } from "../../../_ceremony/confirm-step.client.tsx";
import { useFreshAfterBack } from "../../../_ceremony/fresh-after-back.client.ts";
import {
  ReservationFields,
  type ReservationWords,
  reservationsOf,
} from "../../../_ceremony/reservation-fields.client.tsx";

type Standing = { readonly clauseId: string; readonly text: string; readonly number: string; readonly heading: string };

/** The reservations as they stand, to be unticked or shortened, and the same confirmation as for signing. */
export function NarrowForm({
  versionId,
  versionSha256,
  organizationId,
  name,
  reservations,
  keys,
  takesCodes,
  email,
}: {
  versionId: string;
  versionSha256: string;
  organizationId: string;
  name: string;
  reservations: readonly Standing[];
  keys: readonly KeyChoice[];
  takesCodes: boolean;
  email: string;
}) {
  const router = useRouter();
  const standing: ReservationWords = Object.fromEntries(reservations.map(({ clauseId, text }) => [clauseId, text]));
  const [words, setWords] = useState(standing);
  useFreshAfterBack();
  const left = reservationsOf(words);
  return (
    <ConfirmStep
      draft={{ versionId, organizationId, action: "narrow-reservation", reservations: left }}
      versionSha256={versionSha256}
      keys={keys}
      takesCodes={takesCodes}
      email={email}
      submit={left.length === 0 ? `Accept the whole text for ${name}` : `Narrow for ${name}`}
      back={null}
      onDone={(actId) => router.push(`/receipts/${actId}?new`)}
    >
      <div className="grid max-w-prose gap-3">
        <p className="font-serif text-lg">
          {name} keeps only what is ticked below. Take a clause out, or leave out sentences of its reservation; nothing
          can be added.
        </p>
        <p className="text-muted text-sm">
          The change is public at once, with a number. The wider reservations stay in the record with their dates.
        </p>
      </div>
      <ReservationFields
        clauses={reservations.map(({ clauseId, number, heading }) => ({ id: clauseId, number, heading }))}
        words={words}
        onChange={setWords}
        initial={standing}
        hint="Leave out whole sentences; the others stay as they are."
      />
    </ConfirmStep>
  );
}
