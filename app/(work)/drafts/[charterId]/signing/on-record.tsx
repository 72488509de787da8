import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Chip, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { PublicSaying } from "#app/_ui/public-saying.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { CharterRecord } from "#lib/queries/charter-record.ts";
import { disputeAction, settleAction, voidAction } from "./actions.ts";

/** The public signatures that the depositary looks after: those under review, and any other by the name of its organization. */
export function OnRecord({ record }: { record: CharterRecord }) {
  const { charterId, disputed, found, search } = record;
  return (
    <Section
      id="record"
      title="Signatures on the record"
      lead="When a signature turns out to be defective, the depositary puts it under review, and then finds that it stands or that it was entered in error. Each is a numbered act in the depositary’s name, with its reason."
    >
      <div className="grid gap-6">
        {disputed.map((one) => (
          <article key={one.signActId} className="grid gap-4 rounded-sm border border-line p-4">
            <h3 className="text-lg">
              {one.signedBy}, version {one.versionNumber} <Chip tone="wait">disputed, under review</Chip>
            </h3>
            <p className="max-w-prose">
              Since <Time at={one.since} style="date" />: {one.reason}
            </p>
            <div className="grid gap-6 sm:grid-cols-2">
              <PublicSaying
                action={settleAction.bind(null, charterId)}
                submit="The signature stands"
                about={{ signActId: one.signActId }}
              />
              <Void charterId={charterId} signActId={one.signActId} />
            </div>
          </article>
        ))}
        <form method="get" action="#record" className="flex max-w-xl flex-wrap items-end gap-3">
          <div className="grow basis-60">
            <TextInput
              label="Part of an organization’s name"
              name="q"
              type="search"
              defaultValue={search}
              maxLength={100}
              optional
            />
          </div>
          <Button type="submit">Search</Button>
        </form>
        {search !== "" && found.length === 0 ? (
          <p className="text-muted">No organization with “{search}” in its name has signed in public.</p>
        ) : null}
        <ul className="divide-y divide-line border-line border-y empty:hidden">
          {found.map((one) => (
            <li key={one.signActId} className="py-2">
              <More
                summary={
                  <>
                    {one.signedBy}, version {one.versionNumber}, signed <Time at={one.signedAt} style="date" />{" "}
                    <Chip tone={one.status === "DISPUTED" ? "wait" : one.isListed ? "good" : "plain"}>
                      {one.status.toLowerCase().replaceAll("_", " ")}
                    </Chip>
                  </>
                }
              >
                {one.isListed ? (
                  <div className="grid gap-6 sm:grid-cols-2">
                    {one.status === "EFFECTIVE" || one.status === "WITHDRAWING" ? (
                      <PublicSaying
                        action={disputeAction.bind(null, charterId)}
                        submit="Put it under review"
                        confirm="Put this signature under review? That is published at once, with the reason, and the signature does not count until it is settled."
                        tone="plain"
                        about={{ signActId: one.signActId }}
                      />
                    ) : null}
                    <Void charterId={charterId} signActId={one.signActId} />
                  </div>
                ) : (
                  <p className="text-muted text-sm">It has ended; nothing more is said of it.</p>
                )}
              </More>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}

function Void({ charterId, signActId }: { charterId: string; signActId: string }) {
  return (
    <PublicSaying
      action={voidAction.bind(null, charterId)}
      submit="It was entered in error"
      about={{ signActId }}
      confirm="Enter this signature as void from the start? It leaves the list, and that is not undone; the organization can sign anew."
    />
  );
}
