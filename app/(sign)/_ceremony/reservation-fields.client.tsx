"use client";

import { Choice, TextArea } from "#app/_ui/field.tsx";

/** A clause that may be reserved, as the form names it. */
export type ReservableClause = {
  readonly id: string;
  readonly number: string;
  readonly heading: string;
  /** Its first words, by which a clause without a heading is known. */
  readonly opening?: string;
};

/** The words of each reserved clause by its id; a clause that is accepted is not in it. */
export type ReservationWords = Readonly<Record<string, string>>;

/** The clauses to choose from, each with the words of the reservation to it once it is chosen. */
export function ReservationFields({
  clauses,
  words,
  onChange,
  hint,
  initial = {},
}: {
  clauses: readonly ReservableClause[];
  words: ReservationWords;
  onChange: (words: ReservationWords) => void;
  hint: string;
  /** What a clause begins with when it is ticked. */
  initial?: ReservationWords;
}) {
  return (
    <fieldset className="grid gap-2">
      <legend className="sr-only">Clauses to reserve</legend>
      {clauses.map((clause) => {
        const text = words[clause.id];
        return (
          <div key={clause.id} className="grid gap-2 border-line border-b pb-2">
            <Choice
              name={`reserve-${clause.id}`}
              checked={text !== undefined}
              onChange={(event) => {
                const { [clause.id]: _, ...rest } = words;
                onChange(event.target.checked ? { ...rest, [clause.id]: initial[clause.id] ?? "" } : rest);
              }}
              label={`Reserve ${nameOf(clause)}`}
              hint={clause.heading === "" ? clause.opening : undefined}
            />
            {text === undefined ? null : (
              <div className="ps-7">
                <TextArea
                  label={`Your reservation to ${nameOf(clause)}`}
                  name={`words-${clause.id}`}
                  maxLength={2000}
                  value={text}
                  onChange={(event) => onChange({ ...words, [clause.id]: event.target.value })}
                  hint={hint}
                />
              </div>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}

/** The reservations as they are lodged. */
export function reservationsOf(words: ReservationWords): { clauseId: string; text: string }[] {
  return Object.entries(words).map(([clauseId, text]) => ({ clauseId, text: text.trim() }));
}

function nameOf({ number, heading }: ReservableClause): string {
  return `${/^[A-Z]+$/.test(number) ? "annex" : "clause"} ${number}${heading === "" ? "" : ` (${heading})`}`;
}
