import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { admin, databaseUrl } from "./cluster.ts";

/** A database of a test's own, with every table and none of the rows. */
export type TestDatabase = {
  readonly url: string;
  /** Removes it, ending connections that are still open. What is not dropped goes with the server at the end of the run. */
  drop(): Promise<void>;
};

/** Clones the migrated template: about 30 ms. Call it in `beforeAll`, and `drop()` in `afterAll`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return cloneTestDatabase(inject("testCluster").template);
}

/** A copy of a database as it stands now; nobody may be connected to the original. */
export async function cloneTestDatabase(original: string): Promise<TestDatabase> {
  const { adminUrl, prefix } = inject("testCluster");
  const name = `${prefix}${randomUUID().replaceAll("-", "")}`;
  await admin(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${original}`));
  return {
    url: databaseUrl(adminUrl, name),
    drop: async () => {
      await admin(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
