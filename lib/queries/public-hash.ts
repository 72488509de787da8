import type { Context } from "#lib/data/context.ts";
import { decodeHex } from "#lib/ledger/hash.ts";
import { publicVersionWhere } from "./public-charter.ts";

/** What a fingerprint belongs to in the public record. */
export type HashMatch =
  | { readonly kind: "version"; readonly slug: string; readonly title: string; readonly number: number }
  | {
      readonly kind: "statement";
      readonly slug: string;
      readonly title: string;
      readonly actNumber: number;
      readonly notification: string;
    };

/** The public version or signed statement whose SHA-256 this is (64 lower-case hex digits), or undefined. */
export async function findPublicHash(ctx: Context, hashHex: string): Promise<HashMatch | undefined> {
  const sha256 = Uint8Array.from(decodeHex(hashHex));
  const [version, evidence] = await Promise.all([
    ctx.db.charterVersion.findFirst({
      where: { sha256, ...publicVersionWhere, charter: { visibility: "PUBLIC" } },
      select: { number: true, title: true, charter: { select: { slug: true } } },
    }),
    ctx.db.actEvidence.findFirst({
      where: { statementSha256: sha256, act: { publication: { isNot: null }, charter: { visibility: "PUBLIC" } } },
      select: {
        act: {
          select: {
            publication: { select: { number: true, title: true } },
            charter: { select: { slug: true, title: true } },
          },
        },
      },
    }),
  ]);
  if (version?.charter.slug) {
    return { kind: "version", slug: version.charter.slug, title: version.title, number: version.number };
  }
  const publication = evidence?.act.publication;
  if (evidence?.act.charter.slug && publication) {
    const { slug, title } = evidence.act.charter;
    return { kind: "statement", slug, title, actNumber: publication.number, notification: publication.title };
  }
  return undefined;
}
