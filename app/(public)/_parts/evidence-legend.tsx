import { evidenceClasses, evidenceWords } from "#lib/domain/evidence-words.ts";

/** What each class of evidence means, once on a page that shows several. */
export function EvidenceLegend() {
  return (
    <details className="mt-6 max-w-prose border-line border-y py-2 text-sm">
      <summary className="cursor-pointer">What shows a signature</summary>
      <dl className="mt-3 grid gap-2">
        {evidenceClasses.map((one) => (
          <div key={one} className="grid grid-cols-[2.5rem_1fr]">
            <dt className="font-medium">{evidenceWords[one].letter}</dt>
            <dd>{evidenceWords[one].sentence}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
