import { Refusal } from "#lib/domain/refusal.ts";
import type { Entry } from "#lib/ledger/entry.ts";
import { KeyEvidence } from "#lib/ledger/evidence.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { lockKeysOf } from "./signing-keys.ts";
import type { Db, Tx } from "./store.ts";

/** Since when only an organization's keys count for it; null when codes and paper count too. */
export async function keysOnlySince(db: Db | Tx, organizationId: string): Promise<Date | null> {
  const latest = await latestRule(db, organizationId);
  return latest?.rule === "keys-only" ? latest.at : null;
}

/** The instant of an organization's next rule: after the one before it, since the latest holds. */
export async function instantOfRule(tx: Tx, organizationId: string, now: Date): Promise<Date> {
  const latest = await latestRule(tx, organizationId);
  return new Date(Math.max(now.getTime(), (latest?.at.getTime() ?? 0) + 1));
}

/**
 * Lets evidence without a key of the organization pass only where the organization lets it count, and keeps it so to the end of the transaction.
 *
 * @throws {Refusal} evidence-invalid.
 */
export async function requireOtherEvidence(tx: Tx, organizationId: string): Promise<void> {
  await lockKeysOf(tx, organizationId, "share");
  if ((await keysOnlySince(tx, organizationId)) === null) return;
  throw new Refusal(
    "evidence-invalid",
    "This organization has declared that only its keys count. Sign with one of its signing keys; nothing was signed.",
  );
}

/** The entries by which the present rule of an organization comes into the log; none when everything counts. */
export async function ruleEntries(tx: Tx, organizationId: string, now: Date): Promise<Entry[]> {
  const latest = await latestRule(tx, organizationId);
  if (!latest) return [];
  const at = now.toISOString();
  const head = { type: "org", v: 1, organizationId, at } as const;
  if (latest.rule === "keys-only") return [{ ...head, action: "keys-only", approvedBy: null }];
  if (latest.statement === null || latest.approvedBy === null) return [];
  return [
    {
      type: "approval",
      v: 1,
      organizationId,
      statement: latest.statement,
      evidence: KeyEvidence.parse(latest.evidence),
      at,
    },
    { ...head, action: "all-evidence", approvedBy: encodeHex(latest.approvedBy) },
  ];
}

async function latestRule(db: Db | Tx, organizationId: string) {
  return db.evidenceRule.findFirst({ where: { organizationId }, orderBy: [{ at: "desc" }, { id: "desc" }] });
}
