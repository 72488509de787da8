import type { Context } from "#lib/data/context.ts";
import { mayForOrganization, requireForOrganization } from "#lib/domain/rights.ts";
import { encodeHex } from "#lib/ledger/hash.ts";

/** A signing key of an organization as its people see it. */
export type SigningKeyView = {
  readonly id: string;
  readonly label: string;
  readonly officer: string;
  readonly keySha256: string;
  readonly boundBy: string;
  readonly enrolledAt: Date;
  readonly revokedAt: Date | null;
  readonly canRevoke: boolean;
};

/** The signing keys of an organization, newest first, and whether the person can enrol one. */
export type SigningKeys = {
  readonly organizationId: string;
  readonly name: string;
  readonly keys: readonly SigningKeyView[];
  readonly canEnrol: boolean;
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
    select: { displayName: true },
  });
  const keys = await ctx.db.signingKey.findMany({
    where: { organizationId },
    orderBy: { enrolledAt: "desc" },
    include: { user: { select: { name: true } } },
  });
  const isAdmin = mayForOrganization(person, "manage-people", organizationId);
  return {
    organizationId,
    name: organization.displayName,
    keys: keys.map((key) => ({
      id: key.id,
      label: key.label,
      officer: key.user?.name ?? "a former officer",
      keySha256: encodeHex(key.spkiSha256),
      boundBy: key.boundBy,
      enrolledAt: key.enrolledAt,
      revokedAt: key.revokedAt,
      canRevoke: key.revokedAt === null && (isAdmin || key.userId === person.userId),
    })),
    canEnrol: mayForOrganization(person, "sign", organizationId),
    signOrigin: ctx.site.signOrigin,
  };
}
