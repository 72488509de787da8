import { randomUUID } from "node:crypto";
import type pg from "pg";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { charterRoot } from "#lib/editor/schema.ts";

/** The Origin that test servers let in. */
export const origin = "https://charters.example.org";

/** The browser's WebSocket as the page of somebody opens it; the cookie is the user's id, which test servers believe. */
export function socketOf(userId: string): typeof globalThis.WebSocket {
  const Socket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols ?? [], { headers: { origin, cookie: userId } });
    }
  };
  // The `ws` socket has all that the provider uses of the browser's.
  return Socket as unknown as typeof globalThis.WebSocket;
}

/** The Y.XmlText at the end of a clause's first paragraph. */
export function paragraphText(doc: Y.Doc, clauseIndex = 0): Y.XmlText {
  const clause = doc.getXmlFragment(charterRoot).get(clauseIndex + 1);
  if (!(clause instanceof Y.XmlElement)) throw new Error("There is no such clause.");
  const paragraph = clause
    .toArray()
    .find((child) => child instanceof Y.XmlElement && child.nodeName !== "clauseHeading");
  if (!(paragraph instanceof Y.XmlElement)) throw new Error("The clause has no paragraph.");
  const text = paragraph.get(0);
  if (text instanceof Y.XmlText) return text;
  const fresh = new Y.XmlText();
  paragraph.insert(0, [fresh]);
  return fresh;
}

/** Puts words at the end of a clause's paragraph. */
export function typeIn(doc: Y.Doc, words: string, clauseIndex = 0): void {
  doc.transact(() => {
    const text = paragraphText(doc, clauseIndex);
    text.insert(text.length, words);
  });
}

/** A charter in drafting, with no more than a room needs of it. */
export async function insertCharter(pool: pg.Pool): Promise<{ charterId: string; draftRoundId: string }> {
  const [charterId, draftRoundId, organizationId] = [randomUUID(), randomUUID(), randomUUID()];
  await pool.query(
    `INSERT INTO charter (id, title, template, policy, convenor_organization_id, depositary_organization_id, created_by)
     VALUES ($1, 'Accord', 'multi-party', '{}', $2, $2, $2)`,
    [charterId, organizationId],
  );
  await pool.query("INSERT INTO draft_round (id, charter_id, number, state) VALUES ($1, $2, 1, 'DRAFTING')", [
    draftRoundId,
    charterId,
  ]);
  return { charterId, draftRoundId };
}
