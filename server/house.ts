import type { Server } from "node:http";
import type { Env } from "#lib/config/env.ts";
import type { Site } from "#lib/config/site.ts";
import type { Store } from "#lib/data/store.ts";

/** What every part of the server is given once the database stands. */
export type House = { readonly env: Env; readonly site: Site; readonly store: Store };

/** A part that runs. */
export type Part = {
  /** Takes no new work, finishes what was promised, and lets go: nothing that was committed or acknowledged is lost. */
  drain(): Promise<void>;
};

/** Adds the drafting sockets to a server: the only one who hears its `upgrade` events. */
export type StartRealtime = (server: Server, house: House) => Part | Promise<Part>;

/** Starts a part that listens to nobody: the signer of the log, the jobs. */
export type StartPart = (house: House) => Part | Promise<Part>;

/** Fills an empty database with the demo world. */
export type SeedDemo = (db: Store["db"], env: Env) => Promise<unknown>;
