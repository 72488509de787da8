import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { type At, type Forged, type ForgedGroup, forgeUpdate } from "#tests/support/forged-update.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";
import { orderIn, slicesOf } from "./checks.ts";
import { textsOf } from "./edits.ts";
import { below, pick } from "./mutate.ts";

/** The text was begun under the one in the middle: what hangs on what is decided by whose number is smaller. */
const clients = [10, 20, 30, 50, 60] as const;
const first = 30;

/**
 * Hostile people who name any two units of one paragraph as neighbours. What the guard takes must stand in one order in every copy, whichever way that comes
 * by it. Gives the copies that differ, and how many updates were taken.
 */
export function playNeighbours(random: () => number): { readonly unlike: string[]; readonly taken: number } {
  const doc = new Y.Doc({ gc: false });
  const seeded = seedUpdate(charter("T", clause("a", "A", ["abc"])), first);
  Y.applyUpdate(doc, seeded);
  const start = textsOf(doc)[1]?._start?.id;
  if (!start) throw new Error("There is no text.");
  const rows = [seeded];
  let units: At[] = [0, 1, 2].map((unit) => [start.client, start.clock + unit]);
  for (let left = 2 + below(random, 10); left > 0; left -= 1) {
    const forged = forgeBetween(units, doc, random);
    const verdict = inspectUpdate(forgeUpdate(forged.groups), doc, () => true);
    if (verdict.kind !== "adds") continue;
    Y.applyUpdate(doc, verdict.update);
    rows.push(verdict.update);
    units = [...units, ...forged.units];
  }
  const order = orderIn([Y.encodeStateAsUpdate(doc)]);
  const [begin, ...rest] = slicesOf(rows, random);
  const copies = {
    "row by row": rows,
    merged: [Y.mergeUpdates(rows)],
    "in batches": slicesOf(rows, random).map((slice) => Y.mergeUpdates(slice)),
    "from a snapshot": [stateOf(begin ?? []), ...rest.flat()],
  };
  const unlike = Object.entries(copies).filter(([, updates]) => orderIn(updates) !== order);
  return { unlike: unlike.map(([name]) => name), taken: rows.length - 1 };
}

function forgeBetween(units: readonly At[], doc: Y.Doc, random: () => number) {
  const groups = new Map<number, ForgedGroup>();
  const known = [...units];
  for (let left = 1 + below(random, 3); left > 0; left -= 1) {
    const client = pick(clients, random);
    const group = groups.get(client) ?? { client, clock: Y.getState(doc.store, client), structs: [] };
    const clock = group.structs.reduce((sum, struct) => sum + ("text" in struct ? struct.text.length : 0), group.clock);
    const [after, before] = neighboursAmong(known, random);
    const text = pick("MNOPQRST".split(""), random).repeat(1 + below(random, 3));
    const struct: Forged = { text, ...(after && { after }), ...(before && { before }) };
    groups.set(client, { ...group, structs: [...group.structs, struct] });
    known.push(...Array.from({ length: text.length }, (_, unit): At => [client, clock + unit]));
  }
  // Yjs writes clients from the highest number to the lowest.
  const falling = [...groups.values()].sort((one, other) => other.client - one.client);
  return { groups: falling, units: known.slice(units.length) };
}

function neighboursAmong(known: readonly At[], random: () => number): [At | undefined, At | undefined] {
  const after = random() < 0.15 ? undefined : pick(known, random);
  const lot = random();
  // The same unit on both sides, and the one before it on the right.
  if (after && lot < 0.15) return [after, after];
  if (after && after[1] > 0 && lot < 0.25) return [after, [after[0], after[1] - 1]];
  return after && lot < 0.4 ? [after, undefined] : [after, pick(known, random)];
}

function stateOf(updates: readonly Uint8Array[]): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  return Y.encodeStateAsUpdate(doc);
}
