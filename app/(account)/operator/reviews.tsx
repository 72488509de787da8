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
            <Facts
              facts={[
                ["Country", review.country],
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
              <Decision action={verifyAction} submit="Verify" id={review.id} />
              <Decision action={refuseAction} submit="Do not verify" id={review.id} />
            </div>
          </article>
        ))}
      </div>
    </Section>
  );
}

function Decision({ action, submit, id }: { action: typeof verifyAction; submit: string; id: string }) {
  return (
    <ActionForm action={action} submit={submit} tone="plain" className="grid content-start gap-3">
      <input type="hidden" name="reviewId" value={id} />
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
