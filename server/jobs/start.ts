import type { House, Part } from "../house.ts";
import { startClock } from "./clock.ts";
import { startDevelopmentInbox } from "./development-inbox.ts";
import { startDomainRecheck } from "./domain-recheck.ts";
import { startOutbox } from "./outbox.ts";
import { startReminders } from "./reminders.ts";

/** Starts what runs by the clock beside the pages: the outbox, and in the demo world the inbox it leads to. */
export async function startJobs(house: House): Promise<Part> {
  const { env, site, store } = house;
  // Without SMTP_URL this is a demo world: the environment is refused otherwise.
  const inbox = env.smtpUrl ? undefined : await startDevelopmentInbox(store);
  const parts: Part[] = [
    startClock(store),
    startDomainRecheck(house),
    startReminders(store),
    startOutbox(store, { mailFrom: env.mailFrom, publicUrl: site.publicUrl }, env.smtpUrl ?? inbox?.smtpUrl ?? ""),
  ];
  return {
    async drain() {
      await Promise.all(parts.map((part) => part.drain()));
      await inbox?.close();
    },
  };
}
