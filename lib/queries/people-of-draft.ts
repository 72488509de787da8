import { z } from "zod";
import type { Db } from "#lib/data/store.ts";

/** A person as they are named beside what they wrote: the organization first. A person who was erased has no name. */
export type NamedAuthor = { readonly organization: string; readonly person: string | null };

/** The authors stored with a revision. */
export const StoredAuthors = z.array(z.object({ userId: z.string(), organizationId: z.string() }));

/** Finds names for stored ids, once for a whole page. */
export type Names = {
  author(userId: string, organizationId: string): NamedAuthor;
  person(userId: string): string | null;
};

/** Loads the names of these people and organizations as they go by now. */
export async function loadNames(
  db: Db,
  userIds: readonly string[],
  organizationIds: readonly string[],
): Promise<Names> {
  const users = await db.user.findMany({
    where: { id: { in: [...new Set(userIds)] } },
    select: { id: true, name: true, email: true, erasedAt: true },
  });
  const organizations = await db.organization.findMany({
    where: { id: { in: [...new Set(organizationIds)] } },
    select: { id: true, displayName: true },
  });
  const people = new Map(
    users.map((one) => [one.id, one.erasedAt ? null : one.name?.trim() || (one.email.split("@")[0] ?? null)]),
  );
  const names = new Map(organizations.map((one) => [one.id, one.displayName]));
  const person = (userId: string) => people.get(userId) ?? null;
  return {
    person,
    author: (userId, organizationId) => ({
      organization: names.get(organizationId) ?? "An organization",
      person: person(userId),
    }),
  };
}
