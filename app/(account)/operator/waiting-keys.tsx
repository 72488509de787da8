import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { EmptyState, Section } from "#app/_ui/frame.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { WaitingKey } from "#lib/queries/waiting-keys.ts";
import { vouchForKeyAction } from "./actions.ts";

/** Later keys of organizations that nobody has approved yet; the operator may let one in, and says why in public. */
export function WaitingKeys({ keys }: { keys: readonly WaitingKey[] }) {
  return (
    <Section
      id="keys"
      title="Signing keys that wait"
      lead="A later key is approved by an enrolled one, or named by the organization’s domain. Only where every enrolled key is lost does your word stand in for that. The log shows it with your reason."
    >
      {keys.length === 0 ? (
        <EmptyState sentence="No key waits." />
      ) : (
        <div className="grid gap-4">
          {keys.map((key) => (
            <article key={key.id} className="grid gap-3 rounded-sm border border-line p-4">
              <p>
                <span className="font-medium">{key.legalName}</span>, {key.kind}, enrolled{" "}
                <Time at={key.enrolledAt} style="date" />
                {key.officer ? ` by ${key.officer}` : ""}
              </p>
              <p className="text-sm">
                <Fingerprint hashHex={key.keySha256} />
              </p>
              <p className="text-muted text-sm">
                {key.liveKeys === 0
                  ? "The organization has no other live key."
                  : `The organization has ${key.liveKeys} live ${key.liveKeys === 1 ? "key that" : "keys that"} could approve it.`}
              </p>
              <ActionForm
                action={vouchForKeyAction}
                submit="Vouch for this key"
                tone="plain"
                className="grid max-w-xl gap-3"
              >
                <input type="hidden" name="keyId" value={key.id} />
                <TextInput
                  label="Reason"
                  name="reason"
                  minLength={10}
                  maxLength={300}
                  hint="Public, in one line, without naming a person."
                />
              </ActionForm>
            </article>
          ))}
        </div>
      )}
    </Section>
  );
}
