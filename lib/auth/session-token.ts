import { createHash } from "node:crypto";

/**
 * A session token as the database keeps it: SHA-256, base64url. The token is 256 random bits, so no salt is needed; whoever
 * reads the table, or a backup of it, can sign in as nobody.
 */
export function storedSessionToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
