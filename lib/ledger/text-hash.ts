import type { CanonicalVersion } from "./canonical-version.ts";
import { sha256 } from "./hash.ts";
import { encodeJcs } from "./jcs.ts";

/**
 * SHA-256 of a version's title and clauses alone, 32 bytes: without charter, number and the version before it. Two
 * candidates with the same words have the same hash, so a position taken on one still counts on the other.
 */
export function textSha256(version: Pick<CanonicalVersion, "title" | "clauses">): Uint8Array {
  return sha256(encodeJcs({ title: version.title, clauses: version.clauses }));
}
