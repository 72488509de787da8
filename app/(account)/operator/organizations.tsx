import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Section } from "#app/_ui/frame.tsx";
import type { OperationsView } from "#lib/queries/load-operations.ts";
import { suspendAction } from "./actions.ts";

/** Organizations, the newest first, with the way to keep one from new acts. */
export function Organizations({
  organizations,
  search,
}: {
  organizations: OperationsView["organizations"];
  search: string;
}) {
  return (
    <Section
      id="organizations"
      title="Organizations"
      lead="The 25 newest, or those with the words you look for in their name."
    >
      <form method="get" className="mt-4 flex flex-wrap items-end gap-3">
        <div className="grow basis-60">
          <TextInput label="Part of the name" name="q" type="search" defaultValue={search} maxLength={100} optional />
        </div>
        <Button type="submit">Search</Button>
      </form>
      <div className="mt-4">
        {organizations.length === 0 ? (
          <EmptyState
            sentence={search ? `No organization has “${search}” in its name.` : "There is no organization yet."}
          />
        ) : (
          <ul className="divide-y divide-line border-line border-y">
            {organizations.map((one) => (
              <li key={one.id} className="py-2">
                <details>
                  <summary>
                    <span className="font-medium">{one.displayName}</span>{" "}
                    <Chip tone={one.isSuspended ? "problem" : one.verification === "verified" ? "good" : "wait"}>
                      {one.verification}
                    </Chip>
                    <span className="block ps-4 text-muted text-sm">
                      {one.legalName}, {one.country}
                    </span>
                  </summary>
                  <div className="mt-4 grid max-w-xl gap-4 ps-4 pb-2">
                    <p>
                      <a href={`/operator/organizations/${one.id}`}>Its people, and the charters it convenes</a>
                    </p>
                    <ActionForm
                      action={suspendAction}
                      submit={one.isSuspended ? "Lift the suspension" : "Suspend"}
                      tone={one.isSuspended ? "plain" : "danger"}
                      confirm={
                        one.isSuspended
                          ? `Let ${one.displayName} act again?`
                          : `Keep ${one.displayName} from acting? What it signed stands.`
                      }
                    >
                      <input type="hidden" name="organizationId" value={one.id} />
                      <input type="hidden" name="isSuspended" value={one.isSuspended ? "no" : "yes"} />
                      <TextInput
                        label="Reason"
                        name="reason"
                        hint="The organization reads it."
                        minLength={5}
                        maxLength={1000}
                      />
                    </ActionForm>
                  </div>
                </details>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
