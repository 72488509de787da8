import { recheckDomains } from "#lib/commands/recheck-domains.ts";
import { keysPerRound, recheckSigningKeys } from "#lib/commands/recheck-signing-keys.ts";
import type { House, Part } from "../house.ts";
import { repeat } from "../repeat.ts";

/** How often it is looked whether a domain's last look is a day old. */
const pauseMs = 5 * 60 * 1000;

/** Looks once a day at every confirmed domain, and for every key that one of them named, a few at a time. */
export function startDomainRecheck({ site, store }: House): Part {
  return repeat(pauseMs, "domains", async () => {
    const ctx = { db: store.db, site, now: new Date() };
    const [domains, keys] = [await recheckDomains(ctx), await recheckSigningKeys(ctx)];
    return domains === 20 || keys === keysPerRound;
  });
}
