import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Env } from "#lib/config/env.ts";
import { takeProcessLock } from "../boot/process-lock.mjs";
import { type Cluster, findCluster, startCluster } from "../database/embedded.ts";

/** The database of the installation, and how to leave it as it was found. */
export type Reached = { readonly url: string; close(): Promise<void> };

/**
 * The database that `npm start` uses, whether it runs now or not. A server that runs keeps running beside us, unless
 * we must be `alone` on its data.
 *
 * @throws {Error} in one sentence.
 */
export async function reachDatabase(
  place: Pick<Env, "databaseUrl" | "migrationDatabaseUrl" | "dataFolder">,
  { alone = false }: { alone?: boolean } = {},
): Promise<Reached> {
  const { dataFolder } = place;
  const databaseUrl = place.migrationDatabaseUrl ?? place.databaseUrl;
  if (databaseUrl !== undefined) return { url: databaseUrl, close: async () => {} };
  if (!existsSync(join(dataFolder, "postgresql.password")))
    throw new Error(`There is nothing in ${dataFolder} yet; start Concordat once first.`);
  const lock = takeProcessLock(join(dataFolder, "lock"));
  if ("heldBy" in lock) {
    if (alone) throw new Error(`Concordat (process ${lock.heldBy}) runs on ${dataFolder}; stop it first.`);
    const running = await findCluster(dataFolder);
    if (!running) throw new Error(`Concordat is just starting on ${dataFolder}; try again in a moment.`);
    return reachedIn(running, async () => {});
  }
  const cluster = await startCluster(dataFolder).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  return reachedIn(cluster, async () => {
    await cluster.stop();
    lock.release();
  });
}

async function reachedIn(cluster: Cluster, close: () => Promise<void>): Promise<Reached> {
  try {
    return { url: await cluster.database("concordat"), close };
  } catch (error) {
    await close();
    throw error;
  }
}
