import { Select, TextInput } from "#app/_ui/field.tsx";
import { organizationClasses } from "#lib/domain/policy.ts";

/** The fields of an organization's profile, empty or with what stands now. */
export function ProfileFields({
  countries,
  profile,
}: {
  countries: readonly { code: string; name: string }[];
  profile?: {
    legalName: string;
    displayName: string;
    country: string;
    class: string;
    sector: string;
    website: string | null;
  };
}) {
  return (
    <>
      <TextInput
        label="Legal name"
        name="legalName"
        hint="As in the register, with its legal form. It is what the list of signatories prints."
        defaultValue={profile?.legalName}
        maxLength={120}
        autoComplete="organization"
      />
      <TextInput
        label="Display name"
        name="displayName"
        optional
        hint="The short name people know. Left empty, the legal name is shown."
        defaultValue={profile?.displayName}
        maxLength={120}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select label="Country of registration" name="country" defaultValue={profile?.country ?? ""}>
          <option value="" disabled>
            Choose
          </option>
          {countries.map((one) => (
            <option key={one.code} value={one.code}>
              {one.name}
            </option>
          ))}
        </Select>
        <Select label="What it is" name="class" defaultValue={profile?.class ?? ""}>
          <option value="" disabled>
            Choose
          </option>
          {Object.entries(organizationClasses).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </Select>
        <TextInput
          label="Sector"
          name="sector"
          hint="A few words, such as Software or Banking."
          defaultValue={profile?.sector}
          maxLength={60}
        />
        <TextInput
          label="Website"
          name="website"
          optional
          hint="https://example.org"
          defaultValue={profile?.website ?? ""}
          maxLength={200}
        />
      </div>
    </>
  );
}
