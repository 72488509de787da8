import { sharedSite } from "#lib/config/site.ts";
import type { Context } from "#lib/data/context.ts";
import { sharedStore } from "#lib/data/store.ts";
import type { Actor } from "#lib/domain/actor.ts";

/** What a command or query gets when `actor` asks at this very moment, on the store and the site of this process. */
export function sharedContext(actor: Actor): Context {
  return {
    db: sharedStore().db,
    actor,
    now: new Date(),
    random: (bytes) => crypto.getRandomValues(bytes),
    site: sharedSite(),
  };
}
