import type { Context } from "#lib/data/context.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { encodeHex } from "#lib/ledger/hash.ts";

/** A later key that nobody has approved yet, as the operator sees it. */
export type WaitingKey = {
  readonly id: string;
  readonly legalName: string;
  readonly kind: "passkey" | "own key";
  readonly officer: string | null;
  readonly keySha256: string;
  readonly enrolledAt: Date;
  /** Keys of the organization that could approve it. */
  readonly liveKeys: number;
};

/**
 * The keys that wait for an approval, oldest first, at most fifty.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone but operators.
 */
export async function listWaitingKeys(ctx: Context): Promise<WaitingKey[]> {
  requireOnInstallation(ctx.actor, "read-operations");
  const rows = await ctx.db.signingKey.findMany({
    where: { revokedAt: null, boundAt: null },
    orderBy: { enrolledAt: "asc" },
    take: 50,
    include: {
      user: { select: { name: true } },
      organization: {
        select: {
          legalName: true,
          signingKeys: { where: { revokedAt: null, boundAt: { not: null } }, select: { id: true } },
        },
      },
    },
  });
  return rows.map((row) => ({
    id: row.id,
    legalName: row.organization.legalName,
    kind: row.kind === "ed25519" ? "own key" : "passkey",
    officer: row.user?.name ?? null,
    keySha256: encodeHex(row.spkiSha256),
    enrolledAt: row.enrolledAt,
    liveKeys: row.organization.signingKeys.length,
  }));
}
