import "server-only";
import { sharedSite } from "#lib/config/site.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * Lets only requests pass that a page of ours sent. Every POST route calls it; Server Actions are checked by Next.
 *
 * @throws {Refusal} not-permitted when `Origin` is absent, null or another.
 */
export function requireSameOrigin(request: Request): void {
  const { publicUrl } = sharedSite();
  if (request.headers.get("origin") === new URL(publicUrl).origin) return;
  throw new Refusal("not-permitted", `This must be sent from a page of ${publicUrl}; open it there and try again.`);
}
