import type { Server } from "node:http";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { renewGenerations } from "#lib/data/room-generation.ts";
import { openLog } from "#server/telemetry/log.ts";
import type { Metrics } from "#server/telemetry/metrics.ts";
import type { House, Part } from "../house.ts";
import { attachRealtime } from "./attach.ts";
import { seating } from "./seating.ts";

/** Opens the drafting rooms on `upgrades`: who comes in is decided by the same session and the same table of rights as for pages. */
export async function startRealtime(upgrades: Server, { env, store, site }: House, metrics: Metrics): Promise<Part> {
  const logger = openLog("realtime", env.logLevel);
  const renewed = await renewGenerations(store.pool);
  if (renewed > 0) logger.warn({ rooms: renewed }, "the database was restored; every open text has a new generation");
  const realtime = await attachRealtime(upgrades, {
    pool: store.pool,
    allowedOrigins: [site.publicUrl],
    trustedProxies: env.trustedProxies,
    clock: Date.now,
    recordHistory: (roomId) => recordRevisions(store.db, { roomId, now: new Date() }),
    logger,
    ...seating(store.pool, site),
  });
  metrics.addRealtime(realtime.figures);
  return { drain: () => realtime.close() };
}
