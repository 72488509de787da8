import { expect, test } from "vitest";
import { longWorkBurstMs, workBurstMs, workMsPerSecond, workWaitMsMax } from "#lib/protocol/limits.ts";
import { TurnWork } from "#server/realtime/turn-work.ts";
import { type Later, WorkBudget, WorkBudgets } from "#server/realtime/work-budget.ts";

/** A clock that goes only where it is told to. */
function handClock() {
  let now = 0;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  const turns: (() => void)[] = [];
  const later: Later = {
    after: (ms, run) => waiting.push({ at: now + ms, run }),
    nextTurn: (run) => turns.push(run),
  };
  const turn = () => {
    for (const run of turns.splice(0)) run();
  };
  return {
    later,
    turn,
    now: () => now,
    /** Lets the time pass, and whatever is due happen in between. */
    pass(ms: number) {
      const end = now + ms;
      for (;;) {
        turn();
        const next = waiting.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        waiting = waiting.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}

function budgetOf() {
  const clock = handClock();
  const debts: number[] = [];
  const budget = new WorkBudget(0, clock.later, (ms) => debts.push(ms));
  return { clock, budget, debts };
}

/** Sends frames of this cost for so long, each as soon as the one before allows it, and gives how much of that time was work. */
function shareTaken(frameMs: number, seconds: number): number {
  const { clock, budget } = budgetOf();
  let taken = 0;
  while (clock.now() < seconds * 1_000) {
    if (budget.isOwing) clock.pass(budget.owedMs(clock.now()));
    else {
      clock.pass(frameMs);
      taken += frameMs;
      budget.charge(frameMs, clock.now());
      clock.turn();
    }
  }
  return taken / (seconds * 1_000);
}

test("whoever sends cheap frames without end gets a quarter of the time that there is, and nobody who types waits at all", () => {
  expect(shareTaken(5, 600)).toBeLessThan(0.26);
  expect(shareTaken(5, 600)).toBeGreaterThan(0.24);
  const { clock, budget, debts } = budgetOf();
  // 100 frames of 0.1 ms a second, for an hour.
  for (let frame = 0; frame < 360_000; frame += 1) {
    clock.pass(10);
    budget.charge(0.1, clock.now());
    if (budget.isOwing) throw new Error(`Frame ${frame} had to wait.`);
  }
  expect(debts).toEqual([]);
});

test("whoever sends frames without end that others notice gets a hundredth of the time: of all others' frames 99 in 100 meet none of theirs", () => {
  for (const frameMs of [25, 100, 300]) expect(shareTaken(frameMs, 6_000), `${frameMs} ms`).toBeLessThan(0.0105);
});

test("a browser that comes back after a day with all its tabs is taken at once, with a rest after each that lets others come first", () => {
  const { clock, budget, debts } = budgetOf();
  for (let tab = 0; tab < 5; tab += 1) {
    budget.charge(longWorkBurstMs / 5, clock.now());
    expect(budget.isOwing).toBe(true);
    clock.pass(longWorkBurstMs / 5);
    expect(budget.isOwing).toBe(false);
  }
  expect(debts).toEqual([]);
});

test("what took longer than a server ever should is not owed for longer than half a minute", () => {
  const { clock, budget, debts } = budgetOf();
  budget.charge(100_000, clock.now());
  expect(debts).toEqual([workWaitMsMax]);
  clock.pass(workWaitMsMax - 1);
  expect(budget.isOwing).toBe(true);
  clock.pass(2);
  expect(budget.isOwing).toBe(false);
});

test("nothing that waits is lost: each is called once the debt is paid, those first who came first, and again where the first of them owes anew", () => {
  const { clock, budget } = budgetOf();
  const called: string[] = [];
  const takeSoon = (name: string) =>
    budget.afterPaid(() => {
      if (budget.isOwing) return takeSoon(name);
      called.push(name);
      budget.charge(workBurstMs, clock.now());
    });
  budget.charge(workBurstMs + 1, clock.now());
  for (const name of ["one", "two", "three"]) takeSoon(name);
  expect(called).toEqual([]);
  clock.pass(3 * workWaitMsMax + 3_000);
  expect(called).toEqual(["one", "two", "three"]);
  // Nothing owed, nothing to wait for.
  clock.pass(workWaitMsMax);
  let isCalled = false;
  budget.afterPaid(() => {
    isCalled = true;
  });
  clock.turn();
  expect(isCalled).toBe(true);
});

test("small frames of one turn count together, and those of two turns do not", () => {
  const { clock, budget } = budgetOf();
  for (let frame = 0; frame < 30; frame += 1) budget.charge(0.3, clock.now());
  expect(budget.isOwing).toBe(false);
  clock.turn();
  for (let frame = 0; frame < 30; frame += 1) budget.charge(0.3, clock.now());
  expect(budget.isOwing).toBe(false);
  for (let frame = 0; frame < 5; frame += 1) budget.charge(0.3, clock.now());
  expect(budget.isOwing).toBe(true);
});

test("a debt is one person's on all their sockets, stays theirs when they go and come back, and is forgotten once it is paid", () => {
  const clock = handClock();
  const debts: [string, number][] = [];
  const budgets = new WorkBudgets((userId, ms) => debts.push([userId, ms]), clock.later);
  const [first, second] = [budgets.enter("mallory", 0), budgets.enter("mallory", 0)];
  const innocent = budgets.enter("alice", 0);
  expect(second).toBe(first);
  first.charge(workBurstMs + workMsPerSecond, 0);
  expect(debts).toEqual([
    ["mallory", expect.closeTo((1_000 * (workBurstMs + workMsPerSecond - longWorkBurstMs)) / 10)],
  ]);
  expect(innocent.isOwing).toBe(false);
  budgets.leave("mallory", 0);
  budgets.leave("mallory", 0);
  clock.pass(1_000);
  const back = budgets.enter("mallory", clock.now());
  expect(back).toBe(first);
  expect(back.isOwing).toBe(true);
  budgets.leave("mallory", clock.now());
  budgets.leave("alice", clock.now());
  clock.pass(1_000_000);
  expect(budgets.size).toBe(0);
});

test("what Yjs does at the end of a turn for all is paid by those who changed the text, each by what theirs took", async () => {
  const paid: [string, number][] = [];
  const payer = (name: string) => ({ charge: (ms: number) => void paid.push([name, ms]) });
  const [alice, bob] = [payer("alice"), payer("bob")];
  const turn = new TurnWork();
  const now = performance.now();
  turn.note(alice, now - 40, now - 39);
  turn.note(bob, now - 39, now - 36);
  expect(paid).toEqual([
    ["alice", 1],
    ["bob", 3],
  ]);
  await Promise.resolve();
  const [, , first, second, ...rest] = paid;
  expect(rest).toEqual([]);
  expect([first?.[0], second?.[0]]).toEqual(["alice", "bob"]);
  // 36 ms have passed since the last of them, at least.
  expect(first?.[1]).toBeGreaterThanOrEqual(9);
  expect(second?.[1]).toBeCloseTo(3 * (first?.[1] ?? 0));
});
