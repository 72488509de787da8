"use client";

import type { OutlineRow } from "#lib/editor/outline.ts";
import { nameOfRow } from "#lib/editor/outline.ts";
import type { Peer } from "./peers.client.tsx";

/** How long after their last movement somebody still counts as writing. */
export const writingMs = 8_000;

/**
 * Why clauses cannot be moved (or taken out) just now, or null. Moving is taking out and putting in again: words that another person
 * writes into the clause at that moment would be left behind, and so would words written here without a connection.
 */
export function reasonNotToMove(facts: {
  readonly isConnected: boolean;
  readonly rows: readonly OutlineRow[];
  readonly from: number;
  readonly to: number;
  readonly peers: readonly Peer[];
  readonly lastMovedAt: ReadonlyMap<number, number>;
  readonly now: number;
}): string | null {
  if (!facts.isConnected) return "Clauses can be moved again when you are online.";
  const touched = new Set(facts.rows.slice(facts.from, facts.to).map((row) => row.id));
  const writer = facts.peers.find(
    (peer) =>
      peer.clauseId !== null &&
      touched.has(peer.clauseId) &&
      facts.now - (facts.lastMovedAt.get(peer.clientId) ?? 0) < writingMs,
  );
  if (!writer) return null;
  const row = facts.rows.find((one) => one.id === writer.clauseId);
  const place = row ? lowerFirst(nameOfRow(row)) : "this clause";
  return `${writer.name} (${writer.organizationName}) is writing in ${place}. Move it when they have finished.`;
}

/** Where an order of clauses differs from another of the same ones: from the first such place to behind the last; null when nowhere. */
export function placesTouched(
  before: readonly OutlineRow[],
  after: readonly OutlineRow[],
): { readonly from: number; readonly to: number } | null {
  const differs = before.flatMap((row, index) => (after[index]?.id === row.id ? [] : [index]));
  const [from] = differs;
  const last = differs.at(-1);
  return from === undefined || last === undefined ? null : { from, to: last + 1 };
}

/** "Clause 2.1 is now clause 2.2, “Report yearly”." */
export function movedWords(before: OutlineRow | undefined, after: OutlineRow | undefined): string {
  if (!before || !after) return "Moved.";
  const label = after.hasHeading ? `, “${after.label}”` : "";
  return before.number === after.number
    ? `${nameOfRow(after)} moved; its number stays${label}.`
    : `${nameOfRow(before)} is now ${lowerFirst(nameOfRow(after))}${label}.`;
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
