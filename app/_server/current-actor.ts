import "server-only";
import { cookies } from "next/headers";
import { cache } from "react";
import { actorOfSession } from "#lib/auth/actor-of.ts";
import { cookieNames } from "#lib/auth/cookies.ts";
import type { Actor, Person } from "#lib/domain/actor.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { contextFor } from "./context.ts";

/** Who sends this request; found once per request. Reading it makes a page dynamic and private. */
export const currentActor = cache(async (): Promise<Actor> => {
  const { db, now, site } = contextFor({ kind: "visitor" });
  const token = (await cookies()).get(cookieNames(site).session)?.value;
  return actorOfSession(db, token, now);
});

/**
 * The signed-in person who sends this request, for actions and routes. Pages use `requirePage`, which leads to the sign-in.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function requireActor(): Promise<Person> {
  return requirePerson(await currentActor());
}
