import "server-only";
import { sharedSite } from "#lib/config/site.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * Lets only requests pass that a page of ours sent. Every POST route calls it; Server Actions are checked by Next.
 *
 * @throws {Refusal} not-permitted when `Origin` is absent, null or another.
 */
export function requireSameOrigin(request: Request): void {
  const { publicUrl, signOrigin } = sharedSite();
  const sign = new URL(signOrigin);
  // A page of the signing host speaks to the signing host alone.
  const isSigning = request.headers.get("host")?.toLowerCase() === sign.host;
  if (request.headers.get("origin") === (isSigning ? sign.origin : new URL(publicUrl).origin)) return;
  throw new Refusal("not-permitted", `This must be sent from a page of ${publicUrl}; open it there and try again.`);
}
