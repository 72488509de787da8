import type { NodeSpec, Node as ProseNode } from "@tiptap/pm/model";
import { Schema } from "@tiptap/pm/model";
import { ClauseKind } from "#lib/domain/charter-text.ts";

/** Name of the Y.XmlFragment that holds a charter's draft; the only root a room accepts. */
export const charterRoot = "charter";

/** What a clause node knows beside its content. `id` is null only for an instant, between a paste and the next plugin run. */
export type ClauseAttributes = { readonly id: string | null; readonly kind: ClauseKind; readonly level: number };

/** The names of all nodes, from the outside in. */
export const nodeNames = [
  "doc",
  "charterTitle",
  "clause",
  "clauseHeading",
  "paragraph",
  "point",
  "clauseReference",
  "text",
] as const;
export type NodeName = (typeof nodeNames)[number];

/**
 * The one definition of a draft: a flat list of clauses under a title. The plain schema below, the Tiptap nodes
 * (`tiptap.ts`) and the guard of the rooms (`#lib/editor/shape.ts`) are made from it.
 *
 * There are no marks, since the canonical text has no style. A clause may hold several headings or none at all for
 * an instant: two people's edits can merge into that, and the Yjs binding deletes what the schema does not allow.
 * `tidy.ts` brings such a clause back into shape, and reading it never loses a word.
 */
export const nodeSpecs: Record<NodeName, NodeSpec> = {
  doc: { content: "charterTitle+ clause+" },
  charterTitle: {
    content: "text*",
    defining: true,
    isolating: true,
    parseDOM: [{ tag: "h1[data-charter-title]" }],
    toDOM: () => ["h1", { "data-charter-title": "" }, 0],
  },
  clause: {
    content: "(clauseHeading | block)*",
    attrs: { id: { default: null }, kind: { default: "clause" }, level: { default: 1 } },
    defining: true,
    isolating: true,
    parseDOM: [
      {
        tag: "section[data-clause]",
        getAttrs: (element) => ({
          id: element.getAttribute("data-clause") || null,
          kind: element.getAttribute("data-kind") ?? "clause",
          level: Number(element.getAttribute("data-level") ?? 1),
        }),
      },
    ],
    toDOM: (node) => [
      "section",
      {
        "data-clause": attributesOf(node).id ?? "",
        "data-kind": attributesOf(node).kind,
        "data-level": String(attributesOf(node).level),
      },
      0,
    ],
  },
  clauseHeading: {
    content: "text*",
    defining: true,
    parseDOM: ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag })),
    toDOM: () => ["h2", { class: "clause-heading" }, 0],
  },
  paragraph: {
    content: "(text | clauseReference)*",
    group: "block",
    parseDOM: [{ tag: "p" }],
    toDOM: () => ["p", 0],
  },
  point: {
    content: "(text | clauseReference)*",
    group: "block",
    attrs: { level: { default: 1 } },
    parseDOM: [
      { tag: "div[data-point]", getAttrs: (element) => ({ level: Number(element.getAttribute("data-point") ?? 1) }) },
      { tag: "li", getAttrs: (element) => ({ level: depthOfList(element) }) },
    ],
    toDOM: (node) => ["div", { "data-point": String(attributesOf(node).level) }, 0],
  },
  clauseReference: {
    inline: true,
    atom: true,
    attrs: { target: { default: null } },
    parseDOM: [
      {
        tag: "span[data-clause-reference]",
        getAttrs: (element) => ({ target: element.getAttribute("data-clause-reference") || null }),
      },
    ],
    toDOM: (node) => ["span", { "data-clause-reference": targetOf(node) ?? "" }],
  },
  text: {},
};

/** The plain schema, for commands, tests and the server. It needs neither a DOM nor an editor. */
export const charterSchema = new Schema<NodeName, never>({ nodes: nodeSpecs, topNode: "doc" });

/** The attributes of a clause node, or the level of a point; the schema gives every one a default. */
export function attributesOf(node: ProseNode): ClauseAttributes {
  const { id, kind, level } = node.attrs;
  return {
    id: typeof id === "string" && id !== "" ? id : null,
    kind: ClauseKind.catch("clause").parse(kind),
    level: Number(level),
  };
}

/** The id of the clause that a reference points to, or null. */
export function targetOf(node: ProseNode): string | null {
  const { target } = node.attrs;
  return typeof target === "string" && target !== "" ? target : null;
}

/** Whether clauses of this kind open a new count and always have level 0. */
export function isContainer(kind: unknown): boolean {
  return kind === "section" || kind === "final" || kind === "annex";
}

/** The level a clause of this kind has when `level` is asked for: 0 for containers and preambles, else 1 to 3. */
export function levelFor(kind: unknown, level: unknown): number {
  if (kind === "preamble" || isContainer(kind)) return 0;
  return typeof level === "number" && Number.isFinite(level) ? Math.min(3, Math.max(1, Math.trunc(level))) : 1;
}

function depthOfList(element: HTMLElement): number {
  let depth = 0;
  for (let at: Element | null = element; at; at = at.parentElement)
    if (at.tagName === "UL" || at.tagName === "OL") depth += 1;
  return Math.min(3, Math.max(1, depth));
}
