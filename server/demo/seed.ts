import type { SeedDemo } from "../house.ts";
import { seedAbandoned, seedDrafting, seedInEffect, seedToOpen } from "./charters.ts";
import { retireOfficers, seedPeople } from "./people.ts";

const dayMs = 86_400_000;

/**
 * Fills an empty database with a world worth exploring: forty fictional organizations, a charter in effect with two
 * versions and a withdrawal, one in drafting, one that opens at an instant to come, one closed without adoption. All of
 * it goes through the product's own commands, dated back; only people, organizations and the drafts' edits are written as rows.
 */
export const seedDemo: SeedDemo = async (db) => {
  const now = new Date();
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
  const people = await seedPeople(db, daysAgo(700));
  await seedInEffect(db, people, daysAgo);
  await seedDrafting(db, people, daysAgo);
  await seedToOpen(db, people, daysAgo);
  await seedAbandoned(db, people, daysAgo);
  await retireOfficers(db, people, daysAgo(20));
  // What was mailed on the way lies years back for the people of this world: nobody gets it now.
  await db.outbox.deleteMany();
};
