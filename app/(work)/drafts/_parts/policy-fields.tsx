import { Choice, TextInput } from "#app/_ui/field.tsx";
import { Chip } from "#app/_ui/frame.tsx";
import { type CharterPolicy, organizationClasses, policySentences } from "#lib/domain/policy.ts";

const joins = ["open", "invited", "closed"] as const;
const rules = ["consensus", "unanimity", "two-thirds"] as const;
const reservations = ["none", "listed-clauses", "any-clause"] as const;
const visibilities = ["private", "circulated-drafts-public"] as const;
const labels = ["signatory", "supporter", "endorser", "participant", "partner"] as const;

/** The policies of a charter to choose from, each value as the sentence it means; what is not carried yet is shown and cannot be chosen. */
export function PolicyFields({
  policy,
  clauses = [],
}: {
  policy: CharterPolicy;
  /** The clauses of the text as it is now, to list those that may be reserved; none before there is a text. */
  clauses?: readonly { readonly id: string; readonly number: string; readonly heading: string }[];
}) {
  const threshold = policy.entryRule.kind === "at-threshold" ? policy.entryRule.count : 5;
  const date = policy.entryRule.kind === "at-date" ? policy.entryRule.date : "";
  return (
    <div className="grid gap-8">
      <Choices
        name="joinPolicy"
        values={joins}
        chosen={policy.joinPolicy}
        read={(joinPolicy) => sentence({ ...policy, joinPolicy }, "joinPolicy")}
      />
      <Choices
        name="adoptionRule"
        values={rules}
        chosen={policy.adoptionRule}
        read={(adoptionRule) => sentence({ ...policy, adoptionRule }, "adoptionRule")}
      />
      <Choices
        name="visibility"
        values={visibilities}
        chosen={policy.visibility}
        read={(visibility) => sentence({ ...policy, visibility }, "visibility")}
      />
      <Choices
        name="reservationPolicy"
        values={reservations}
        chosen={policy.reservationPolicy}
        read={(reservationPolicy) => sentence({ ...policy, reservationPolicy }, "reservationPolicy")}
      />
      {clauses.length > 0 ? (
        <details open={policy.reservationPolicy === "listed-clauses"}>
          <summary className="cursor-pointer text-sm">
            The clauses that may be reserved, if only listed ones may be
          </summary>
          <fieldset className="mt-2 grid gap-1 ps-7">
            <legend className="sr-only">Clauses that may be reserved</legend>
            {clauses.map((clause) => (
              <Choice
                key={clause.id}
                name="reservationClauses"
                value={clause.id}
                defaultChecked={policy.reservationClauses?.includes(clause.id)}
                label={`Clause ${clause.number}${clause.heading ? `: ${clause.heading}` : ""}`}
              />
            ))}
          </fieldset>
        </details>
      ) : null}
      <fieldset className="grid gap-1">
        <legend className="mb-1 font-medium">Taking effect</legend>
        <Choice
          type="radio"
          name="entryRule"
          value="at-once"
          defaultChecked={policy.entryRule.kind === "at-once"}
          label="The charter takes effect with its first signature."
        />
        <Choice
          type="radio"
          name="entryRule"
          value="at-threshold"
          defaultChecked={policy.entryRule.kind === "at-threshold"}
          label="The charter takes effect when a number of organizations have signed."
        />
        <Choice
          type="radio"
          name="entryRule"
          value="at-date"
          defaultChecked={policy.entryRule.kind === "at-date"}
          label="The charter takes effect on a date, for all who have signed by then."
        />
        <div className="mt-2 grid gap-4 ps-7 sm:grid-cols-2">
          <TextInput
            label="Number of organizations"
            name="entryCount"
            type="number"
            min={2}
            max={10_000}
            defaultValue={threshold}
            optional
          />
          <TextInput label="Date" name="entryDate" type="date" defaultValue={date} optional />
        </div>
      </fieldset>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">Withdrawal</legend>
        <p className="text-muted text-sm">
          An organization may withdraw with notice and may take the notice back until it takes effect; the list keeps
          both dates. 0 days means at once.
        </p>
        <TextInput
          label="Days of notice"
          name="withdrawalNoticeDays"
          type="number"
          min={0}
          max={730}
          defaultValue={policy.withdrawalNoticeDays}
          className="max-w-32"
        />
      </fieldset>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">Corrections</legend>
        <p className="text-muted text-sm">
          A manifest error in a signed text is corrected in a copy of its own, once every signatory had so many days to
          object. Left empty, they have 14.
        </p>
        <TextInput
          label="Days to object"
          name="correctionWindowDays"
          type="number"
          min={7}
          max={365}
          optional
          defaultValue={policy.correctionWindowDays}
          className="max-w-32"
        />
      </fieldset>
      <fieldset className="grid gap-2">
        <legend className="mb-1 font-medium">Re-affirmation</legend>
        <p className="text-muted text-sm">
          Signatories are asked by mail to re-affirm after so many months, and the list shows when they last did. Left
          empty, nobody is asked. A signature stands without.
        </p>
        <TextInput
          label="Asked every so many months"
          name="reaffirmMonths"
          type="number"
          min={1}
          max={60}
          optional
          defaultValue={policy.reaffirmMonths}
          className="max-w-32"
        />
      </fieldset>
      <fieldset>
        <legend className="mb-1 font-medium">Who it is addressed to</legend>
        <div className="grid sm:grid-cols-2">
          {Object.entries(organizationClasses).map(([value, words]) => (
            <Choice
              key={value}
              name="participantClasses"
              value={value}
              defaultChecked={policy.participantClasses.some((one) => one === value)}
              label={words.slice(0, 1).toUpperCase() + words.slice(1)}
            />
          ))}
        </div>
      </fieldset>
      <Choices
        name="signatoryLabel"
        values={labels}
        chosen={policy.signatoryLabel}
        read={(signatoryLabel) => sentence({ ...policy, signatoryLabel }, "signatoryLabel")}
      />
    </div>
  );
}

function Choices<T extends string>({
  name,
  values,
  chosen,
  read,
}: {
  name: keyof CharterPolicy;
  values: readonly T[];
  chosen: T;
  read: (value: T) => { title: string; sentence: string; available: boolean };
}) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{read(chosen).title}</legend>
      {values.map((value) => {
        const words = read(value);
        return (
          <Choice
            key={value}
            type="radio"
            name={name}
            value={value}
            disabled={!words.available}
            defaultChecked={value === chosen && words.available}
            label={
              <span className={words.available ? undefined : "text-muted"}>
                {words.sentence} {words.available ? null : <Chip>Not available yet</Chip>}
              </span>
            }
          />
        );
      })}
    </fieldset>
  );
}

function sentence(policy: CharterPolicy, key: keyof CharterPolicy) {
  const found = policySentences(policy).find((one) => one.policy === key);
  return found ?? { title: key, sentence: "", available: false };
}
