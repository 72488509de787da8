import type { Context } from "#lib/data/context.ts";

/** Since when a person is here without having said a name; null where they gave one, and for visitors. */
export async function namelessSince({ actor, db }: Pick<Context, "actor" | "db">): Promise<Date | null> {
  if (actor.kind !== "person") return null;
  const user = await db.user.findUnique({
    where: { id: actor.userId },
    select: { name: true, createdAt: true },
  });
  return user && !user.name?.trim() ? user.createdAt : null;
}
