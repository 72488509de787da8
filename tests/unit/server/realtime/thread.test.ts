import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Thread } from "#server/realtime/thread.ts";
import { until } from "#tests/support/until.ts";

const program = `
import { parentPort, workerData } from "node:worker_threads";
let asked = 0;
parentPort.on("message", ({ id, what }) => {
  asked += 1;
  if (what === "die") process.exit(3);
  if (what === "throw") throw new Error("Nobody expected that.");
  if (what === "wait") return;
  if (what === "spin") for (;;);
  if (what === "refuse") parentPort.postMessage({ id, failure: "Not today." });
  else parentPort.postMessage({ id, answer: [workerData.name, what, asked] });
});`;

let folder: string;
let file: string;
let thread: Thread;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "concordat-thread-"));
  file = join(folder, "program.mjs");
  await writeFile(file, program);
  thread = new Thread(file, { name: "desk" });
});
afterEach(async () => {
  await thread.close();
  await rm(folder, { recursive: true, force: true });
});

test("each who asks gets the answer to that question, and a refusal harms no other", async () => {
  const asked = ["one", "refuse", "three"].map((what) => thread.ask({ what }));
  expect(await Promise.allSettled(asked)).toEqual([
    { status: "fulfilled", value: ["desk", "one", 1] },
    { status: "rejected", reason: new Error("Not today.") },
    { status: "fulfilled", value: ["desk", "three", 3] },
  ]);
});

test.each(["die", "throw"])(
  "a thread that ends (%s) leaves nobody waiting, and is there again for the next question",
  async (end) => {
    const waiting = [thread.ask({ what: "wait" }), thread.ask({ what: end })];
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await thread.ask({ what: "again" })).toEqual(["desk", "again", 1]);
  },
);

test("whoever waits when it is closed is told so", async () => {
  const waiting = thread.ask({ what: "wait" });
  const told = expect(waiting).rejects.toThrow("The server is restarting.");
  await thread.close();
  await told;
});

test("a thread that says nothing for too long is ended, and the next question finds another", async () => {
  const silent = new Thread(file, { name: "desk" }, 1_000);
  const waiting = ["wait", "spin", "late"].map((what) => silent.ask({ what }));
  const told = (await Promise.allSettled(waiting)).map((one) => one.status === "rejected" && String(one.reason));
  expect(told).toEqual(Array.from({ length: 3 }, () => "Error: The thread said nothing for 1000 ms and was ended."));
  // On a slow machine the start alone may take longer.
  await until(() => silent.ask({ what: "again" }).then(Array.isArray, () => false));
  await silent.close();
});

test("a thread that was closed is not started again", async () => {
  await thread.close();
  await expect(thread.ask({ what: "late" })).rejects.toThrow("The server is restarting.");
});
