import type { Node as ProseNode, Schema } from "@tiptap/pm/model";
import { Fragment, Slice } from "@tiptap/pm/model";
import type { NewId } from "./commands.ts";
import { attributesOf, levelFor } from "./schema.ts";

/** What a paste was turned into, for the sentence that tells it. */
export type PasteReport = { readonly clauses: number; readonly points: number };

type Marker = { readonly style: string; readonly length: number };

const markers: readonly (readonly [style: string, pattern: RegExp])[] = [
  ["bullet", /^\s*[•·▪◦●○■□‣⁃–—*-]\s+/u],
  // Word writes its second bullet as the letter o in a symbol face.
  ["bullet-2", /^\s*o[ \t\u00a0]{2,}/u],
  // "3.5 percent" is a number of the text: several figures count only with a dot at their end.
  ["decimal", /^\s*\(?\d{1,3}(?:\.\d{1,3})*[.)](?!\d)\s+/u],
  ["roman", /^\s*\(?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3})[.)]\s+/u],
  ["letter", /^\s*\(?[a-zA-Z][.)]\s+/u],
];

/**
 * A pasted slice as this text has it: clauses get fresh ids (a copy is not the clause it was copied from), a heading
 * begins a new clause, and the literal list markers of Word and Google Docs ("a) ", "1. ", "•") become points.
 * A paste inside one line stays as it is.
 */
export function cleanPaste(slice: Slice, schema: Schema, newId: NewId): Slice {
  const first = slice.content.firstChild;
  if (!first || first.isInline) return slice;
  const isOneLine = slice.content.childCount === 1 && first.isTextblock;
  if (isOneLine) return slice;
  const nodes: ProseNode[] = [];
  slice.content.forEach((node) => {
    nodes.push(node);
  });
  if (nodes.every((node) => node.isTextblock && node.type.name !== "clauseHeading")) {
    const blocks = markPoints(nodes, schema);
    const isUnchanged = blocks.every((block, index) => block === nodes[index]);
    return isUnchanged ? slice : new Slice(Fragment.from(blocks), 0, 0);
  }
  if (isWithinOneClause(nodes, slice)) return slice;
  return new Slice(Fragment.from(toClauses(nodes, schema, newId)), 0, 0);
}

/** What a cleaned slice holds. */
export function reportOf(slice: Slice): PasteReport {
  let clauses = 0;
  let points = 0;
  slice.content.descendants((node) => {
    if (node.type.name === "clause") clauses += 1;
    if (node.type.name === "point") points += 1;
  });
  return { clauses, points };
}

/** A selection inside a single clause carries that clause open at both ends; it is text, not a clause. */
function isWithinOneClause(nodes: readonly ProseNode[], slice: Slice): boolean {
  const only = nodes.length === 1 ? nodes[0] : undefined;
  return (
    only?.type.name === "clause" &&
    slice.openStart > 0 &&
    slice.openEnd > 0 &&
    countOf(only, "clauseHeading") < 2 &&
    !hasMarkers(only)
  );
}

function toClauses(nodes: readonly ProseNode[], schema: Schema, newId: NewId): ProseNode[] {
  const clauses: ProseNode[] = [];
  let open: { attrs: Record<string, unknown>; children: ProseNode[] } | undefined;
  const close = () => {
    if (open) clauses.push(clauseOf(schema, open.attrs, open.children));
    open = undefined;
  };
  const add = (child: ProseNode, attrs: Record<string, unknown>) => {
    const isHeading = child.type.name === "clauseHeading";
    if (isHeading && open && open.children.length > 0) close();
    open ??= { attrs: { ...attrs, id: newId() }, children: [] };
    open.children.push(child);
  };
  for (const node of nodes) {
    if (node.type.name === "clause") {
      close();
      node.forEach((child) => {
        add(child, {
          kind: attributesOf(node).kind,
          level: levelFor(attributesOf(node).kind, attributesOf(node).level),
        });
      });
      close();
    } else if (node.isTextblock) {
      const isTitle = node.type.name === "charterTitle";
      const { clauseHeading } = schema.nodes;
      add(isTitle && clauseHeading ? clauseHeading.create(null, node.content) : node, { kind: "clause", level: 1 });
    }
  }
  close();
  return clauses;
}

function clauseOf(schema: Schema, attrs: Record<string, unknown>, children: readonly ProseNode[]): ProseNode {
  const { clause, clauseHeading } = schema.nodes;
  if (!clause || !clauseHeading) throw new Error("This slice does not have the charter schema.");
  const blocks = markPoints(children, schema);
  const heading = blocks[0]?.type === clauseHeading ? [] : [clauseHeading.create()];
  return clause.create(attrs, [...heading, ...blocks]);
}

/** Turns paragraphs that begin with a list marker into points; a new style of marker is one level deeper. */
function markPoints(blocks: readonly ProseNode[], schema: Schema): ProseNode[] {
  const { point } = schema.nodes;
  let styles: string[] = [];
  let letter = "";
  return blocks.map((block) => {
    const marker = block.type.name === "paragraph" ? markerOf(block, styles, letter) : undefined;
    if (!marker || !point) {
      if (block.type.name !== "point") styles = [];
      return block;
    }
    const known = styles.indexOf(marker.style);
    if (marker.style === "letter") letter = /[a-zA-Z]/u.exec(block.textContent)?.[0] ?? "";
    styles = known < 0 ? [...styles, marker.style] : styles.slice(0, known + 1);
    return point.create({ level: Math.min(3, styles.length) }, block.content.cut(marker.length));
  });
}

function markerOf(block: ProseNode, styles: readonly string[], previous: string): Marker | undefined {
  const text = block.firstChild?.isText ? (block.firstChild.text ?? "") : "";
  const hits = markers.flatMap(([style, pattern]): Marker[] => {
    const length = pattern.exec(text)?.[0].length;
    return length === undefined ? [] : [{ style, length }];
  });
  // "i)" after "h)" goes on in letters; after any other letter it is the first of Roman numerals.
  const isFirstRoman = /^\s*\(?i[.)]/u.test(text) && previous !== "h";
  const known = hits.find((hit) => hit.style === styles.at(-1)) ?? hits.find((hit) => styles.includes(hit.style));
  return isFirstRoman && known?.style !== "roman" ? hits.find((hit) => hit.style === "roman") : (known ?? hits[0]);
}

function hasMarkers(clause: ProseNode): boolean {
  let found = false;
  clause.forEach((child) => {
    if (child.type.name === "paragraph" && markerOf(child, [], "")) found = true;
  });
  return found;
}

function countOf(clause: ProseNode, name: string): number {
  let count = 0;
  clause.forEach((child) => {
    if (child.type.name === name) count += 1;
  });
  return count;
}
