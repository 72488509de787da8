import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "#lib/data/generated/client.ts";
import { isUniqueViolation, transaction } from "#lib/data/store.ts";
import { createWorld, type World } from "#tests/support/world.ts";

/** Questions in SQL of our own pass Prisma by; whoever asks them must not be able to tell. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("inside a transaction SQL of our own sees what Prisma wrote there, and is undone with it", async () => {
  const { db } = world.store;
  const key = `seen-${randomUUID()}`;
  const undone = transaction(db, async (tx) => {
    await tx.setting.create({ data: { key, value: "by Prisma" } });
    const changed = await tx.$executeRaw`UPDATE setting SET value = 'by SQL' WHERE key = ${key}`;
    expect(changed).toBe(1);
    expect(await tx.setting.findUnique({ where: { key } })).toMatchObject({ value: "by SQL" });
    const outside = await db.$queryRaw<unknown[]>`SELECT 1 FROM setting WHERE key = ${key}`;
    expect(outside).toEqual([]);
    throw new Error("Undo it.");
  });
  await expect(undone).rejects.toThrow("Undo it.");
  expect(await db.setting.findUnique({ where: { key } })).toBeNull();
});

test("questions asked in one go are answered in the order in which they were asked", async () => {
  const key = `order-${randomUUID()}`;
  const [, first, , second] = await transaction(world.store.db, (tx) =>
    Promise.all([
      tx.$executeRaw`INSERT INTO setting (key, value) VALUES (${key}, 'one')`,
      tx.$queryRaw<{ value: string }[]>`SELECT value FROM setting WHERE key = ${key}`,
      tx.$executeRaw`UPDATE setting SET value = 'two' WHERE key = ${key}`,
      tx.$queryRaw<{ value: string }[]>`SELECT value FROM setting WHERE key = ${key}`,
    ]),
  );
  expect([first, second]).toEqual([[{ value: "one" }], [{ value: "two" }]]);
});

test("what is asked behind a question that failed fails for the same reason, so that a retry knows why", async () => {
  const key = `twice-${randomUUID()}`;
  let outcomes: boolean[] = [];
  const swallowing = transaction(world.store.db, async (tx) => {
    const asked = [1, 2].map(
      (value) => tx.$executeRaw`INSERT INTO setting (key, value) VALUES (${key}, ${String(value)})`,
    );
    const all = await Promise.allSettled([...asked, tx.$queryRaw`SELECT 1 AS one`]);
    outcomes = all.map((one) => one.status === "rejected" && isUniqueViolation(one.reason));
  });
  // The database has undone everything by then: whoever goes on as if nothing had happened must not be told that it was kept.
  await expect(swallowing).rejects.toThrow("duplicate key");
  expect(outcomes).toEqual([false, true, true]);
  expect(await world.store.db.setting.count({ where: { key } })).toBe(0);
});

test("what Prisma was refused inside a transaction undoes all of it, even when the work goes on", async () => {
  const key = `refused-${randomUUID()}`;
  const data = { key, value: "" };
  const swallowing = transaction(world.store.db, async (tx) => {
    await tx.setting.create({ data });
    await tx.setting.create({ data }).catch(() => {});
  });
  await expect(swallowing).rejects.toThrow("duplicate key");
  expect(await world.store.db.setting.count({ where: { key } })).toBe(0);
});

test("a question that could not even be sent undoes all of it, too", async () => {
  const key = `unsent-${randomUUID()}`;
  const unsendable = {
    toPostgres() {
      throw new Error("It cannot be written down.");
    },
  };
  const swallowing = transaction(world.store.db, async (tx) => {
    await tx.$executeRaw`INSERT INTO setting (key, value) VALUES (${key}, '')`;
    await tx.$executeRaw`UPDATE setting SET value = ${unsendable} WHERE key = ${key}`.catch(() => {});
  });
  await expect(swallowing).rejects.toThrow("It cannot be written down.");
  expect(await world.store.db.setting.count({ where: { key } })).toBe(0);
});

test("whoever waits for a lock gives up with its transaction, while the lock is still held", async () => {
  const key = `held-${randomUUID()}`;
  const { db, pool } = world.store;
  await db.setting.create({ data: { key, value: "" } });
  const holder = await pool.connect();
  try {
    await holder.query("BEGIN");
    await holder.query("SELECT 1 FROM setting WHERE key = $1 FOR UPDATE", [key]);
    const waiting = transaction(db, (tx) => tx.$executeRaw`UPDATE setting SET value = 'mine' WHERE key = ${key}`, 300);
    // Which of the two clocks is first is nobody's promise.
    await expect(waiting).rejects.toThrow(/took more than 300 ms|lock timeout/);
  } finally {
    holder.release(true);
  }
});

test("what would be asked beside a transaction cannot be asked in it", async () => {
  const asked = await transaction(world.store.db, async (tx) => [
    Reflect.get(tx, "$transaction"),
    Reflect.get(tx, "$executeRawUnsafe"),
  ]);
  expect(asked).toEqual([undefined, undefined]);
});

test("a transaction whose connection is lost on the way fails, and the next one gets another", async () => {
  const key = `lost-${randomUUID()}`;
  const lost = transaction(world.store.db, async (tx) => {
    await tx.setting.create({ data: { key, value: "" } });
    const [own] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    await world.store.db.$queryRaw`SELECT pg_terminate_backend(${own?.pid}::int)::text`;
    await tx.$executeRaw`UPDATE setting SET value = 'too late' WHERE key = ${key}`;
  });
  await expect(lost).rejects.toThrow();
  const kept = await transaction(world.store.db, async (tx) => tx.setting.count({ where: { key } }));
  expect(kept).toBe(0);
});

test("many transactions at once that ask Prisma each stand on a connection of their own", async () => {
  const numbers = Array.from({ length: 30 }, (_, at) => at);
  const seen = await Promise.all(
    numbers.map((at) =>
      transaction(world.store.db, async (tx) => {
        const key = `own-${at}-${randomUUID()}`;
        const [row] = await Promise.all([
          tx.$queryRaw<{ id: string }[]>`SELECT pg_current_xact_id()::text AS id`,
          tx.setting.create({ data: { key, value: "" } }),
        ]);
        const [written] = await tx.$queryRaw<{ id: string }[]>`SELECT xmin::text AS id FROM setting WHERE key = ${key}`;
        return { asked: row[0]?.id, written: written?.id };
      }),
    ),
  );
  expect(seen.map(({ written }) => written)).toEqual(seen.map(({ asked }) => asked));
  expect(new Set(seen.map(({ asked }) => asked)).size).toBe(30);
});

test("a question that comes after the end of its transaction is asked of nobody", async () => {
  const key = `late-${randomUUID()}`;
  const { late } = await transaction(world.store.db, async (tx) => ({ late: tx }));
  await expect(late.$executeRaw`INSERT INTO setting (key, value) VALUES (${key}, '')`).rejects.toThrow("is over");
  await expect(late.setting.create({ data: { key, value: "" } })).rejects.toThrow("is over");

  const slow = transaction(
    world.store.db,
    async (tx) => {
      // Prisma gives up while this one is on its way, and rolls back right behind it.
      await tx.$queryRaw`SELECT pg_sleep(1)::text`;
      await tx.$executeRaw`INSERT INTO setting (key, value) VALUES (${key}, '')`;
    },
    200,
  );
  await expect(slow).rejects.toThrow();
  expect(await world.store.db.setting.count({ where: { key } })).toBe(0);
});

test("values come as Prisma gives them, in a transaction and outside", async () => {
  const at = new Date("2031-05-03T23:30:00.123Z");
  const bytes = Uint8Array.of(0, 255, 92);
  const id = randomUUID();
  const words = Prisma.sql`${["a'b", '"c", \\']}::text[] AS words, ${null}::text AS nothing`;
  const ask = (tx: Prisma.TransactionClient) => tx.$queryRaw<unknown[]>`
    SELECT ${2n ** 60n}::bigint AS large, ${bytes}::bytea AS bytes, ${at}::timestamptz AS at, (${at}::timestamptz AT TIME ZONE 'UTC')::text AS text,
           ${id}::uuid AS id, ${true}::boolean AS yes, ${7}::int AS small, ${JSON.stringify({ a: [1, null] })}::jsonb AS json, ${words},
           ${[id]}::uuid[] AS ids, count(*) AS count FROM (SELECT 1) AS one`;
  const expected = {
    large: 2n ** 60n,
    bytes,
    at,
    text: "2031-05-03 23:30:00.123",
    id,
    yes: true,
    small: 7,
    json: { a: [1, null] },
    words: ["a'b", '"c", \\'],
    nothing: null,
    ids: [id],
    count: 1n,
  };
  expect(await transaction(world.store.db, ask)).toStrictEqual([expected]);
  expect(await ask(world.store.db)).toStrictEqual([expected]);
});
