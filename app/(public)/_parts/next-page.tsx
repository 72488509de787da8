import { LinkButton } from "#app/_ui/button.tsx";

/** An address with a query of the fields that are given. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The way to what follows in a list, and back to its beginning. */
export function NextPage({
  path,
  query,
  cursor,
}: {
  path: string;
  query: Readonly<Record<string, string | number | undefined>>;
  cursor: string | null;
}) {
  const isLater = query.cursor !== undefined;
  if (cursor === null && !isLater) return null;
  return (
    <nav aria-label="Pages of this list" className="no-print mt-6 flex flex-wrap gap-3">
      {isLater ? (
        <LinkButton href={withQuery(path, { ...query, cursor: undefined })}>Back to the beginning</LinkButton>
      ) : null}
      {cursor === null ? null : <LinkButton href={withQuery(path, { ...query, cursor })}>Next page</LinkButton>}
    </nav>
  );
}
