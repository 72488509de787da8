import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore, type Store, type Tx, transaction } from "#lib/data/store.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = openStore(database.url);
  await store.db.setting.createMany({
    data: [
      { key: "one", value: "0" },
      { key: "other", value: "0" },
    ],
  });
});
afterAll(async () => {
  await store?.close();
  await database?.drop();
});

const bySql = async (tx: Tx, key: string) => {
  await tx.$executeRaw`UPDATE setting SET value = (value::int + 1)::text WHERE key = ${key}`;
};
const byPrisma = async (tx: Tx, key: string) => {
  // Written before it is read: the row is then held, and what was read cannot be stale.
  const { value } = await tx.setting.update({ where: { key }, data: { key } });
  await tx.setting.update({ where: { key }, data: { value: String(Number(value) + 1) } });
};

test.each([
  ["statements of our own", bySql],
  ["Prisma's", byPrisma],
])(
  "two commands that wait for each other are both done, whichever the database gives up first (%s)",
  async (_whose, add) => {
    const before = await values();
    let waiting = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const cross = (first: string, second: string) =>
      transaction(store.db, async (tx) => {
        await add(tx, first);
        waiting += 1;
        // Each holds its first row before either asks for its second; the one that is begun again finds the way free.
        if (waiting === 2) open();
        await both;
        await add(tx, second);
      });
    await Promise.all([cross("one", "other"), cross("other", "one")]);
    // Begun again at least once: on a busy machine the one that is can take back its first row before the other has woken up.
    expect(waiting).toBeGreaterThan(2);
    expect(await values()).toEqual(before.map((value) => value + 2));
  },
);

async function values(): Promise<number[]> {
  const rows = await store.db.setting.findMany({ where: { key: { in: ["one", "other"] } }, orderBy: { key: "asc" } });
  return rows.map((row) => Number(row.value));
}
