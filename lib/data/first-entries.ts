import type { ActPayload } from "#lib/domain/acts.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { unconfirmedDomain } from "./act-entry.ts";
import { ruleEntries } from "./evidence-rule.ts";
import type { NewEntry } from "./log.ts";
import { enrolmentsOf, keyEntry } from "./signing-keys.ts";
import type { Tx } from "./store.ts";

type PublishedAct = {
  readonly actId: string;
  readonly organizationId: string | null;
  readonly payload: ActPayload;
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
  { actId, organizationId, payload, now }: PublishedAct,
): Promise<FirstEntries> {
  if (organizationId === null) return { before: [], after: [] };
  const evidence = await tx.actEvidence.findUnique({ where: { actId }, select: { signingKeyId: true } });
  const keyId = evidence?.signingKeyId ?? null;
  const isFirst = payload.kind === "sign" && !(await isOrganizationPublic(tx, organizationId));
  const enrolments = keyId === null ? [] : await enrolmentsOf(tx, keyId, now);
  return {
    before: [
      ...(isFirst ? [await organizationEntry(tx, payload, now)].map(unsigned) : []),
      ...enrolments,
      // A rule may lean on a key, so that it comes after the keys; an act without a key is lodged under no rule against it.
      ...(isFirst ? (await keysOnlyEntries(tx, organizationId, now)).map(unsigned) : []),
    ],
    after: (await revocationsAmong(tx, enrolments, now)).map(unsigned),
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

async function revocationsAmong(tx: Tx, enrolments: readonly NewEntry[], now: Date): Promise<Entry[]> {
  const keyIds = enrolments.flatMap(({ enrols }) => (enrols === undefined ? [] : [enrols]));
  const gone = await tx.signingKey.findMany({
    where: { id: { in: keyIds }, revokedAt: { not: null } },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  return Promise.all(gone.map(({ id }) => keyEntry(tx, id, "revoked", now)));
}

function unsigned(entry: Entry): NewEntry {
  return { bytes: encodeEntry(entry), actId: null };
}

async function organizationEntry(tx: Tx, payload: Extract<ActPayload, { kind: "sign" }>, now: Date): Promise<Entry> {
  const { organization } = payload;
  const claim =
    organization.domain === null
      ? null
      : await tx.domainClaim.findFirst({
          where: { organizationId: organization.id, domain: organization.domain, confirmedAt: { not: null } },
          select: { foundBy: true },
        });
  return {
    type: "org",
    v: 1,
    action: "verified",
    organizationId: organization.id,
    legalName: organization.legalName,
    displayName: organization.displayName,
    country: organization.country,
    class: organization.class,
    sector: organization.sector === "" ? null : organization.sector,
    domain: organization.domain ?? unconfirmedDomain,
    domainProof: claim === null ? "operator" : claim.foundBy === "well-known" ? "well-known" : "dns",
    successorId: null,
    by: claim === null ? "operator" : "organization",
    at: now.toISOString(),
  };
}
