import type { NamedAuthor } from "#lib/queries/people-of-draft.ts";

/** Who wrote something: the organization first, the person second. */
export function Authors({ authors }: { authors: readonly NamedAuthor[] }) {
  if (authors.length === 0) return <span>Nobody is recorded for this change.</span>;
  return (
    <span>
      {authors.map((one, at) => (
        <span key={`${one.organization} ${one.person ?? at}`}>
          {at > 0 ? "; " : ""}
          <span className="font-medium">{one.organization}</span>
          {one.person ? `, ${one.person}` : null}
        </span>
      ))}
    </span>
  );
}

/** What happened to a clause, in words. */
export const changeWords: Readonly<Record<string, string>> = {
  added: "Added",
  edited: "Reworded",
  changed: "Reworded",
  moved: "Moved",
  deleted: "Deleted",
  removed: "Deleted",
  restored: "Brought back",
  placed: "Placed again, in the same words",
  renumbered: "Renumbered",
  unchanged: "Unchanged",
};
