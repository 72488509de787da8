import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { EmptyState, Facts, Notice, Section } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { OperationsView } from "#lib/queries/load-operations.ts";
import { refuseAction, verifyAction } from "./actions.ts";

/** Organizations that handed in evidence, the oldest first, each with what a decision needs. */
export function Reviews({ reviews }: { reviews: OperationsView["reviews"] }) {
  return (
    <Section
      id="reviews"
      title="Evidence to read"
      lead="Verify who can be found by other ways than their own words: a register, a number that you looked up yourself."
    >
      <div className="mt-4 grid gap-6">
        {reviews.length === 0 ? <EmptyState sentence="No organization waits for you." /> : null}
        {reviews.map((review) => (
          <article key={review.id} className="grid gap-4 rounded-sm border border-line p-4">
            <h3 className="text-lg">{review.legalName}</h3>
            {review.lookAlikes.length > 0 ? (
              <Notice tone="problem" title="The name looks like that of another">
                {review.lookAlikes.join(", ")}. Make sure that readers will not take one for the other.
              </Notice>
            ) : null}
            {review.changes.length > 0 ? (
              <Notice tone="wait" title="Asks to be changed">
                <ul className="grid gap-1">
                  {review.changes.map(({ what, from, to }) => (
                    <li key={what} className="break-words">
                      {what}: <bdi>{from}</bdi> →{" "}
                      <strong>
                        <bdi>{to}</bdi>
                      </strong>
                    </li>
                  ))}
                </ul>
                Verifying makes the change, and charters it signed get a notification. Otherwise everything stays as it
                is.
              </Notice>
            ) : null}
            <Facts
              facts={[
                ["Display name", review.displayName],
                ["Country", review.country],
                ["What it is", review.class],
                ["Sector", review.sector],
                [
                  "Website",
                  <span key="website" className="break-all">
                    {review.website ?? "not given"}
                  </span>,
                ],
                ["Domains confirmed", review.domains.join(", ") || "none"],
                ["Handed in", <Time key="at" at={review.requestedAt} />],
                [
                  "Evidence",
                  <span key="evidence" className="whitespace-pre-line break-words">
                    {review.evidence}
                  </span>,
                ],
              ]}
            />
            <div className="grid gap-6 sm:grid-cols-2">
              <Decision action={verifyAction} submit="Verify" review={review} />
              <Decision action={refuseAction} submit="Do not verify" review={review} />
            </div>
          </article>
        ))}
      </div>
    </Section>
  );
}

function Decision({
  action,
  submit,
  review,
}: {
  action: typeof verifyAction;
  submit: string;
  review: { readonly id: string; readonly shown: string };
}) {
  return (
    <ActionForm action={action} submit={submit} tone="plain" className="grid content-start gap-3">
      <input type="hidden" name="reviewId" value={review.id} />
      <input type="hidden" name="shown" value={review.shown} />
      <TextInput
        label={submit === "Verify" ? "What the decision rests on" : "Why not, and what would help"}
        name="reason"
        hint="The organization reads it."
        minLength={5}
        maxLength={1000}
      />
    </ActionForm>
  );
}
