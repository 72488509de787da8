import { join } from "node:path";
import { repeatErasures } from "#lib/commands/repeat-erasures.ts";
import { type Env, isLoopback, publicUrlOf, readEnv, tellNextAuth } from "#lib/config/env.ts";
import { loadSecret } from "#lib/config/secrets.ts";
import { shareSite } from "#lib/config/site.ts";
import { doorsOf, siteOf } from "#lib/config/site-of.ts";
import { openStore, shareStore } from "#lib/data/store.ts";
import { listen, requirePort } from "./boot/ports.ts";
import { takeProcessLock } from "./boot/process-lock.mjs";
import { Closing } from "./closing.ts";
import { type Database, openDatabase } from "./database/open.ts";
import { clearUnfinished, fillApart, requireFittingWorld, worldOf } from "./demo/open-world.ts";
import type { House } from "./house.ts";
import { mayReadMetrics, openMetrics } from "./telemetry/metrics.ts";
import { readinessOf } from "./telemetry/reach.ts";
import { createListener, silentServer } from "./web/listener.ts";
import { withPageCache } from "./web/page-cache-front.ts";
import { policyOf, withPagePolicy } from "./web/page-policy.ts";
import { openPages } from "./web/pages.ts";
import { signHostOf } from "./web/sign-host.ts";

/** What the launcher does for us on the way. */
export type Steps = { say(line: string): void; buildPages(): Promise<void> };

/**
 * Becomes the server: environment, database, roles, listener. Resolves once it answers; SIGTERM and SIGINT drain it.
 *
 * @throws {Error} in one sentence for the operator; what was opened until then is closed again.
 */
export async function boot(steps: Steps): Promise<void> {
  const closing = new Closing();
  // From here on: a signal during the boot closes what is open, too.
  closing.onSignals(steps.say);
  try {
    const given = readEnv();
    takeDataFolder(given, closing);
    const env = { ...given, port: await requirePort(given.host, given.port) };
    const secret = await loadSecret(env);
    if (env.roles.includes("web")) await steps.buildPages();

    const database = await openDatabase(env, steps.say);
    closing.add("database", () => database.close());
    const house = await openHouse(env, database, secret, steps, closing);
    await openDoors(house, closing);
    for (const line of banner(house, database)) steps.say(line);
  } catch (error) {
    await closing.run();
    throw error;
  }
}

/** Several processes may share a database of their own; the embedded one and its folder belong to one process alone. */
function takeDataFolder(env: Env, closing: Closing): void {
  if (env.databaseUrl !== undefined) return;
  const lock = (() => {
    try {
      return takeProcessLock(join(env.dataFolder, "lock"));
    } catch (error) {
      throw new Error(`The data folder ${env.dataFolder} cannot be used: it cannot be written to.`, { cause: error });
    }
  })();
  if ("heldBy" in lock) {
    throw new Error(
      `Another Concordat (process ${lock.heldBy}) already runs on ${env.dataFolder}; stop it first, or give this one a CONCORDAT_DATA of its own.`,
    );
  }
  closing.add("lock", async () => lock.release());
}

async function openHouse(
  env: Env,
  database: Database,
  secret: Uint8Array,
  steps: Steps,
  closing: Closing,
): Promise<House> {
  const world = await worldOf(database.url);
  requireFittingWorld(env, world);
  if (world === "unfinished-demo") {
    await clearUnfinished(database.ownerUrl);
    await database.grant();
  }
  const store = openStore(database.url);
  closing.add("store", () => store.close());
  const house: House = { env, site: siteOf(env, secret), store, databaseUrl: database.url };
  const erased = await repeatErasures(store.db, `${env.dataFolder}/erasures`, new Date());
  if (erased > 0) steps.say(`Erased again ${erased} people whom a restored database had brought back.`);
  shareStore(store);
  shareSite(house.site, doorsOf(env));
  tellNextAuth(publicUrlOf(env));
  if (env.isDemo && world !== "demo") {
    steps.say("Filling the demo world …");
    const filling = fillApart(database.url, env.port);
    closing.add("filling", filling.stop);
    await filling.done;
  }
  return house;
}

/** Starts the roles, each loaded only where it is played, and opens the listener last: whoever connects finds everything in place. */
async function openDoors(house: House, closing: Closing): Promise<void> {
  const { env, store } = house;
  const plays = (role: Env["roles"][number]) => env.roles.includes(role);
  if (plays("signer")) {
    const { startSigner } = await import("./signer/start.ts");
    closing.addPart("signer", await startSigner(house));
  }
  if (plays("jobs")) {
    const { startJobs } = await import("./jobs/start.ts");
    closing.addPart("jobs", await startJobs(house));
  }
  if (plays("web") || plays("realtime")) {
    const { startHistories } = await import("./realtime/histories.ts");
    closing.addPart("histories", startHistories(house));
  }
  const pages = plays("web") ? await openPages(env.host, env.port) : undefined;
  if (pages) closing.add("pages", () => pages.close());
  const upgrades = silentServer();
  const metrics = openMetrics(store.pool);
  if (plays("realtime")) {
    const { startRealtime } = await import("./realtime/start.ts");
    closing.addPart("realtime", await startRealtime(upgrades, house, metrics));
  }
  const isDatabaseReady = readinessOf(store.pool);
  const listener = createListener({
    pages: pages && withPageCache(withPagePolicy(pages.handle, policyOf(env)), store, publicUrlOf(env)),
    upgrades,
    publicUrl: publicUrlOf(env),
    trustedProxies: env.trustedProxies,
    signHost: signHostOf(publicUrlOf(env), house.site.signOrigin),
    isReady: async () => !closing.hasBegun && (await isDatabaseReady()),
    metrics: (request) =>
      mayReadMetrics(request, env.metricsToken)
        ? metrics.text().then((text) => ({ contentType: metrics.contentType, text }))
        : undefined,
  });
  closing.addListener(listener);
  await listen(listener, env.host, env.port);
}

/** At most ten lines. */
function banner({ env }: House, database: Database): string[] {
  const url = publicUrlOf(env);
  return [
    "",
    `Concordat is running${env.isDemo ? " with the demo world" : ""}.`,
    `  Address   ${url}`,
    ...(env.isDemo
      ? [`  Sign in   ${url}/signin — pick anyone of the demo world, one click`, `  Mail      ${url}/dev/mail`]
      : []),
    `  Data      ${database.place}`,
    ...(isLoopback(env.host) ? [] : [`  Listens   ${env.host}:${env.port}`]),
    "  Stop      Ctrl-C",
  ];
}
