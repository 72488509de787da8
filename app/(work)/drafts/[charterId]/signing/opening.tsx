import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { Select, TextInput } from "#app/_ui/field.tsx";
import { Notice, Section } from "#app/_ui/frame.tsx";
import { presentZoneName, timeZoneNames, wallTimeOf } from "#lib/domain/zoned-time.ts";
import { cancelOpeningAction, liftEmbargoAction, moveOpeningAction, openAtAction, openNowAction } from "./actions.ts";

type OpeningVersion = {
  readonly id: string;
  readonly state: string;
  readonly opensAt: Date | null;
  readonly opensZone: string | null;
};

/** Opening a version: now, at an instant, moved, lifted or cancelled. Each says first what it will do. */
export function Opening({ charterId, version, now }: { charterId: string; version: OpeningVersion; now: Date }) {
  if (version.state === "ADOPTED") return <ToOpen charterId={charterId} version={version} now={now} />;
  if (version.state === "OPEN_SEALED") return <Sealed charterId={charterId} version={version} now={now} />;
  return null;
}

function ToOpen({ charterId, version, now }: { charterId: string; version: OpeningVersion; now: Date }) {
  return (
    <>
      <Section
        title="Open now"
        lead="The charter, its text and every signature from now on are public at once. What was public cannot be taken back."
      >
        <ActionForm
          action={openNowAction.bind(null, charterId, version.id)}
          submit="Open for signature now"
          confirm="Open for signature now? The charter becomes public and stays public."
        />
      </Section>
      <Section
        title="Open at an instant"
        lead="Signatures are taken under seal. At the instant the text and all of them become public together; before it the public sees nothing."
      >
        <ActionForm
          action={openAtAction.bind(null, charterId, version.id)}
          submit="Take sealed signatures until then"
          tone="plain"
          className="grid max-w-xl gap-5"
        >
          <InstantFields zone="UTC" now={now} />
        </ActionForm>
      </Section>
    </>
  );
}

function Sealed({ charterId, version, now }: { charterId: string; version: OpeningVersion; now: Date }) {
  return (
    <>
      <Section title="Rehearsal" lead="The page as the public will see it at the instant, from what is sealed now.">
        <LinkButton href={`/drafts/${charterId}/signing/rehearsal`}>Show me the page at the instant</LinkButton>
      </Section>
      <Section title="Move the opening">
        <div className="mb-4 max-w-xl">
          <Notice>
            Every officer who has signed is told. Moved later, the signatures stand and can be pulled out; moved
            earlier, they are returned, because each was given for publication no earlier than the instant set before.
          </Notice>
        </div>
        <ActionForm
          action={moveOpeningAction.bind(null, charterId, version.id)}
          submit="Move the opening"
          done="The opening is moved, and every officer who had signed was told."
          tone="plain"
          className="grid max-w-xl gap-5"
        >
          <InstantFields zone={version.opensZone ?? "UTC"} now={now} at={version.opensAt} />
        </ActionForm>
      </Section>
      <Section title="Open now, or cancel">
        <div className="flex flex-wrap items-start gap-4">
          <ActionForm
            action={liftEmbargoAction.bind(null, charterId, version.id)}
            submit="Lift the embargo now"
            tone="danger"
            confirm="Open now? Sealed signatures are returned, because they were given for a later publication; the charter becomes public and stays public."
          />
          <ActionForm
            action={cancelOpeningAction.bind(null, charterId, version.id)}
            submit="Cancel the opening"
            tone="danger"
            confirm="Cancel the opening? Sealed signatures are returned to their organizations. Nothing was public."
          />
        </div>
      </Section>
    </>
  );
}

function InstantFields({ zone, now, at }: { zone: string; now: Date; at?: Date | null }) {
  return (
    <>
      <TextInput
        label="Date and time on the clocks of the zone below"
        name="wallTime"
        type="datetime-local"
        min={wallTimeOf(now, zone)}
        defaultValue={at ? wallTimeOf(at, zone) : undefined}
        className="max-w-72"
      />
      <Select label="Time zone" name="zone" defaultValue={presentZoneName(zone)} className="max-w-72">
        {timeZoneNames().map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Select>
    </>
  );
}
