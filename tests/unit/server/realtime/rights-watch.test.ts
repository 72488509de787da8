import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HeldSeat } from "#lib/auth/room-seat.ts";
import type { Access } from "#server/realtime/access.ts";
import { Gate } from "#server/realtime/gate.ts";
import { RightsWatch, type Watched } from "#server/realtime/rights-watch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limits = { rightsMsMax: 2_000, recheckMs: 30_000 };
const update = Uint8Array.of(0, 2, 2, 0, 0);

/** A server with people in it, and a database that answers as the test says. */
function openHouse(answer: (held: readonly HeldSeat[]) => Promise<readonly (Access | undefined)[]> = everyoneMay) {
  const asked: (readonly HeldSeat[])[] = [];
  const errors: unknown[] = [];
  const watch = new RightsWatch(
    (held) => {
      asked.push(held);
      return answer(held);
    },
    limits,
    (error) => errors.push(error),
  );
  const enter = (sessionId: string, mode: Access["mode"] = "write") => {
    const passed: number[] = [];
    const one: Watched & { passed: number[]; gate: Gate; isOut: boolean; write(): void } = {
      access: accessOf(sessionId, mode),
      roomId: "room",
      passed,
      isOut: false,
      dismiss: () => {
        one.isOut = true;
        one.gate.close();
      },
      gate: new Gate(
        () => watch.confirm(one),
        () => passed.push(performance.now()),
      ),
      write: () => one.gate.receive(update),
    };
    watch.add(one, performance.now());
    return one;
  };
  /** Lets time pass as the server does, which looks four times within `rightsMsMax`. */
  const pass = async (ms: number, isLooking = true) => {
    for (let at = 0; at < ms; at += 500) {
      await vi.advanceTimersByTimeAsync(500);
      if (isLooking) await watch.look();
    }
  };
  return { watch, asked, errors, enter, pass };
}

function accessOf(sessionId: string, mode: Access["mode"]): Access {
  return { actor: { userId: sessionId, name: "A", organizationId: "o", organizationName: "O" }, sessionId, mode };
}

async function everyoneMay(held: readonly HeldSeat[]): Promise<Access[]> {
  return held.map(({ sessionId }) => accessOf(sessionId, "write"));
}

test("however late the server gets to look, no update passes on a right that was last seen two seconds ago", async () => {
  const house = openHouse(async (held) => held.map(() => undefined));
  const one = house.enter("ada");
  await house.pass(1_500, false);
  one.write();
  expect(one.passed).toHaveLength(1);
  await house.pass(1_000, false);
  one.write();
  one.write();
  expect(one.passed).toHaveLength(1);
  await vi.runAllTimersAsync();
  expect(one.isOut).toBe(true);
  expect(one.passed).toHaveLength(1);
});

test("what was written after a pause waits for one question, and passes in order when the answer is yes", async () => {
  const house = openHouse();
  const one = house.enter("ada");
  await house.pass(10_000);
  expect(house.asked).toHaveLength(0);
  one.write();
  one.write();
  one.write();
  expect(one.passed).toHaveLength(0);
  expect(one.gate.waitingSince).toBeDefined();
  await vi.runAllTimersAsync();
  expect(one.passed).toHaveLength(3);
  expect(one.gate.waitingSince).toBeUndefined();
  expect(house.asked).toHaveLength(1);
});

test("who goes on writing never waits, and is asked about once a second with everyone else who writes", async () => {
  const house = openHouse();
  const people = Array.from({ length: 40 }, (_, at) => house.enter(`writer ${at}`));
  for (let half = 0; half < 20; half += 1) {
    for (const one of people) one.write();
    await house.pass(500);
  }
  for (const one of people) expect(one.passed).toHaveLength(20);
  expect(house.asked.length).toBeLessThanOrEqual(10);
  expect(house.asked.every((held) => held.length === 40)).toBe(true);
});

test("who only reads is asked about every half a minute, at most 250 in one question", async () => {
  const house = openHouse();
  for (let at = 0; at < 600; at += 1) house.enter(`reader ${at}`);
  await house.pass(60_000);
  expect(house.asked.map((held) => held.length)).toEqual([250, 250, 100]);
  expect(house.asked[0]?.[0]?.isActive).toBe(false);
});

test("while the database is away nobody is sent away and nothing passes; when it is back everything does", async () => {
  let isAway = true;
  const house = openHouse(async (held) => {
    if (isAway) throw new Error("The database is away.");
    return everyoneMay(held);
  });
  const one = house.enter("ada");
  await house.pass(3_000, false);
  one.write();
  await house.pass(60_000);
  expect(one.isOut).toBe(false);
  expect(one.passed).toHaveLength(0);
  expect(house.errors.length).toBeGreaterThan(10);
  isAway = false;
  await house.pass(500);
  expect(one.passed).toHaveLength(1);
});

test("another organization or another mode is another right: they come back through the door", async () => {
  const house = openHouse(async (held) =>
    held.map(({ sessionId }) => {
      const access = accessOf(sessionId, sessionId === "now reads" ? "read" : "write");
      return sessionId === "moved" ? { ...access, actor: { ...access.actor, organizationId: "other" } } : access;
    }),
  );
  const [same, reads, moved] = ["same", "now reads", "moved"].map((name) => house.enter(name));
  await house.pass(31_000);
  expect([same?.isOut, reads?.isOut, moved?.isOut]).toEqual([false, true, true]);
});

test("so much that waits leaves the socket unread", async () => {
  const house = openHouse(() => new Promise(() => {}));
  const one = house.enter("ada");
  await house.pass(3_000, false);
  for (let frame = 0; frame < 999; frame += 1) one.write();
  expect(one.gate.isFull).toBe(false);
  one.write();
  expect(one.gate.isFull).toBe(true);
  const other = house.enter("bob");
  await house.pass(3_000, false);
  other.write();
  for (let frame = 0; frame < 3; frame += 1) other.gate.receive(new Uint8Array(512 * 1024));
  expect(other.gate.isFull).toBe(true);
});
