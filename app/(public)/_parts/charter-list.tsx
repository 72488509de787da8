import { Seal } from "#app/_ui/seal.tsx";
import type { DirectoryEntry } from "#lib/queries/public-directory.ts";

/** Charters, one under the other, each with its purpose and where it stands. */
export function CharterList({
  entries,
  withSeals = false,
  heading: Heading = "h3",
}: {
  entries: readonly DirectoryEntry[];
  /** One below the heading that the list stands under. */
  heading?: "h2" | "h3";
  /** A seal weighs as much as ten lines of text: for short lists. */
  withSeals?: boolean;
}) {
  return (
    <ul className="divide-y divide-line border-line border-y">
      {entries.map((entry) => (
        <li key={entry.slug} className="flex gap-4 py-4">
          {withSeals ? (
            <span aria-hidden="true" className="hidden sm:block">
              <Seal hashHex={entry.sha256Hex} size={52} />
            </span>
          ) : null}
          <div className="min-w-0">
            <Heading className="text-lg">
              <a href={`/c/${entry.slug}`} className="text-ink underline decoration-line underline-offset-4">
                {entry.title}
              </a>
            </Heading>
            {entry.purpose ? <p className="mt-0.5 text-muted">{entry.purpose}</p> : null}
            <p className="mt-1 text-sm">{entry.status}</p>
            {entry.convenor ? <p className="text-muted text-sm">Convened by {entry.convenor}</p> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
