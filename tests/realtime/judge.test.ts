import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Stage, storedText, type Tab } from "./stage.ts";

const require = createRequire(import.meta.url);
const children: ChildProcess[] = [];
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await stage.end();
});

type Child = { readonly process: ChildProcess; readonly port: number };

async function startChild(port: number, sabotage?: string): Promise<Child> {
  const child = fork(require.resolve("./child-server.ts"), {
    execArgv: ["--import", "tsx"],
    env: {
      ...process.env,
      DATABASE_URL: stage.database.url,
      PORT: String(port),
      ...(sabotage ? { SABOTAGE: sabotage } : {}),
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(child);
  const listening = await new Promise<number>((resolve, reject) => {
    child.once("message", (message) => resolve(Number((message as { port: number }).port)));
    child.once("exit", () => reject(new Error("The server did not start.")));
  });
  return { process: child, port: listening };
}

/** What a client was told: its tokens, and those that were acknowledged. */
type Ledger = { readonly sent: string[]; readonly saved: Set<string> };

/** Types tokens and writes down which of them are acknowledged, by the clock that the provider knows to be committed. */
function write(tab: Tab, name: string, ledger: Ledger): () => void {
  const waiting: { token: string; clock: number }[] = [];
  let count = 0;
  const note = () => {
    const stored = tab.provider.unsaved().get(tab.doc.clientID) ?? Number.POSITIVE_INFINITY;
    while (waiting[0] && waiting[0].clock <= stored) ledger.saved.add(waiting.shift()?.token ?? "");
  };
  const timer = setInterval(() => {
    note();
    if (tab.text().clauses.length === 0) return;
    const token = `<${name}-${count}>`;
    count += 1;
    ledger.sent.push(token);
    tab.type(token);
    waiting.push({ token, clock: Y.getState(tab.doc.store, tab.doc.clientID) });
  }, 10);
  return () => {
    clearInterval(timer);
    note();
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
