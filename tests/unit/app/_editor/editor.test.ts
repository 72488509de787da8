import { describe, expect, test } from "vitest";
import { mentionedIn, offeredTo } from "#app/_editor/comment-form.client.tsx";
import { movedWords, placesTouched, reasonNotToMove, writingMs } from "#app/_editor/moving.client.tsx";
import { byOrganization, colourOf, newsOf, type Peer } from "#app/_editor/peers.client.tsx";
import { saveWords } from "#app/_editor/save-words.client.tsx";
import { keyWords } from "#app/_editor/shortcuts.client.tsx";
import { outlineOf } from "#lib/editor/outline.ts";
import { charterSchema } from "#lib/editor/schema.ts";

const doc = charterSchema.nodeFromJSON({
  type: "doc",
  content: [
    { type: "charterTitle" },
    clause("section00001", "section", 0, "Duties"),
    clause("clause000001", "clause", 1, "", "Pay fairly"),
    clause("clause000002", "clause", 1, "", "Report yearly"),
  ],
});
const rows = outlineOf(doc);
const ines: Peer = {
  clientId: 7,
  userId: "u1",
  name: "Ines",
  organizationId: "o1",
  organizationName: "Northlight",
  pos: 20,
  clauseId: "clause000001",
  movingId: null,
};

describe("the outline", () => {
  test("numbers clauses and calls them by heading or first words", () => {
    expect(rows.map((row) => `${row.number} ${row.label}`)).toEqual([
      "1 Duties",
      "1.1 Pay fairly",
      "1.2 Report yearly",
    ]);
  });
});

describe("moving a clause", () => {
  const facts = { isConnected: true, rows, from: 1, to: 3, peers: [ines], now: 100_000 };

  test("waits while somebody writes in one of the clauses it touches", () => {
    const lastMovedAt = new Map([[7, 100_000 - writingMs + 1]]);
    expect(reasonNotToMove({ ...facts, lastMovedAt })).toContain("Ines (Northlight) is writing in clause 1.1");
    expect(reasonNotToMove({ ...facts, from: 2, lastMovedAt })).toBeNull();
  });

  test("does not wait for a cursor that only rests", () => {
    expect(reasonNotToMove({ ...facts, lastMovedAt: new Map([[7, 100_000 - writingMs]]) })).toBeNull();
  });

  test("is refused without a connection", () => {
    expect(reasonNotToMove({ ...facts, isConnected: false, peers: [], lastMovedAt: new Map() })).toContain("online");
  });

  test("tells which places it touches and what the clause is called then", () => {
    const [section, first, second] = rows;
    if (!section || !first || !second) throw new Error("The outline has three rows.");
    expect(placesTouched(rows, [section, second, first])).toEqual({ from: 1, to: 3 });
    expect(placesTouched(rows, rows)).toBeNull();
    expect(movedWords(first, { ...first, number: "1.2" })).toBe("Clause 1.1 is now clause 1.2.");
  });
});

describe("presence", () => {
  test("gathers people by organization and tells where they are", () => {
    expect(byOrganization([ines, { ...ines, clientId: 8, name: "Olu" }])).toHaveLength(1);
    expect(newsOf([ines], rows)).toBe("One other organization is here: Northlight (Ines in clause 1.1).");
    expect(newsOf([], rows)).toBe("Nobody else is here.");
  });

  test("gives the organizations at one table different colours while there are enough", () => {
    const table = ["a", "b", "c", "d", "e", "f", "g", "h"];
    expect(new Set(table.map((one) => colourOf(one, table))).size).toBe(8);
    expect(colourOf("somebody else", table)).toBeGreaterThanOrEqual(1);
  });
});

describe("the save state", () => {
  test("says saved only when the server has everything", () => {
    expect(saveWords({ kind: "saved" }).words).toBe("All changes saved");
    expect(saveWords({ kind: "saving" }).words).toBe("Saving…");
    expect(saveWords({ kind: "offline", hasUnsaved: true }).words).toBe("Offline — kept on this device");
    expect(saveWords({ kind: "signed-out", hasUnsaved: true }).words).toBe("Signed out — your text is kept");
  });
});

describe("comments and keys", () => {
  const people = [
    { userId: "1", name: "Ines Vega", organizationName: "Northlight" },
    { userId: "2", name: "Olu Ade", organizationName: "Halden" },
  ];

  test("somebody is offered after an @ and mentioned while the name stands", () => {
    expect(offeredTo("What do you think, @hal", people).map((one) => one.name)).toEqual(["Olu Ade"]);
    expect(offeredTo("@Ines Vega ", people)).toEqual([]);
    expect(mentionedIn("@Ines Vega please look", people)).toEqual(["1"]);
    expect(mentionedIn("mail ines@example.org", people)).toEqual([]);
  });

  test("shortcuts are written as this keyboard has them", () => {
    expect(keyWords("Mod-Shift-l", false)).toBe("Ctrl+Shift+L");
    expect(keyWords("Mod-Shift-l", true)).toBe("⌘⇧L");
  });
});

function clause(id: string, kind: string, level: number, heading: string, body?: string) {
  const text = (words: string) => (words ? { content: [{ type: "text", text: words }] } : {});
  return {
    type: "clause",
    attrs: { id, kind, level },
    content: [{ type: "clauseHeading", ...text(heading) }, ...(body ? [{ type: "paragraph", ...text(body) }] : [])],
  };
}
