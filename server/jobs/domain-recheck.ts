import { recheckDomains } from "#lib/commands/recheck-domains.ts";
import type { House, Part } from "../house.ts";
import { repeat } from "../repeat.ts";

/** How often it is looked whether a domain's last look is a day old. */
const pauseMs = 5 * 60 * 1000;

/** Looks at every confirmed domain once a day, a few at a time. */
export function startDomainRecheck({ site, store }: House): Part {
  return repeat(pauseMs, "domains", async () => {
    const looked = await recheckDomains({ db: store.db, site, now: new Date() });
    return looked === 20;
  });
}
