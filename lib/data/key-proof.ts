import { encodeHex } from "#lib/ledger/hash.ts";
import { formatJcs } from "#lib/ledger/jcs.ts";
import type { Context } from "./context.ts";
import { askKey, type DomainAnswer, type DomainDoors } from "./domain-proof.ts";
import { bindKey, lockKeysOf } from "./signing-keys.ts";
import { transaction } from "./store.ts";

/** A key as far as looking for it is concerned. */
type LookedForKey = { readonly id: string; readonly organizationId: string; readonly spkiSha256: Uint8Array };

/**
 * Asks the confirmed domains of an organization for one of its keys, and writes down what they say: the key is bound by the first
 * that names it. That it is no longer there is written down too, and takes nothing back: what was seen was seen.
 * Undefined when there is no confirmed domain to ask.
 */
export async function lookForKey(
  ctx: Pick<Context, "db" | "now">,
  key: LookedForKey,
  doors: DomainDoors,
): Promise<DomainAnswer | undefined> {
  const { organizationId } = key;
  const claims = await ctx.db.domainClaim.findMany({
    where: { organizationId, confirmedAt: { not: null }, releasedAt: null },
    orderBy: { confirmedAt: "asc" },
    select: { domain: true },
  });
  const keyHex = encodeHex(key.spkiSha256);
  let no: Exclude<DomainAnswer, { state: "good" }> | undefined;
  for (const { domain } of claims) {
    const answer = await askKey(doors, domain, organizationId, keyHex);
    if (answer.state !== "good") {
      no = answer;
      continue;
    }
    await recordSight(ctx, key, {
      boundBy: answer.sight.foundBy,
      evidence: formatJcs({
        type: "concordat/key-binding/v1",
        organization: organizationId,
        key: keyHex,
        domain,
        at: ctx.now.toISOString(),
        nameServers: doors.nameServers,
        ...answer.sight,
      }),
    });
    return answer;
  }
  if (no) {
    const data = { bindingCheckedAt: ctx.now, bindingProblem: no.problem };
    await ctx.db.signingKey.update({ where: { id: key.id }, data });
  }
  return no;
}

async function recordSight(
  ctx: Pick<Context, "db" | "now">,
  key: LookedForKey,
  seen: { readonly boundBy: "dns" | "well-known"; readonly evidence: string },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    await lockKeysOf(tx, key.organizationId, "update");
    const now = await tx.signingKey.findUniqueOrThrow({ where: { id: key.id } });
    if (now.revokedAt !== null) return;
    const { boundBy } = seen;
    const isKnown = now.boundAt !== null && now.boundBy === boundBy;
    if (!isKnown) return bindKey(tx, key.id, seen, ctx.now);
    await tx.signingKey.update({
      where: { id: key.id },
      data: { bindingCheckedAt: ctx.now, bindingGoodAt: ctx.now, bindingProblem: null },
    });
  });
}
