import { expect, test } from "vitest";
import { type Page, PageCache } from "#server/web/page-cache.ts";
import { RevisionWatch } from "#server/web/page-cache-revisions.ts";
import { until } from "#tests/support/until.ts";

const scopes = ["charter/fair"];

test("a page is loaded once, however many ask at the same time", async () => {
  const { cache, loads } = world();
  const pages = await Promise.all(Array.from({ length: 50 }, () => cache.get("/c/fair", scopes)));
  expect(loads()).toBe(1);
  expect(new Set(pages).size).toBe(1);
  await cache.get("/c/fair", scopes);
  expect(loads()).toBe(1);
});

test("a page is loaded anew once what it depends on has changed, and no sooner", async () => {
  const { cache, loads, commit, pass } = world();
  const before = await cache.get("/c/fair", scopes);
  commit("charter/other");
  pass(1000);
  expect(await cache.get("/c/fair", scopes)).toBe(before);
  commit("charter/fair");
  pass(1000);
  const after = await cache.get("/c/fair", scopes);
  expect(after).not.toBe(before);
  expect(loads()).toBe(2);
});

test("another process's act is seen after 900 ms at the latest, without a question in between", async () => {
  const { cache, commit, pass, questions } = world();
  const before = await cache.get("/c/fair", scopes);
  commit("charter/fair");
  pass(499);
  expect(await cache.get("/c/fair", scopes)).toBe(before);
  expect(questions()).toBe(1);
  pass(401);
  expect(await cache.get("/c/fair", scopes)).not.toBe(before);
  expect(questions()).toBe(2);
});

test("under steady traffic nobody waits: the database is asked and the page made anew behind its readers", async () => {
  const { cache, commit, pass, questions, hold, release, loads } = world();
  const before = await cache.get("/c/fair", scopes);
  commit("charter/fair");
  pass(500);
  expect(cache.peek("/c/fair")).toBe(before);
  expect(cache.peek("/c/fair")).toBe(before);
  await until(() => questions() === 2);
  hold();
  // The change is known now, and one load runs, however many ask meanwhile.
  await until(() => cache.peek("/c/fair") === before && loads() === 2);
  expect(cache.peek("/c/fair")).toBe(before);
  expect(loads()).toBe(2);
  release();
  await until(() => cache.peek("/c/fair")?.tag === "load 2");
});

test("the page from before an act is never shown once what confirmed it is 900 ms old, however slow the new one is", async () => {
  const { cache, commit, pass, hold, release, loads } = world();
  const before = await cache.get("/c/fair", scopes);
  cache.peek("/c/fair");
  commit("charter/fair");
  pass(500);
  cache.peek("/c/fair");
  hold();
  await until(() => cache.peek("/c/fair") === before && loads() === 2);
  pass(399);
  expect(cache.peek("/c/fair")).toBe(before);
  pass(1);
  expect(cache.peek("/c/fair")).toBeUndefined();
  const after = cache.get("/c/fair", scopes);
  release();
  expect((await after).tag).toBe("load 2");
});

test("an act of this process ends the old page at once, also while it is being made anew", async () => {
  const { cache, commit, pass, hold, loads, questions } = world();
  const before = await cache.get("/c/fair", scopes);
  cache.peek("/c/fair");
  commit("charter/fair");
  pass(500);
  cache.peek("/c/fair");
  await until(() => questions() === 2);
  hold();
  await until(() => cache.peek("/c/fair") === before && loads() === 2);
  pass(1);
  commit("charter/fair");
  cache.expire();
  expect(cache.peek("/c/fair")).toBeUndefined();
  void cache.get("/c/fair", scopes);
  await until(() => loads() === 3);
  expect(cache.peek("/c/fair")).toBeUndefined();
});

test("what is no longer public goes the moment that is known", async () => {
  const { cache, commit, pass, questions, vanish } = world();
  await cache.get("/c/fair", scopes);
  cache.peek("/c/fair");
  commit("charter/fair");
  vanish();
  pass(500);
  cache.peek("/c/fair");
  await until(() => questions() === 2 && cache.peek("/c/fair") === undefined);
  expect((await cache.get("/c/fair", scopes)).status).toBe(404);
  expect(cache.bytes).toBe(0);
});

test("a page that grows old under steady traffic is made anew before its time, and nobody waits for it", async () => {
  const { cache, pass, loads } = world();
  const before = await cache.get("/c/fair", scopes);
  pass(19_000);
  await cache.get("/c/fair", scopes);
  expect(cache.peek("/c/fair")).toBe(before);
  expect(loads()).toBe(1);
  pass(600);
  await cache.get("/c/fair", scopes);
  pass(500);
  expect(cache.peek("/c/fair")).toBe(before);
  await until(() => cache.peek("/c/fair")?.tag === "load 2");
});

test("a reader that may not have pages made gets the kept one, and nothing is made for them", async () => {
  const { cache, pass, loads } = world();
  const before = await cache.get("/c/fair", scopes);
  pass(25_000);
  await cache.get("/c/fair", scopes);
  let asked = 0;
  const refuse = () => {
    asked += 1;
    throw new Error("too many");
  };
  expect(cache.peek("/c/fair", refuse)).toBe(before);
  await until(() => asked === 1);
  expect(cache.peek("/c/fair", refuse)).toBe(before);
  expect(loads()).toBe(1);
});

test("an act of this process is seen at once", async () => {
  const { cache, commit } = world();
  const before = await cache.get("/c/fair", scopes);
  commit("charter/fair");
  cache.expire();
  expect(cache.peek("/c/fair")).toBeUndefined();
  expect(await cache.get("/c/fair", scopes)).not.toBe(before);
});

test("a page loaded before a change is never served after it", async () => {
  const { cache, commit, hold, release, loads } = world();
  hold();
  const early = cache.get("/c/fair", scopes);
  await until(() => loads() === 1);
  // The change comes while the page of before it is still being made.
  commit("charter/fair");
  cache.expire();
  const late = cache.get("/c/fair", scopes);
  await until(() => loads() === 2);
  release();
  expect((await early).tag).toBe("load 1");
  expect((await late).tag).toBe("load 2");
  expect((await cache.get("/c/fair", scopes)).tag).toBe("load 2");
});

test("an answer about revisions from before a commit is not taken for a newer one", async () => {
  const answers: ((revisions: ReadonlyMap<string, string>) => void)[] = [];
  const watch = new RevisionWatch(() => new Promise((resolve) => answers.push(resolve)));
  const early = watch.current(["directory"]);
  watch.expire();
  const late = watch.current(["directory"]);
  answers[0]?.(new Map([["directory", "1"]]));
  answers[1]?.(new Map([["directory", "2"]]));
  expect(await early).toBe("directory=1;");
  expect(await late).toBe("directory=2;");
  expect(watch.peek(["directory"])).toBe("directory=2;");
});

test("a failed question about revisions is asked again by the next reader", async () => {
  let isDown = true;
  const watch = new RevisionWatch(async () => {
    if (isDown) throw new Error("the database is away");
    return new Map();
  });
  await expect(watch.current(["directory"])).rejects.toThrow("away");
  isDown = false;
  expect(await watch.current(["directory"])).toBe("directory=-;");
});

test("publication itself changes the revision of a name that nobody had", async () => {
  const { cache, commit, pass } = world();
  const before = await cache.get("/c/fair", scopes);
  pass(1000);
  commit("charter/fair");
  expect(await cache.get("/c/fair", scopes)).not.toBe(before);
});

test("a page that was not found is shown to one reader and not kept", async () => {
  const { cache, loads } = world({ isKept: false, status: 404 });
  await cache.get("/c/none", ["charter/none"]);
  await cache.get("/c/none", ["charter/none"]);
  expect(loads()).toBe(2);
  expect(cache.bytes).toBe(0);
});

test("a failed load is not kept and does not stand in the way of the next", async () => {
  const { cache, failNext } = world();
  failNext();
  await expect(cache.get("/c/fair", scopes)).rejects.toThrow("broken");
  expect((await cache.get("/c/fair", scopes)).tag).toBe("load 2");
});

test("memory is bounded, and addresses with a query never push out plain ones", async () => {
  const { cache, loads } = world({}, 400_000);
  await cache.get("/c/fair", scopes);
  for (let count = 0; count < 500; count += 1) await cache.get(`/c/fair?q=${count}`, scopes);
  expect(cache.bytes).toBeLessThanOrEqual(400_000);
  const before = loads();
  await cache.get("/c/fair", scopes);
  expect(loads()).toBe(before);
});

test("nothing is shown for longer than its age allows, since dates pass without an act", async () => {
  const { cache, pass, loads } = world();
  await cache.get("/c/fair", scopes);
  pass(30_000);
  await cache.get("/c/fair", scopes);
  expect(loads()).toBe(2);
});

test("a reader that may not have more pages made gets the refusal, and what is kept all the same", async () => {
  const { cache } = world();
  const refuse = () => {
    throw new Error("too many");
  };
  await expect(cache.get("/c/fair", scopes, refuse)).rejects.toThrow("too many");
  await cache.get("/c/fair", scopes);
  expect((await cache.get("/c/fair", scopes, refuse)).status).toBe(200);
});

/** A cache over pages made on the spot, with a database of revisions and a clock that the test moves. */
function world(shape: Partial<Page> = {}, bytesMax = 10_000_000) {
  const revisions = new Map<string, number>();
  const held: (() => void)[] = [];
  let loads = 0;
  let time = 1000;
  let isHeld = false;
  let failing = false;
  let isGone = false;
  const load = async (): Promise<Page> => {
    loads += 1;
    const tag = `load ${loads}`;
    if (failing) {
      failing = false;
      throw new Error("broken");
    }
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    const gone = isGone ? { status: 404, isKept: false } : {};
    return { status: 200, headers: {}, bodies: { identity: Buffer.alloc(2000) }, tag, isKept: true, ...shape, ...gone };
  };
  let questions = 0;
  const read = async (names: readonly string[]) => {
    questions += 1;
    return new Map(
      names.flatMap((name) => (revisions.has(name) ? [[name, String(revisions.get(name))] as const] : [])),
    );
  };
  const clock = () => time;
  const cache = new PageCache({ load, revisions: new RevisionWatch(read, clock), clock, bytesMax });
  return {
    cache,
    loads: () => loads,
    questions: () => questions,
    commit: (name: string) => revisions.set(name, (revisions.get(name) ?? 0) + 1),
    pass: (ms: number) => {
      time += ms;
    },
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
      for (const go of held) go();
    },
    vanish: () => {
      isGone = true;
    },
    failNext: () => {
      failing = true;
    },
  };
}
