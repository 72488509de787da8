"use client";

import type { ReservationWords } from "../../_ceremony/reservation-fields.client.tsx";
import type { CeremonyProps } from "./ceremony.client.tsx";

/** What is about to be signed, in words, and what follows from it. */
export function Summary({
  organization,
  mandate,
  title,
  number,
  publicWhen,
  withdrawal,
  reservable,
  reservations,
  statement,
  declaration,
  keys,
  keysHref,
}: CeremonyProps & { reservations: ReservationWords; statement: string; declaration: string }) {
  const reserved = reservable.filter((clause) => reservations[clause.id] !== undefined);
  return (
    <div className="grid gap-4">
      <p className="font-serif text-lg">
        {organization.legalName}, through its {mandate.title}, signs version {number} of “{title}”,{" "}
        {reserved.length === 0 ? "the whole text." : "with reservations:"}
      </p>
      {reserved.map((clause) => (
        <blockquote key={clause.id} className="border-line border-s-2 ps-4 font-serif">
          <p className="font-sans text-muted text-sm">To clause {clause.number}</p>
          <p className="whitespace-pre-line">{reservations[clause.id]?.trim()}</p>
        </blockquote>
      ))}
      {declaration === "" ? null : (
        <blockquote className="border-line border-s-2 ps-4 font-serif">
          <p className="font-sans text-muted text-sm">It declares</p>
          <p className="whitespace-pre-line">{declaration}</p>
        </blockquote>
      )}
      <ul className="grid list-disc gap-1.5 ps-5">
        <li>
          {reserved.length === 0
            ? publicWhen
            : "The depositary examines the reservations; the signature becomes public after that, and not before the opening. Until then you can pull it out without a trace."}
        </li>
        <li>
          Public are the organization’s name, country, class, sector and domain, your title and the date
          {statement === "" ? "" : ", and your statement"}
          {declaration === "" ? "" : ", your declaration"}
          {reserved.length === 0 ? "" : ", your reservations"}; not your name.
        </li>
        {reserved.length === 0 ? null : (
          <li>Reservations can be narrowed or withdrawn at any time, and never added or widened afterwards.</li>
        )}
        <li>{withdrawal}</li>
        <li>
          This records that the organization accepts the text{reserved.length === 0 ? "" : ", but for its reservations"}
          . It is not a qualified electronic signature, and what follows from it in law is for the organizations and
          their law to say.
        </li>
      </ul>
      {keys.length === 0 ? (
        <p className="text-muted text-sm">
          With a signing passkey the signature can be checked without trusting the keeper.{" "}
          <a href={keysHref}>Enrol one first</a>, or go on with a code.
        </p>
      ) : null}
    </div>
  );
}
