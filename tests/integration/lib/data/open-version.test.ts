import { afterAll, beforeAll, expect, test } from "vitest";
import { lockVersion } from "#lib/data/open-version.ts";
import { openStore, type Store, transaction } from "#lib/data/store.ts";
import { openedVersion } from "#tests/support/signing.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World } from "#tests/support/world.ts";

let world: World;
let crowd: Store;
beforeAll(async () => {
  world = await createWorld();
  crowd = openStore(world.database.url, 5);
});
afterAll(async () => {
  await crowd.close();
  await world.close();
});

test("who closes a version waits for those who are signing it, and not for those who come later", async () => {
  const { versionId } = await openedVersion(world);
  const order: string[] = [];
  const hold = (name: string, lock: "share" | "update", released: Promise<void>) =>
    transaction(
      crowd.db,
      async (tx) => {
        await lockVersion(tx, versionId, lock);
        order.push(name);
        await released;
      },
      120_000,
    );
  let release = () => {};
  const signed = new Promise<void>((resolve) => {
    release = resolve;
  });
  const early = hold("early signer", "share", signed);
  await until(() => order.length === 1);
  const beside = hold("signer beside", "share", Promise.resolve());
  await beside;
  const closing = hold("closing", "update", Promise.resolve());
  await waiting(1);
  const late = hold("late signer", "share", Promise.resolve());
  await waiting(2);
  release();
  await Promise.all([early, closing, late]);
  expect(order).toEqual(["early signer", "signer beside", "closing", "late signer"]);
});

/** Until so many connections to this database wait for a lock. */
async function waiting(count: number): Promise<void> {
  await until(async () => {
    const { rows } = await world.store.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'`,
    );
    return (rows[0]?.count ?? 0) >= count;
  });
}
