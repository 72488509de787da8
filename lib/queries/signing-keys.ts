import type { Context } from "#lib/data/context.ts";
import { keyRecord, wellKnownFile } from "#lib/data/domain-proof.ts";
import { keysOnlySince } from "#lib/data/evidence-rule.ts";
import { boundByOf } from "#lib/data/signing-keys.ts";
import { mayForOrganization, requireForOrganization } from "#lib/domain/rights.ts";
import { encodeHex } from "#lib/ledger/hash.ts";

/** A signing key of an organization as its people see it. */
export type SigningKeyView = {
  readonly id: string;
  readonly kind: "passkey" | "own";
  readonly label: string;
  /** Whose passkey it is; null for an own key, which any signing officer may use. */
  readonly officer: string | null;
  readonly keySha256: string;
  readonly boundBy: "dns" | "well-known" | "key" | "operator";
  /** `waiting` signs nothing until somebody vouches for it, `resting` nothing before `signsFrom`. */
  readonly state: "waiting" | "resting" | "live" | "revoked";
  /** When its rest after the enrolment ends; null where it has none, or where that is over. */
  readonly signsFrom: Date | null;
  /** The fingerprint of the key that approved it, or null. */
  readonly approvedBy: string | null;
  /** What the operator gave as the reason for vouching for it, or null. */
  readonly reason: string | null;
  readonly enrolledAt: Date;
  readonly revokedAt: Date | null;
  readonly checkedAt: Date | null;
  readonly goodAt: Date | null;
  /** What was found at the domain instead, at the last look. */
  readonly problem: string | null;
  readonly canRevoke: boolean;
  /** Where and what to publish for it, for each confirmed domain. */
  readonly publish: readonly {
    readonly domain: string;
    readonly record: { readonly name: string; readonly value: string };
    readonly file: { readonly url: string; readonly text: string };
  }[];
};

/** A key by which the person can approve another one here and now. */
export type ApproverView = { readonly id: string; readonly label: string; readonly isPasskey: boolean };

/** The signing keys of an organization, newest first, and what the person can do with them. */
export type SigningKeys = {
  readonly organizationId: string;
  readonly name: string;
  readonly keys: readonly SigningKeyView[];
  readonly approvers: readonly ApproverView[];
  readonly keysOnlySince: Date | null;
  readonly hasDomain: boolean;
  readonly canEnrol: boolean;
  readonly canManage: boolean;
  readonly canDeclare: boolean;
  readonly signOrigin: string;
};

/**
 * The signing keys of an organization, for its people.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function loadSigningKeys(ctx: Context, organizationId: string): Promise<SigningKeys> {
  const person = requireForOrganization(ctx.actor, "read-organization", organizationId);
  const organization = await ctx.db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      displayName: true,
      domains: { where: { confirmedAt: { not: null }, releasedAt: null }, select: { domain: true } },
    },
  });
  const rows = await ctx.db.signingKey.findMany({
    where: { organizationId },
    orderBy: { enrolledAt: "desc" },
    include: { user: { select: { name: true } }, bindings: { orderBy: [{ at: "desc" }, { id: "desc" }], take: 1 } },
  });
  const may = (action: Parameters<typeof mayForOrganization>[1]) => mayForOrganization(person, action, organizationId);
  const live = rows.filter((row) => row.revokedAt === null);
  const keyHexes = live.map((row) => encodeHex(row.spkiSha256));
  const domains = organization.domains.map(({ domain }) => domain);
  return {
    organizationId,
    name: organization.displayName,
    keys: rows.map((row) => {
      const keySha256 = encodeHex(row.spkiSha256);
      const binding = row.bindings[0];
      return {
        id: row.id,
        kind: row.kind === "ed25519" ? "own" : "passkey",
        label: row.label,
        officer: row.kind === "ed25519" ? null : (row.user?.name ?? "a former officer"),
        keySha256,
        boundBy: boundByOf(row.boundBy),
        state:
          row.revokedAt !== null
            ? "revoked"
            : row.boundAt === null
              ? "waiting"
              : isResting(row, ctx.now)
                ? "resting"
                : "live",
        signsFrom: isResting(row, ctx.now) ? row.signsFrom : null,
        approvedBy: binding?.approvedBy ? encodeHex(binding.approvedBy) : null,
        reason: binding?.boundBy === "operator" ? binding.evidence : null,
        enrolledAt: row.enrolledAt,
        revokedAt: row.revokedAt,
        checkedAt: row.bindingCheckedAt,
        goodAt: row.bindingGoodAt,
        problem: row.bindingProblem,
        canRevoke: row.revokedAt === null && (may("manage-people") || row.userId === person.userId),
        publish: domains.map((domain) => ({
          domain,
          record: keyRecord(domain, keySha256),
          file: wellKnownFile(domain, organizationId, keyHexes),
        })),
      };
    }),
    approvers: live
      .filter((row) => row.boundAt !== null && !isResting(row, ctx.now))
      .filter((row) => row.kind === "ed25519" || (row.userId === person.userId && row.rpId === ctx.site.signRpId))
      .map((row) => ({ id: row.id, label: row.label, isPasskey: row.kind !== "ed25519" })),
    keysOnlySince: await keysOnlySince(ctx.db, organizationId),
    hasDomain: domains.length > 0,
    canEnrol: may("sign"),
    canManage: may("manage-keys"),
    canDeclare: may("declare-keys-only"),
    signOrigin: ctx.site.signOrigin,
  };
}

function isResting({ signsFrom }: { readonly signsFrom: Date | null }, now: Date): boolean {
  return signsFrom !== null && signsFrom > now;
}
