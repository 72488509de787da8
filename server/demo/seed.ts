import { sharedSite } from "#lib/config/site.ts";
import { keeperOf } from "#lib/data/keeper.ts";
import { openLog } from "#lib/data/log.ts";
import { type Store, transaction } from "#lib/data/store.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import type { SeedDemo } from "../house.ts";
import { loadLogKey } from "../signer/log-key.ts";
import { seedAbandoned, seedDrafting, seedToOpen } from "./charters.ts";
import { seedInEffect } from "./in-effect.ts";
import { retireOfficers, seedPeople } from "./people.ts";

const dayMs = 86_400_000;

/**
 * Fills an empty database with a world worth exploring: forty fictional organizations, a charter in effect with two
 * versions and a withdrawal, one in drafting, one that opens at an instant to come, one closed without adoption. All of
 * it goes through the product's own commands, dated back; only people, organizations and the drafts' edits are written as rows.
 */
export const seedDemo: SeedDemo = async (db, env) => {
  const now = new Date();
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
  await openDemoLog(db, env.logKeyFile, daysAgo(701));
  const people = await seedPeople(db, daysAgo(700));
  await seedInEffect(db, people, daysAgo);
  await seedDrafting(db, people, daysAgo);
  await seedToOpen(db, people, daysAgo);
  await seedAbandoned(db, people, daysAgo);
  await retireOfficers(db, people, daysAgo(20));
  // What was mailed on the way lies years back for the people of this world: nobody gets it now.
  await db.outbox.deleteMany();
};

/** Opens the log with the signer's own key, dated before everything that will stand in it. */
async function openDemoLog(db: Store["db"], logKeyFile: string, at: Date): Promise<void> {
  const site = sharedSite();
  const { publicKey } = await loadLogKey(logKeyFile);
  const vkey = formatVkey(noteKey(site.logOrigin, publicKey));
  await transaction(db, (tx) => openLog(tx, { origin: site.logOrigin, vkey, keeperVkey: keeperOf(site).vkey }, at));
}
