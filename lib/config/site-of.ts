import { type Env, isLoopback, publicUrlOf } from "./env.ts";
import type { Doors, Site } from "./site.ts";

/** What the installation is called in its own records, given its environment and its secret. */
export function siteOf(env: Env, secret: Uint8Array): Site {
  const publicUrl = publicUrlOf(env);
  const signOrigin = env.signOrigin ?? publicUrl;
  return {
    publicUrl,
    logOrigin: logOriginOf(publicUrl, env.isDemo),
    signOrigin,
    signRpId: new URL(signOrigin).hostname,
    isDemo: env.isDemo,
    ...(env.nameServer === undefined ? {} : { nameServer: env.nameServer }),
    erasureList: `${env.dataFolder}/erasures`,
    secret,
  };
}

/** How people get in, given the environment. */
export function doorsOf(env: Env): Doors {
  return { host: env.host, providers: env.providers };
}

/** The log's name is part of what is signed: a demo world's says so, and no loopback address's changes with the port. */
function logOriginOf(publicUrl: string, isDemo: boolean): string {
  const { host, hostname } = new URL(publicUrl);
  const name = isLoopback(hostname) ? hostname : host;
  return `${name}/${isDemo ? "demo/log" : "log"}`;
}
