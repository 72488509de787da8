import { slugOf } from "#lib/domain/slug.ts";
import type { Db, Tx } from "./store.ts";

/**
 * A public name that no charter has yet, from a title: "Fair Data Accord" gives `fair-data-accord`, then
 * `fair-data-accord-2`. Called under the lock of the log, so that two publications never get the same one.
 */
export async function freeCharterSlug(tx: Tx, title: string): Promise<string> {
  return firstFree(slugOf(title, "charter"), async (slug) => (await tx.charter.count({ where: { slug } })) === 0);
}

/**
 * Holds the rows of organizations that have no public name yet, because publishing gives them one: whoever publishes must not wait for
 * a row once it has the log. Whoever publishes for several holds all of them first, in one order; and whoever will refer to one
 * in its own rows does this before, since two that already refer to it could both not have it alone any more.
 */
export async function holdUnnamed(tx: Db | Tx, organizationIds: readonly string[]): Promise<void> {
  // Alone, because a public name is a key that other tables could refer to.
  const [only] = organizationIds.length === 1 ? organizationIds : [];
  // One is found by its key; for a list of unknown length the database may rather read the whole table.
  if (only !== undefined)
    await tx.$queryRaw`SELECT 1 FROM organization WHERE id = ${only}::uuid AND slug IS NULL FOR UPDATE`;
  else
    await tx.$queryRaw`
      SELECT 1 FROM organization WHERE id = ANY (${[...organizationIds]}::uuid[]) AND slug IS NULL ORDER BY id FOR UPDATE`;
}

/** Gives an organization without a public name one that nobody has yet, from its display name. Called under the lock of the log, too. */
export async function nameOrganization(
  tx: Tx,
  { organizationId, displayName }: { readonly organizationId: string; readonly displayName: string },
): Promise<void> {
  // Looked up and given in one question, because everybody waits for it. Nothing is written when it has a name.
  await firstFree(slugOf(displayName, "organization"), async (slug) => {
    const given = await tx.$executeRaw`
      UPDATE organization SET slug = ${slug} WHERE id = ${organizationId}::uuid AND slug IS NULL
      AND NOT EXISTS (SELECT 1 FROM organization WHERE slug = ${slug})`;
    return given > 0 || (await tx.organization.count({ where: { id: organizationId, slug: { not: null } } })) > 0;
  });
}

async function firstFree(base: string, isFree: (slug: string) => Promise<boolean>): Promise<string> {
  for (let count = 1; ; count += 1) {
    const slug = count === 1 ? base : `${base}-${count}`;
    if (await isFree(slug)) return slug;
  }
}
