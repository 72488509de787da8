import { askToReaffirm } from "#lib/commands/ask-to-reaffirm.ts";
import type { Store } from "#lib/data/store.ts";
import type { Part } from "../house.ts";
import { repeat } from "../repeat.ts";

/** How often it is looked whom a charter's policy wants to be asked. */
const pauseMs = 10 * 60 * 1000;

/** Asks signatories to re-affirm when their charter's policy says so. */
export function startReminders(store: Store): Part {
  return repeat(pauseMs, "reminders", async () => (await askToReaffirm(store.db, new Date())) === 100);
}
