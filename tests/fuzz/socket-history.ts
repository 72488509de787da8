import { randomUUID } from "node:crypto";
import type pg from "pg";
import * as Y from "yjs";
import { appendServerUpdate } from "#lib/data/room-log.ts";
import { charterTextOf, seedUpdate } from "#lib/editor/clauses.ts";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { randomOf } from "#tests/support/random.ts";
import { insertCharter, socketOf } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";
import { clausesOf, edit } from "./edits.ts";
import { below } from "./mutate.ts";

/** Where histories are played: a running server and its database. */
export type Ground = {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the server and starts it again, however it likes. */
  restart(): Promise<void>;
};

type Tab = { readonly doc: Y.Doc; readonly provider: AcknowledgingProvider; readonly undo: Y.UndoManager };

/**
 * One random history with the client that browsers have: three people, one of them in two tabs, who write, undo, lose the network and
 * come back, while the server restarts at times. Gives what was wrong: an edit refused, or texts that differ at the end.
 */
export async function playSocketHistory(ground: Ground, seed: number): Promise<string[]> {
  const random = randomOf(seed);
  const roomId = await openRoom(ground.pool);
  const people = [randomUUID(), randomUUID(), randomUUID()];
  const refusals: string[] = [];
  const tabs = [0, 1, 2, 0].map((who) => openTab(ground.url, roomId, people[who] ?? "", random, refusals));
  try {
    await settle(tabs);
    const restartAt = random() < 0.25 ? below(random, 40) : -1;
    for (let step = 0; step < 40; step += 1) {
      if (step === restartAt) await ground.restart();
      const tab = tabs[below(random, tabs.length)];
      if (tab) await act(tab, random);
    }
    for (const { provider } of tabs) provider.provider.connect();
    await settle(tabs);
    const first = tabs[0] && JSON.stringify(charterTextOf(tabs[0].doc));
    const isOne = () =>
      tabs.every(
        (tab) => JSON.stringify(charterTextOf(tab.doc)) === JSON.stringify(charterTextOf(tabs[0]?.doc ?? tab.doc)),
      );
    await until(isOne, { what: "all tabs to show one text", timeoutMs: 15_000 }).catch(() =>
      refusals.push(`texts differ: ${first}`),
    );
  } catch (error) {
    refusals.push(error instanceof Error ? error.message : String(error));
  } finally {
    for (const { provider } of tabs) provider.destroy();
  }
  return refusals;
}

function openTab(url: string, roomId: string, userId: string, random: () => number, refusals: string[]): Tab {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = below(random, 2 ** 32);
  const newClientId = () => below(random, 2 ** 32);
  const provider = new AcknowledgingProvider({ url, roomId, doc, socket: socketOf(userId), newClientId });
  provider.subscribe((state) => {
    if (state.kind === "refused") refusals.push(`${state.code} ${state.detail}`);
  });
  return { doc, provider, undo: new Y.UndoManager(doc.getXmlFragment("charter"), { captureTimeout: 0 }) };
}

async function act({ doc, provider, undo }: Tab, random: () => number): Promise<void> {
  switch (below(random, 12)) {
    case 0:
      undo.undo();
      return;
    case 1:
      undo.redo();
      return;
    case 2:
      provider.provider.disconnect();
      return;
    case 3:
      provider.provider.connect();
      return;
    case 4:
      // Others' words come in between.
      await new Promise((resolve) => setTimeout(resolve, below(random, 15)));
      return;
    default:
      if (clausesOf(doc).length > 0) edit(doc, random);
  }
}

function settle(tabs: readonly Tab[]): Promise<void> {
  return until(() => tabs.every(({ provider }) => provider.state.kind === "saved"), {
    what: "all tabs to be saved",
    timeoutMs: 20_000,
  });
}

/** A text, of two clauses where nothing else is said, in a room of its own; gives its id. */
export async function openRoom(
  pool: pg.Pool,
  text = charter("T", clause("a", "A", ["one"]), clause("b", "B", ["two"])),
): Promise<string> {
  const { charterId, draftRoundId } = await insertCharter(pool);
  const roomId = randomUUID();
  await pool.query("INSERT INTO room (id, charter_id, draft_round_id) VALUES ($1, $2, $3)", [
    roomId,
    charterId,
    draftRoundId,
  ]);
  await appendServerUpdate(pool, roomId, seedUpdate(text, 1), { userId: null, organizationId: null, via: "seed" });
  return roomId;
}
