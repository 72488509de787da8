import { slugOf } from "#lib/domain/slug.ts";
import type { Tx } from "./store.ts";

/**
 * A public name that no charter has yet, from a title: "Fair Data Accord" gives `fair-data-accord`, then
 * `fair-data-accord-2`. Called under the lock of the log, so that two publications never get the same one.
 */
export async function freeCharterSlug(tx: Tx, title: string): Promise<string> {
  return firstFree(slugOf(title, "charter"), async (slug) => (await tx.charter.count({ where: { slug } })) === 0);
}

/** The same for an organization, from its display name. */
export async function freeOrganizationSlug(tx: Tx, displayName: string): Promise<string> {
  return firstFree(
    slugOf(displayName, "organization"),
    async (slug) => (await tx.organization.count({ where: { slug } })) === 0,
  );
}

async function firstFree(base: string, isFree: (slug: string) => Promise<boolean>): Promise<string> {
  for (let count = 1; ; count += 1) {
    const slug = count === 1 ? base : `${base}-${count}`;
    if (await isFree(slug)) return slug;
  }
}
