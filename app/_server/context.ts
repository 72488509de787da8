import "server-only";
import { sharedContext } from "#lib/auth/shared-context.ts";
import type { Actor } from "#lib/domain/actor.ts";

/** What a command or query is given when this actor asks now: database, clock, chance and site of this process. */
export function contextFor(actor: Actor): ReturnType<typeof sharedContext> {
  return sharedContext(actor);
}
