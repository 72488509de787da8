import type { Context } from "#lib/data/context.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import type { SignatureStatus } from "#lib/domain/signature.ts";

/** A signature of one of the person's organizations. `slug` is null while the charter is not public. */
export type MySignature = {
  readonly signActId: string;
  readonly title: string;
  readonly slug: string | null;
  readonly versionNumber: number;
  readonly organization: string;
  readonly status: SignatureStatus;
  readonly signedAt: Date;
  readonly withdrawsAt: Date | null;
};

/**
 * What the person's organizations have signed, the newest first; what was pulled out left no trace and is not here.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function mySignatures(ctx: Context): Promise<readonly MySignature[]> {
  const person = requirePerson(ctx.actor);
  const rows = await ctx.db.signature.findMany({
    where: {
      organizationId: { in: person.memberships.map((one) => one.organizationId) },
      status: { not: "RETRACTED" },
    },
    orderBy: [{ signedAt: "desc" }, { signActId: "asc" }],
    take: signaturesMax,
    select: {
      signActId: true,
      organizationId: true,
      status: true,
      signedAt: true,
      withdrawsAt: true,
      version: { select: { number: true, title: true, charter: { select: { slug: true, visibility: true } } } },
    },
  });
  const names = new Map(person.memberships.map((one) => [one.organizationId, one.displayName]));
  return rows.map(({ organizationId, version, status, ...row }) => ({
    ...row,
    status: parseSignatureStatus(status),
    title: version.title,
    slug: version.charter.visibility === "PUBLIC" ? version.charter.slug : null,
    versionNumber: version.number,
    organization: names.get(organizationId) ?? "",
  }));
}

/** More than any organization has signed; the rest is on its public page. */
const signaturesMax = 200;
