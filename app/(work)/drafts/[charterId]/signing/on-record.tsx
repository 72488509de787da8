import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Section } from "#app/_ui/frame.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { DisputedSignature, type Sayings, SignatureSayings } from "#app/_ui/signature-sayings.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { CharterRecord } from "#lib/queries/charter-record.ts";
import { disputeAction, settleAction, voidAction } from "./actions.ts";

/** The public signatures that the depositary looks after: those under review, and any other by the name of its organization. */
export function OnRecord({ record }: { record: CharterRecord }) {
  const { charterId, disputed, found, search } = record;
  const sayings: Sayings = {
    dispute: disputeAction.bind(null, charterId),
    settle: settleAction.bind(null, charterId),
    annul: voidAction.bind(null, charterId),
  };
  return (
    <Section
      id="record"
      title="Signatures on the record"
      lead="When a signature turns out to be defective, the depositary puts it under review, and then finds that it stands or that it was entered in error. Each is a numbered act in the depositary’s name, with its reason."
    >
      <Said className="grid gap-6">
        {disputed.map((one) => (
          <DisputedSignature
            key={one.signActId}
            name={`${one.signedBy}, version ${one.versionNumber}`}
            since={one.since}
            reason={one.reason}
            signActId={one.signActId}
            sayings={sayings}
          />
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
              <SignatureSayings
                one={one}
                sayings={sayings}
                name={
                  <>
                    {one.signedBy}, version {one.versionNumber}, signed <Time at={one.signedAt} style="date" />
                  </>
                }
              />
            </li>
          ))}
        </ul>
      </Said>
    </Section>
  );
}
