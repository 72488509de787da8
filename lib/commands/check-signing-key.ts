import type { Context } from "#lib/data/context.ts";
import { type DomainAnswer, type DomainDoors, domainDoors } from "#lib/data/domain-proof.ts";
import { lookForKey } from "#lib/data/key-proof.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/** A key is looked for at most this often, by whoever presses the button. */
const pauseMs = 5000;

/**
 * Looks now whether a confirmed domain of the organization names the key. If it does, what was seen is kept as evidence and
 * the key is bound by it; if not, what stands there instead is told.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, too-many, conflict (no confirmed domain).
 */
export async function checkSigningKey(
  ctx: Context,
  organizationId: string,
  keyId: string,
  doors: DomainDoors = domainDoors(ctx.site),
): Promise<DomainAnswer> {
  requireForOrganization(ctx.actor, "manage-keys", RowId.parse(organizationId));
  const key = await ctx.db.signingKey.findFirst({
    where: { id: RowId.parse(keyId), organizationId, revokedAt: null },
  });
  if (!key) throw new Refusal("not-found", "There is no such key.");
  if (key.bindingCheckedAt && ctx.now.getTime() - key.bindingCheckedAt.getTime() < pauseMs) {
    throw new Refusal("too-many", "It was looked at just now. Wait some seconds.");
  }
  const answer = await lookForKey(ctx, key, doors);
  if (answer) return answer;
  throw new Refusal("conflict", "Confirm a domain of the organization first; the record of the key stands beside it.");
}
