import type { Env } from "#lib/config/env.ts";
import type { Site } from "#lib/config/site.ts";
import type { Store } from "#lib/data/store.ts";

/** What every part of the server is given once the database stands. */
export type House = {
  readonly env: Env;
  readonly site: Site;
  readonly store: Store;
  /** For a store of one's own, in another thread. */
  readonly databaseUrl: string;
};

/** A part that runs. */
export type Part = {
  /** Takes no new work, finishes what was promised, and lets go: nothing that was committed or acknowledged is lost. */
  drain(): Promise<void>;
};

/** Fills an empty database with the demo world. */
export type SeedDemo = (db: Store["db"], env: Env) => Promise<unknown>;
