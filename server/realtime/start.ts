import type { Server } from "node:http";
import { resolve } from "node:path";
import { renewGenerations } from "#lib/data/room-generation.ts";
import { openLog } from "#server/telemetry/log.ts";
import type { Metrics } from "#server/telemetry/metrics.ts";
import type { House, Part } from "../house.ts";
import { attachRealtime } from "./attach.ts";
import { seating } from "./seating.ts";
import { Thread } from "./thread.ts";

/** Bundled, it lies beside the server. */
const historyThread = resolve("dist", "server", "realtime", "history-thread.js");

/** Opens the drafting rooms on `upgrades`: who comes in is decided by the same session and the same table of rights as for pages. */
export async function startRealtime(
  upgrades: Server,
  { env, store, databaseUrl, site }: House,
  metrics: Metrics,
): Promise<Part> {
  const logger = openLog("realtime", env.logLevel);
  const renewed = await renewGenerations(store.pool);
  if (renewed > 0) logger.warn({ rooms: renewed }, "the database was restored; every open text has a new generation");
  const histories = new Thread(historyThread, { databaseUrl });
  const realtime = await attachRealtime(upgrades, {
    pool: store.pool,
    allowedOrigins: [site.publicUrl],
    clock: Date.now,
    recordHistory: (roomId) => histories.ask({ roomId }),
    logger,
    ...seating(store.pool, site),
  });
  metrics.addRealtime(realtime.figures);
  return {
    async drain() {
      // Its last word is what the rooms still have to tell.
      await realtime.close();
      await histories.close();
    },
  };
}
