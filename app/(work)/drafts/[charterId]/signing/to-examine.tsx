import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Section } from "#app/_ui/frame.tsx";
import type { SigningRow } from "#lib/queries/signing-table.ts";
import { examineSignatureAction } from "./actions.ts";

/** The signatures with reservations that wait for the depositary, each with its words and the two answers. */
export function ToExamine({ charterId, rows }: { charterId: string; rows: readonly SigningRow[] }) {
  const waiting = rows.flatMap((row) => (row.toExamine ? [{ name: row.name, ...row.toExamine }] : []));
  if (waiting.length === 0) return null;
  return (
    <Section
      id="examine"
      title="To examine"
      lead="Signatures with reservations. You look at their form: that the policy allows the clause, and that the words reserve and do no more. Nobody else sees them until you accept."
    >
      <ul className="divide-y divide-line border-line border-y">
        {waiting.map(({ actId, name, reservations }) => (
          <li key={actId} className="grid gap-4 py-5">
            <p className="font-medium">{name}</p>
            {reservations.map(({ number, text }) => (
              <blockquote key={number} className="max-w-prose border-line border-s-2 ps-4 font-serif">
                <p className="font-sans text-muted text-sm">To clause {number}</p>
                <p className="whitespace-pre-line">{text}</p>
              </blockquote>
            ))}
            <div className="grid gap-6 sm:grid-cols-2">
              <ActionForm
                action={examineSignatureAction.bind(null, charterId, actId, "accept")}
                submit="It is in due form"
                className="grid content-start gap-3"
              >
                <p className="text-sm">It becomes public with its reservations, at once or with the opening.</p>
              </ActionForm>
              <ActionForm
                action={examineSignatureAction.bind(null, charterId, actId, "return")}
                submit="Return it"
                tone="plain"
                className="grid content-start gap-3"
              >
                <TextInput
                  label="What was found wanting"
                  name="reason"
                  maxLength={300}
                  hint="For the organization alone, in one line."
                />
              </ActionForm>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
