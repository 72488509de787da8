import type { Site } from "#lib/config/site.ts";
import type { Actor } from "#lib/domain/actor.ts";
import type { Db } from "./store.ts";

export type { Site };

/** What every command and query is given: who asks, when, by what chance, on which database and installation. */
export type Context = {
  readonly db: Db;
  readonly actor: Actor;
  /** The server's clock at the start of the request. */
  readonly now: Date;
  /** Fills the array with random bytes and returns it. */
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  readonly site: Site;
};
