import type { Node as ProseNode } from "@tiptap/pm/model";
import type { ClauseKind, NumberedClause } from "#lib/domain/charter-text.ts";
import { numbered } from "#lib/domain/charter-text.ts";
import { clausesOf } from "./commands.ts";
import { attributesOf } from "./schema.ts";

/** One clause as an outline shows it. `index` counts from 0; `pos` is the position before the clause in the document. */
export type OutlineRow = {
  readonly id: string;
  readonly kind: ClauseKind;
  readonly level: number;
  readonly number: string;
  /** The heading, or the first words of the body, or a word for what is not written yet. */
  readonly label: string;
  readonly hasHeading: boolean;
  readonly index: number;
  readonly pos: number;
};

const labelCharactersMax = 80;

/** The clauses of an open draft with their live numbers, in reading order. */
export function outlineOf(doc: ProseNode): OutlineRow[] {
  const clauses = clausesOf(doc);
  const texts = clauses.map(({ node }) => textsOf(node));
  const numbers: NumberedClause[] = numbered(
    clauses.map(({ node }, at) => {
      const { id, kind, level } = attributesOf(node);
      return { id: id ?? "", kind, level, heading: texts[at]?.heading ?? "", body: [] };
    }),
  );
  return numbers.map(({ id, kind, level, number }, index) => {
    const { heading, body } = texts[index] ?? { heading: "", body: "" };
    return {
      id,
      kind,
      level,
      number,
      label: shorten(heading || body || emptyLabel(kind, number)),
      hasHeading: heading !== "",
      index,
      pos: clauses[index]?.pos ?? 0,
    };
  });
}

/** How a row is spoken of: "Preamble", "Section 2", "Annex A", "Clause 2.1". */
export function nameOfRow(row: Pick<OutlineRow, "kind" | "number">): string {
  switch (row.kind) {
    case "preamble":
      return "Preamble";
    case "section":
    case "final":
      return `Section ${row.number}`;
    case "annex":
      return `Annex ${row.number}`;
    default:
      return `Clause ${row.number}`;
  }
}

function textsOf(node: ProseNode): { heading: string; body: string } {
  let heading = "";
  let body = "";
  node.forEach((child) => {
    if (child.type.name === "clauseHeading") heading ||= child.textContent.trim();
    else body ||= child.textContent.trim();
  });
  return { heading, body };
}

function emptyLabel(kind: ClauseKind, number: string): string {
  // A preamble needs no heading, and an annex is named by its letter.
  return kind === "preamble" || kind === "annex" ? nameOfRow({ kind, number }) : "Not written yet";
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > labelCharactersMax
    ? `${characters.slice(0, labelCharactersMax).join("").trimEnd()}…`
    : text;
}
