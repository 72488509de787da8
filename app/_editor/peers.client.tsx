"use client";

import type { EditorState } from "@tiptap/pm/state";
import { relativePositionToAbsolutePosition, ySyncPluginKey } from "@tiptap/y-tiptap";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { z } from "zod";
import type { OutlineRow } from "#lib/editor/outline.ts";

/** Somebody else who has this draft open in some browser. `pos` is where their cursor stands, when it stands in the text. */
export type Peer = {
  readonly clientId: number;
  readonly userId: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly pos: number | null;
  readonly clauseId: string | null;
  /** The clause this person is about to move. */
  readonly movingId: string | null;
};

/** An organization with people here, as the header shows it. */
export type OrganizationHere = {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly people: readonly Peer[];
};

// Who somebody is, is set by the server; still it comes over a wire.
const PeerState = z.object({
  user: z.object({ id: z.string(), name: z.string(), organizationId: z.string(), organization: z.string() }),
  cursor: z.object({ anchor: z.unknown(), head: z.unknown() }).nullish(),
  moving: z.string().nullish(),
});

/** All others in the room, and where in the text they are. */
export function peersIn(
  awareness: Awareness,
  ownClientId: number,
  state: EditorState,
  rows: readonly OutlineRow[],
): Peer[] {
  const peers: Peer[] = [];
  for (const [clientId, raw] of awareness.getStates()) {
    const parsed = PeerState.safeParse(raw);
    if (clientId === ownClientId || !parsed.success) continue;
    const { user, cursor, moving } = parsed.data;
    const pos = cursor ? positionOf(cursor.head, state) : null;
    peers.push({
      clientId,
      userId: user.id,
      name: user.name,
      organizationId: user.organizationId,
      organizationName: user.organization,
      pos,
      clauseId: pos === null ? null : clauseIdAt(pos, rows),
      movingId: moving ?? null,
    });
  }
  return peers.sort((left, right) => left.clientId - right.clientId);
}

/** People gathered by organization, in the order of the organizations' names. */
export function byOrganization(peers: readonly Peer[]): OrganizationHere[] {
  const groups = new Map<string, Peer[]>();
  for (const peer of peers) groups.set(peer.organizationId, [...(groups.get(peer.organizationId) ?? []), peer]);
  return [...groups.entries()]
    .map(([organizationId, people]) => ({
      organizationId,
      organizationName: people[0]?.organizationName ?? "",
      people,
    }))
    .sort((left, right) => left.organizationName.localeCompare(right.organizationName, "en"));
}

/**
 * The colour of an organization, 1 to 8: by its place at the table, so that two at one table differ while they can;
 * one that has left the table takes a colour by its id.
 */
export function colourOf(organizationId: string, table: readonly string[]): number {
  const place = table.indexOf(organizationId);
  if (place >= 0) return (place % 8) + 1;
  let sum = 0;
  for (const letter of organizationId) sum = (sum * 31 + letter.charCodeAt(0)) % 8;
  return sum + 1;
}

/** "Two organizations are here: Northlight (Ines Vega in clause 2.1), Halden." For the voice that is asked. */
export function newsOf(peers: readonly Peer[], rows: readonly OutlineRow[]): string {
  const groups = byOrganization(peers);
  if (groups.length === 0) return "Nobody else is here.";
  const words = groups.map(({ organizationName, people }) => {
    const places = people.flatMap((peer) => {
      const row = rows.find((one) => one.id === peer.clauseId);
      return row ? [`${peer.name} in ${row.number ? `clause ${row.number}` : "the preamble"}`] : [peer.name];
    });
    return `${organizationName} (${places.join(", ")})`;
  });
  return `${groups.length === 1 ? "One other organization is" : `${groups.length} other organizations are`} here: ${words.join("; ")}.`;
}

function positionOf(head: unknown, state: EditorState): number | null {
  const sync = ySyncPluginKey.getState(state);
  if (!sync?.binding || head === null || head === undefined) return null;
  const relative = Y.createRelativePositionFromJSON(head);
  return relativePositionToAbsolutePosition(sync.doc, sync.type, relative, sync.binding.mapping);
}

function clauseIdAt(pos: number, rows: readonly OutlineRow[]): string | null {
  let found: OutlineRow | undefined;
  for (const row of rows) if (row.pos < pos) found = row;
  return found?.id ?? null;
}
