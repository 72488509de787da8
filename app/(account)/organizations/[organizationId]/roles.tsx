import { Choice } from "#app/_ui/field.tsx";
import { type OrganizationRole, organizationRoles } from "#lib/domain/actor.ts";

const meanings: Readonly<Record<OrganizationRole, string>> = {
  admin: "profile, people, mandates, verification",
  representative: "positions, setup, invitations",
  drafter: "edits drafts",
  "signing-officer": "signs, while a mandate counts",
  observer: "reads",
};

/** The roles to choose from, each with what it may do. */
export function RoleChoices({ held = [], legend = "Roles" }: { held?: readonly string[]; legend?: string }) {
  return (
    <fieldset>
      <legend className="font-medium text-sm">{legend}</legend>
      <div className="mt-1 grid gap-x-6 sm:grid-cols-2">
        {organizationRoles.map((role) => (
          <Choice
            key={role}
            name="roles"
            value={role}
            defaultChecked={held.includes(role)}
            label={role.replace("-", " ")}
            hint={meanings[role]}
          />
        ))}
      </div>
    </fieldset>
  );
}
