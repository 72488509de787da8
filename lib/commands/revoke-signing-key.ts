import type { Context } from "#lib/data/context.ts";
import { revokeKeys } from "#lib/data/signing-keys.ts";
import { tellAdminsOfKey } from "#lib/data/signing-mail.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, requireForOrganization, requirePerson } from "#lib/domain/rights.ts";

/**
 * Revokes a signing key, by the officer whose it is or an admin of the organization. Nothing can be signed with it from now
 * on; what was signed before stands. A key that stands in the public log is revoked there too. Safe to retry.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted.
 */
export async function revokeSigningKey(ctx: Context, keyId: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  const key = await ctx.db.signingKey.findUnique({
    where: { id: keyId },
    select: { organizationId: true, userId: true },
  });
  if (!key) throw new Refusal("not-found", "There is no such key.");
  const isOwn = key.userId === person.userId && mayForOrganization(person, "sign", key.organizationId);
  if (!isOwn) requireForOrganization(person, "manage-people", key.organizationId);
  await transaction(ctx.db, async (tx) => {
    const revoked = await revokeKeys(tx, [keyId], ctx.now);
    if (revoked.length > 0) await tellAdminsOfKey(tx, key.organizationId, person.name, "revoked");
  });
}
