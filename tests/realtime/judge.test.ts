import { type ChildProcess, fork } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Stage, storedText, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.end();
});

type Child = { readonly process: ChildProcess; readonly port: number };

async function startChild(port: number, sabotage?: string): Promise<Child> {
  const child = fork("tests/realtime/child-server.ts", {
    execArgv: ["--import", "tsx"],
    env: {
      ...process.env,
      DATABASE_URL: stage.database.url,
      PORT: String(port),
      ...(sabotage ? { SABOTAGE: sabotage } : {}),
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const listening = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number((message as { port: number }).port)));
    child.once("exit", () => reject(new Error("The server did not start.")));
  });
  return { process: child, port: listening };
}

/** What a client was told: its tokens, and those that were called saved. */
type Ledger = { readonly sent: string[]; readonly saved: Set<string> };

/** Types tokens and writes down which of them the save indicator covered. */
function write(tab: Tab, name: string, ledger: Ledger): () => void {
  let waiting: string[] = [];
  let count = 0;
  const stop = tab.provider.subscribe((state) => {
    if (state.kind !== "saved") return;
    for (const token of waiting) ledger.saved.add(token);
    waiting = [];
  });
  const timer = setInterval(() => {
    if (tab.text().clauses.length === 0) return;
    const token = `<${name}-${count}>`;
    count += 1;
    ledger.sent.push(token);
    waiting.push(token);
    tab.type(token);
  }, 4);
  return () => {
    clearInterval(timer);
    stop();
  };
}

/** Kills the server `kills` times under load, then compares what was called saved with what the database holds. */
async function judge(kills: number, sabotage?: string) {
  const roomId = await stage.room(clause("a", "Report", ["Start."]));
  const ledger: Ledger = { sent: [], saved: new Set() };
  let child = await startChild(0, sabotage);
  const url = `ws://127.0.0.1:${child.port}/realtime`;
  const tabs = ["a", "b", "c"].map((name) => stage.tab(roomId, stage.person(name), { url }));
  const stops = tabs.map((tab, at) => write(tab, "abc"[at] ?? "x", ledger));
  for (let kill = 0; kill < kills; kill += 1) {
    const before = ledger.saved.size;
    await until(() => ledger.saved.size > before + 10, { what: "more saved tokens", timeoutMs: 20_000 });
    const gone = new Promise((resolve) => child.process.once("exit", resolve));
    child.process.kill("SIGKILL");
    await gone;
    // With a saboteur the clients would bring back what it lost: it is judged on what the database holds now.
    if (sabotage) break;
    child = await startChild(child.port, sabotage);
  }
  for (const stop of stops) stop();
  if (!sabotage) await until(() => tabs.every((tab) => tab.provider.state.kind === "saved"), { timeoutMs: 20_000 });
  for (const tab of tabs) tab.leave();
  child.process.kill("SIGKILL");
  const text = JSON.stringify(await storedText(stage.pool, roomId));
  const found = text.match(/<[abc]-\d+>/g) ?? [];
  return {
    saved: ledger.saved.size,
    lost: [...ledger.saved].filter((token) => !text.includes(token)).length,
    duplicate: found.length - new Set(found).size,
    phantom: found.filter((token) => !ledger.sent.includes(token)).length,
    unsent: ledger.sent.filter((token) => !text.includes(token)).length,
  };
}

describe("the server killed under load", () => {
  test("five kills lose nothing that was called saved, double nothing and invent nothing", async () => {
    const verdict = await judge(5);
    expect(verdict.saved).toBeGreaterThan(50);
    expect(verdict).toMatchObject({ lost: 0, duplicate: 0, phantom: 0, unsent: 0 });
  });
  test("the judge catches a server that acknowledges before the COMMIT", async () => {
    const verdict = await judge(1, "early");
    expect(verdict.lost).toBeGreaterThan(0);
  });
});
