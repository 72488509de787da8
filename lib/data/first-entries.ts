import type { ActPayload } from "#lib/domain/acts.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { factsOf } from "./act-entry.ts";
import { ruleEntries } from "./evidence-rule.ts";
import type { NewEntry } from "./log.ts";
import type { firstEntriesOfKey } from "./signing-keys.ts";
import type { Tx } from "./store.ts";

type PublishedAct = {
  readonly organizationId: string | null;
  readonly payload: ActPayload;
  /** What the key that it was signed with brings along; undefined when it stands in the log, and without a key. */
  readonly key: Awaited<ReturnType<typeof firstEntriesOfKey>> | undefined;
  readonly isOrganizationPublic: boolean;
  /** How the organization's domain was confirmed; null when it signs without one. */
  readonly domainFoundBy: string | null;
  /** Whether the organization ever said which evidence counts for it. */
  readonly hasRule: boolean;
  readonly now: Date;
};

/** What goes into the log before and after an act because the act is the first to show it. */
export type FirstEntries = { readonly before: readonly NewEntry[]; readonly after: readonly NewEntry[] };

/**
 * The entries that an act brings with it because it is the first to show them: the organization, which evidence counts for it, and
 * the key it signed with. Before that none is in the log, so that nothing sealed shows in it. A key that was revoked
 * under seal is revoked right after the act.
 */
export async function firstEntriesOf(
  tx: Tx,
  { organizationId, payload, key, isOrganizationPublic: isKnown, domainFoundBy, hasRule, now }: PublishedAct,
): Promise<FirstEntries> {
  if (organizationId === null) return { before: [], after: [] };
  const isFirst = payload.kind === "sign" && !isKnown;
  return {
    before: [
      ...(isFirst ? [organizationEntry(payload, domainFoundBy, now)].map(unsigned) : []),
      ...(key?.before ?? []),
      // A rule may lean on a key, so that it comes after the keys; an act without a key is lodged under no rule against it.
      ...(isFirst && hasRule ? (await keysOnlyEntries(tx, organizationId, now)).map(unsigned) : []),
    ],
    after: key?.after.map(unsigned) ?? [],
  };
}

/** Whether an organization stands in the public log: some signature of it is published. */
export async function isOrganizationPublic(tx: Tx, organizationId: string): Promise<boolean> {
  return (await tx.actPublication.count({ where: { act: { organizationId, kind: "sign" } } })) > 0;
}

/** A rule that was taken back before anybody could see it leaves no trace. */
async function keysOnlyEntries(tx: Tx, organizationId: string, now: Date): Promise<Entry[]> {
  const entries = await ruleEntries(tx, organizationId, now);
  return entries.length === 1 ? entries : [];
}

function unsigned(entry: Entry): NewEntry {
  return { bytes: encodeEntry(entry), actId: null };
}

function organizationEntry(
  { organization }: Extract<ActPayload, { kind: "sign" }>,
  domainFoundBy: string | null,
  now: Date,
): Entry {
  return {
    type: "org",
    v: 1,
    action: "verified",
    ...factsOf(organization),
    domainProof: domainFoundBy === null ? "operator" : domainFoundBy === "well-known" ? "well-known" : "dns",
    successorId: null,
    by: domainFoundBy === null ? "operator" : "organization",
    at: now.toISOString(),
  };
}
