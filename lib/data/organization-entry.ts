import { Refusal } from "#lib/domain/refusal.ts";
import { verificationOf } from "#lib/domain/verification.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { unconfirmedDomain } from "./act-entry.ts";
import { appendEntries } from "./log.ts";
import type { Tx } from "./store.ts";

/** What the log says of an organization itself, apart from its acts. */
export type OrganizationChange =
  | { readonly action: "verified" | "renamed" }
  | { readonly action: "succeeded"; readonly successorId: string };

/** Appends what happened to an organization. The caller has seen to it that the organization is public. */
export async function appendOrganization(
  tx: Tx,
  organizationId: string,
  change: OrganizationChange,
  now: Date,
): Promise<void> {
  const row = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    include: { domains: true, reviews: true },
  });
  const verification = verificationOf(row, now);
  const claim =
    verification.state === "verified" && verification.by === "domain"
      ? row.domains.find((one) => one.domain === verification.domain)
      : undefined;
  const entry: Entry = {
    type: "org",
    v: 1,
    action: change.action,
    organizationId,
    legalName: row.legalName,
    displayName: row.displayName,
    country: row.country,
    class: row.class,
    sector: row.sector === "" ? null : row.sector,
    domain: claim?.domain ?? unconfirmedDomain,
    domainProof: claim ? (claim.foundBy === "well-known" ? "well-known" : "dns") : "operator",
    successorId: change.action === "succeeded" ? change.successorId : null,
    by: change.action === "renamed" || (change.action === "verified" && claim) ? "organization" : "operator",
    at: now.toISOString(),
  };
  await appendEntries(tx, [{ bytes: encodeEntry(entry), actId: null }], now);
}

/**
 * Lets only an organization pass that is verified now.
 *
 * @throws {Refusal} not-found, not-verified.
 */
export async function requireVerifiedOrganization(tx: Tx, organizationId: string, now: Date): Promise<void> {
  const row = await tx.organization.findUnique({
    where: { id: organizationId },
    include: { domains: true, reviews: true },
  });
  if (!row) throw new Refusal("not-found", "There is no such organization.");
  if (verificationOf(row, now).state !== "verified") {
    throw new Refusal("not-verified", "Only a verified organization can stand in the place of another.");
  }
}
