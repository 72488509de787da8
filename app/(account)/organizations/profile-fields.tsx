import { Select, TextInput } from "#app/_ui/field.tsx";
import { organizationClasses } from "#lib/domain/policy.ts";

type Countries = readonly { code: string; name: string }[];

/**
 * The fields of an organization's profile, empty or with what stands now. Where its names, country and kind are settled they
 * are shown and sent along, and change with evidence alone.
 */
export function ProfileFields({
  countries,
  profile,
  isSettled = false,
}: {
  countries: Countries;
  profile?: {
    legalName: string;
    displayName: string;
    country: string;
    class: string;
    sector: string;
    website: string | null;
  };
  isSettled?: boolean;
}) {
  return (
    <>
      {isSettled ? (
        <p className="text-muted text-sm">
          Its names, country and kind were verified or have signed. They change when the operator has read evidence:{" "}
          <a href="#verification">ask for a review</a> with the new ones.
        </p>
      ) : null}
      <TextInput
        label="Legal name"
        name="legalName"
        hint="As in the register, with its legal form. It is what the list of signatories prints."
        defaultValue={profile?.legalName}
        maxLength={120}
        autoComplete="organization"
        readOnly={isSettled}
      />
      <TextInput
        label="Display name"
        name="displayName"
        optional
        hint="The short name people know. Left empty, the legal name is shown."
        defaultValue={profile?.displayName}
        maxLength={120}
        readOnly={isSettled}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select label="Country of registration" name="country" defaultValue={profile?.country ?? ""}>
          <option value="" disabled>
            Choose
          </option>
          <CountryOptions
            countries={isSettled ? countries.filter((one) => one.code === profile?.country) : countries}
          />
        </Select>
        <Select label="What it is" name="class" defaultValue={profile?.class ?? ""}>
          <option value="" disabled>
            Choose
          </option>
          <ClassOptions only={isSettled ? profile?.class : undefined} />
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

/** The fields of what an organization asks to be called, and to be; all may be left empty. */
export function WantedFields({ countries }: { countries: Countries }) {
  return (
    <>
      <TextInput label="New legal name" name="wantedLegalName" optional maxLength={120} />
      <TextInput label="New display name" name="wantedDisplayName" optional maxLength={120} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select label="New country" name="wantedCountry" optional defaultValue="">
          <option value="">As it is</option>
          <CountryOptions countries={countries} />
        </Select>
        <Select label="New kind" name="wantedClass" optional defaultValue="">
          <option value="">As it is</option>
          <ClassOptions />
        </Select>
      </div>
    </>
  );
}

function CountryOptions({ countries }: { countries: Countries }) {
  return countries.map((one) => (
    <option key={one.code} value={one.code}>
      {one.name}
    </option>
  ));
}

function ClassOptions({ only }: { only?: string | undefined }) {
  return Object.entries(organizationClasses)
    .filter(([key]) => only === undefined || key === only)
    .map(([key, words]) => (
      <option key={key} value={key}>
        {words}
      </option>
    ));
}
