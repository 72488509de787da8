import { text } from "node:stream/consumers";
import { z } from "zod";
import { readEnv, tellNextAuth } from "#lib/config/env.ts";
import { loadSecret } from "#lib/config/secrets.ts";
import { shareSite } from "#lib/config/site.ts";
import { doorsOf, siteOf } from "#lib/config/site-of.ts";
import { openStore, shareStore } from "#lib/data/store.ts";
import { fillWorld } from "./open-world.ts";
import { seedDemo } from "./seed.ts";

const Input = z.strictObject({ url: z.string(), port: z.int() });

/** The process that `fillApart` starts: fills the database named on stdin with the demo world, and ends. */
async function main(): Promise<void> {
  const { url, port } = Input.parse(JSON.parse(await text(process.stdin)));
  const env = { ...readEnv(), port };
  const site = siteOf(env, await loadSecret(env));
  const store = openStore(url);
  shareStore(store);
  shareSite(site, doorsOf(env));
  tellNextAuth(site.publicUrl);
  try {
    await fillWorld(store, env, seedDemo);
  } finally {
    await store.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
