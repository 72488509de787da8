import type { Person } from "#lib/domain/actor.ts";
import type { Context } from "./context.ts";
import type { Prisma } from "./generated/client.ts";
import { bindKey, lockKeysOf } from "./signing-keys.ts";
import { tellAdminsOfKey } from "./signing-mail.ts";
import type { Tx } from "./store.ts";

/**
 * How long a later key signs nothing, counted from its enrolment: time in which those who were told by mail notice a key that is not
 * theirs, and revoke it. The approval by an enrolled key ends it.
 */
export const coolOffMs = 24 * 3_600_000;

/**
 * Writes down a key and tells the admins and officers. The first key that an organization ever has is bound by the operator's word, and can
 * sign; every later one waits until an enrolled key approves it, a domain names it, or the operator gives a reason, and in the latter
 * cases for `coolOffMs` from its enrolment. That the first one was lost or revoked makes no other the first.
 */
export async function enrolBound(
  tx: Tx,
  ctx: Pick<Context, "now">,
  person: Person,
  data: Prisma.SigningKeyUncheckedCreateInput & { readonly id: string; readonly organizationId: string },
): Promise<{ keyId: string; isBound: boolean }> {
  await lockKeysOf(tx, data.organizationId, "update");
  const earlier = await tx.signingKey.count({ where: { organizationId: data.organizationId, boundAt: { not: null } } });
  const signsFrom = earlier === 0 ? null : new Date(ctx.now.getTime() + coolOffMs);
  await tx.signingKey.create({ data: { ...data, signsFrom } });
  if (earlier === 0) await bindKey(tx, data.id, { boundBy: "operator", reason: null }, ctx.now);
  await tellAdminsOfKey(tx, data.organizationId, person.name, "enrolled", signsFrom);
  return { keyId: data.id, isBound: earlier === 0 };
}
