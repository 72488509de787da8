import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Select, TextArea } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Notice, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { OperatorOrganization } from "#lib/queries/operator-organization.ts";
import { appointAdminAction, stopAppointmentAction } from "./actions.ts";

/** Who acts for the organization, and the way to an admin where the only one is gone. */
export function Admins({ organization }: { organization: OperatorOrganization }) {
  const { people, appointments } = organization;
  const coming = appointments.find((one) => one.outcome === null);
  return (
    <Section
      id="people"
      title="People"
      lead="Where the only admin left or lost the mail address, you name another member on evidence. It takes effect after seven days, in which the organization can stop it; nobody loses a role."
    >
      <Said className="grid gap-6">
        {people.length === 0 ? <EmptyState sentence="Nobody acts for this organization any more." /> : null}
        <ul className="divide-y divide-line border-line border-y empty:hidden">
          {people.map((one) => (
            <li key={one.membershipId} className="py-3">
              <span className="font-medium">{one.name}</span>{" "}
              {one.roles.includes("admin") ? <Chip tone="good">admin</Chip> : null}
              <span className="block break-words text-muted text-sm">
                {one.roles.join(", ").replaceAll("-", " ")} · {one.email} · since <Time at={one.from} style="date" />
                {one.lastSeenAt ? (
                  <>
                    {" "}
                    · last seen <Time at={one.lastSeenAt} style="date" />
                  </>
                ) : (
                  " · no session"
                )}
              </span>
            </li>
          ))}
        </ul>
        {coming ? <Coming appointment={coming} /> : <Appoint organization={organization} />}
        <Past appointments={appointments.filter((one) => one.outcome !== null)} />
      </Said>
    </Section>
  );
}

type Appointment = OperatorOrganization["appointments"][number];

function Coming({ appointment }: { appointment: Appointment }) {
  return (
    <div className="grid gap-4">
      <Notice tone="wait" title={`${appointment.person} becomes an admin`}>
        On <Time at={appointment.takesEffectAt} />. What it rests on: {appointment.evidence}
      </Notice>
      <ActionForm action={stopAppointmentAction} submit="Stop it" tone="plain" className="grid gap-2">
        <input type="hidden" name="appointmentId" value={appointment.id} />
      </ActionForm>
    </div>
  );
}

function Appoint({ organization }: { organization: OperatorOrganization }) {
  const others = organization.people.filter((one) => !one.roles.includes("admin"));
  if (others.length === 0) {
    return organization.people.length === 0 ? null : (
      <p className="text-muted">Everybody here is an admin already; there is no other member to name.</p>
    );
  }
  return (
    <More summary="Name another admin">
      <ActionForm
        action={appointAdminAction}
        submit="Name this admin"
        confirm={`Name another admin of ${organization.displayName}? Its people get a mail now, and in seven days it holds.`}
        className="grid max-w-xl gap-4"
      >
        <input type="hidden" name="organizationId" value={organization.id} />
        <Select label="Member" name="membershipId" defaultValue="">
          <option value="" disabled>
            Choose a member
          </option>
          {others.map((one) => (
            <option key={one.membershipId} value={one.membershipId}>
              {one.name}, {one.email}
            </option>
          ))}
        </Select>
        <TextArea
          label="Evidence"
          name="evidence"
          hint="What you saw, from whom, and when: a register, a letter, a call back. It is kept, and the organization’s people read it."
          rows={3}
          minLength={20}
          maxLength={1000}
        />
      </ActionForm>
    </More>
  );
}

const outcomes: Readonly<Record<string, string>> = {
  done: "took effect",
  stopped: "was stopped",
  lapsed: "lapsed: the person had left",
};

function Past({ appointments }: { appointments: readonly Appointment[] }) {
  if (appointments.length === 0) return null;
  return (
    <ul className="grid gap-2 text-muted text-sm">
      {appointments.map((one) => (
        <li key={one.id} className="max-w-prose">
          <Time at={one.appointedAt} style="date" />: {one.person}, {outcomes[one.outcome ?? ""] ?? one.outcome}.{" "}
          {one.evidence}
        </li>
      ))}
    </ul>
  );
}
