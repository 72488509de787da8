import { randomUUID } from "node:crypto";
import type { Context } from "#lib/data/context.ts";
import { instantOfRule, keysOnlySince, ruleEntries } from "#lib/data/evidence-rule.ts";
import { isOrganizationPublic } from "#lib/data/first-entries.ts";
import { appendEntries, lockLog } from "#lib/data/log.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { lockKeysOf } from "#lib/data/signing-keys.ts";
import { transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";

/**
 * Declares for an organization that only its keys count: from here on nothing is lodged in its name by a code or on paper, and
 * verifiers take such an entry for none. It stands in the public log as soon as the organization does. One of its keys takes
 * it back (`askKey`). Declaring it again changes nothing.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted; conflict without a live key, or while a signature by code or on paper is sealed.
 */
export async function declareKeysOnly(ctx: Context, rawId: string): Promise<void> {
  const organizationId = RowId.parse(rawId);
  const person = requireForOrganization(ctx.actor, "declare-keys-only", organizationId);
  await transaction(ctx.db, async (tx) => {
    await lockKeysOf(tx, organizationId, "update");
    if ((await keysOnlySince(tx, organizationId)) !== null) return;
    const keys = await tx.signingKey.count({ where: { organizationId, revokedAt: null, boundAt: { not: null } } });
    if (keys === 0) throw new Refusal("conflict", "Enrol a signing key first: otherwise nobody could sign any more.");
    const sealed = await tx.signature.findMany({
      where: { organizationId, status: { in: ["SEALED", "LODGED"] } },
      select: { signActId: true },
    });
    const withoutKey = await tx.actEvidence.count({
      where: { actId: { in: sealed.map(({ signActId }) => signActId) }, evidenceClass: { in: ["B", "C"] } },
    });
    // It would enter the log after the declaration, and be taken for none.
    if (withoutKey > 0) {
      throw new Refusal(
        "conflict",
        "A signature that was confirmed without a key is not public yet. Pull it out, or wait for its opening.",
      );
    }
    await tx.evidenceRule.create({
      data: {
        id: randomUUID(),
        organizationId,
        rule: "keys-only",
        userId: person.userId,
        at: await instantOfRule(tx, organizationId, ctx.now),
      },
    });
    await lockLog(tx);
    if (!(await isOrganizationPublic(tx, organizationId))) return;
    const entries = await ruleEntries(tx, organizationId, ctx.now);
    await appendEntries(
      tx,
      entries.map((entry) => ({ bytes: encodeEntry(entry), actId: null })),
      ctx.now,
    );
    await bumpRevisions(tx, [`organization:${organizationId}`]);
  });
}
