import "server-only";

/** The query of a page as Next hands it over. */
export type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

/** One value of the query as text; the first when a name comes twice, undefined when it is absent or unreasonably long. */
export async function queryText(params: SearchParams, name: string): Promise<string | undefined> {
  const value = [(await params)[name]].flat()[0];
  return value !== undefined && value.length <= 500 ? value : undefined;
}
