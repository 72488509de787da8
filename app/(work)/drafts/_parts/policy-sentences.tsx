import { Chip } from "#app/_ui/frame.tsx";
import type { PolicySentence } from "#lib/domain/policy.ts";

/** The policy of a charter read back, one sentence each. */
export function PolicySentences({ sentences }: { sentences: readonly PolicySentence[] }) {
  return (
    <dl className="divide-y divide-line border-line border-y">
      {sentences.map((one) => (
        <div key={one.policy} className="grid gap-1 py-2.5 sm:grid-cols-[11rem_1fr] sm:gap-4">
          <dt className="text-muted text-sm">{one.title}</dt>
          <dd className={one.available ? undefined : "text-muted"}>
            {one.sentence} {one.available ? null : <Chip>Not available yet</Chip>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
