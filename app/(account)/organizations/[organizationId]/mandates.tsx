import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Select, TextInput } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Section } from "#app/_ui/frame.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import type { OrganizationView } from "#lib/queries/load-organization.ts";
import { endMandateAction, grantMandateAction } from "./actions.ts";

/** Who may sign for the organization, as whom, and from when to when. `today` is the day in UTC. */
export function Mandates({ organization, today }: { organization: OrganizationView; today: string }) {
  return (
    <Section
      id="mandates"
      title="Signing mandates"
      lead="A mandate says that an officer may sign for the organization, under which title, and for how long. Ending it touches nothing that was signed."
    >
      <Said className="mt-4 grid gap-6">
        {organization.mandates.length === 0 ? (
          <EmptyState sentence="Nobody may sign for the organization yet. An admin records a mandate for an officer, who may be the admin." />
        ) : (
          <List organization={organization} />
        )}
        {organization.may.grant ? (
          <details className="rounded-sm border border-line p-4" open={organization.mandates.length === 0}>
            <summary className="font-medium">Record a mandate</summary>
            <div className="mt-4">
              <ActionForm action={grantMandateAction} submit="Record the mandate" resetOnDone>
                <input type="hidden" name="organizationId" value={organization.id} />
                <Select label="Officer" name="membershipId">
                  {organization.people.map((person) => (
                    <option key={person.membershipId} value={person.membershipId}>
                      {person.name}
                    </option>
                  ))}
                </Select>
                <TextInput
                  label="Title"
                  name="title"
                  hint="As it will stand beside the signature, such as General Counsel."
                  maxLength={120}
                />
                <div className="grid gap-5 sm:grid-cols-2">
                  <TextInput label="From" name="from" type="date" defaultValue={today} />
                  <TextInput label="Last day" name="to" type="date" optional hint="Left empty: until further notice." />
                </div>
                <TextInput
                  label="What it rests on"
                  name="evidenceNote"
                  optional
                  hint="Such as the number of a board resolution. Only your organization reads it."
                  maxLength={500}
                />
              </ActionForm>
            </div>
          </details>
        ) : null}
      </Said>
    </Section>
  );
}

const stateWords = { "not-begun": "begins later", live: "counts", "run-out": "has run out", ended: "ended" } as const;

function List({ organization }: { organization: OrganizationView }) {
  return (
    <ul className="divide-y divide-line border-line border-y" aria-label="Signing mandates">
      {organization.mandates.map((one) => (
        <li key={one.id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 py-3">
          <div className="min-w-0 grow basis-60">
            <p>
              <span className="font-medium">{one.officer}</span>, {one.title}{" "}
              <Chip tone={one.state === "live" ? "good" : "plain"}>{stateWords[one.state]}</Chip>
            </p>
            <p className="text-muted text-sm">
              {formatDate(one.from)} – {one.to ? formatDate(new Date(one.to.getTime() - 1)) : "further notice"} ·
              granted by {one.grantedBy}
              {one.evidenceNote ? ` · ${one.evidenceNote}` : ""}
            </p>
          </div>
          {organization.may.grant && (one.state === "live" || one.state === "not-begun") ? (
            <ActionForm
              action={endMandateAction}
              submit="End it"
              tone="plain"
              confirm={`End the mandate of ${one.officer} now? What was signed under it stands.`}
              className="grid gap-2"
            >
              <input type="hidden" name="organizationId" value={organization.id} />
              <input type="hidden" name="mandateId" value={one.id} />
            </ActionForm>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
