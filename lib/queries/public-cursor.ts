import { decodeBase64Url, decodeUtf8, encodeBase64Url, encodeUtf8 } from "#lib/ledger/hash.ts";
import { QueryRefusal } from "./public-query.ts";

/** Where the next page starts: behind `after`, in the list as it stood at `at`, so that paging never skips or repeats. */
export type Cursor = { readonly at: Date; readonly after: string };

/** A cursor as an opaque word for addresses. */
export function encodeCursor({ at, after }: Cursor): string {
  return encodeBase64Url(encodeUtf8(`${at.toISOString()} ${after}`));
}

/** @throws {QueryRefusal} malformed, unless an earlier page gave it. */
export function decodeCursor(text: string): Cursor {
  try {
    const [at = "", after = ""] = decodeUtf8(decodeBase64Url(text)).split(" ");
    if (new Date(at).toISOString() === at && after !== "") return { at: new Date(at), after };
  } catch {
    // Answered below: bytes that are no cursor and an impossible instant are the same mistake.
  }
  throw new QueryRefusal("cursor", "cursor: This is not a cursor that an earlier page gave.");
}

/**
 * One page of a list: what stands behind the cursor's row, at most `size`, and whether more follows.
 *
 * @throws {QueryRefusal} malformed when the cursor's row is not in this list.
 */
export function pageOf<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  after: string | undefined,
  size: number,
): { readonly rows: readonly T[]; readonly last: string | null } {
  const at = after === undefined ? -1 : rows.findIndex((row) => keyOf(row) === after);
  if (after !== undefined && at === -1) {
    throw new QueryRefusal("cursor", "cursor: This cursor belongs to another list.");
  }
  const page = rows.slice(at + 1, at + 1 + size);
  const last = page.at(-1);
  return { rows: page, last: last && at + 1 + size < rows.length ? keyOf(last) : null };
}
