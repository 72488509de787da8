import { fromMarkdown } from "mdast-util-from-markdown";
import type { Block, CharterText, Clause, ClauseKind } from "./charter-text.ts";
import { levelMax } from "./charter-text.ts";
import { newClauseId } from "./ids.ts";
import { importedClausesMax, requireSafeMarkdown, tooManyClauses } from "./markdown-limits.ts";
import { withPlainMarkers } from "./plain-markers.ts";
import { Refusal } from "./refusal.ts";

/** What the import left out or changed, with the line it stands in, counted from 1. */
export type ImportNote = { readonly line: number; readonly note: string };

/** A charter text read from Markdown, to be looked at before it is taken. */
export type ImportedMarkdown = { readonly text: CharterText; readonly notes: readonly ImportNote[] };

/**
 * Reads Markdown into a charter text. The first first-level heading is the title; the next two levels become sections
 * and clauses, list items and paragraphs under them become clauses and sub-clauses. Numbers at the start of headings are
 * left out, because they are computed. Items that cannot be clauses, in a preamble or below the deepest level, stay points
 * of the text above them, and a note says so. Ids are always made here: an import never sets them.
 *
 * @throws {Refusal} too-large or malformed; the sentence names the line.
 */
export function importMarkdown(
  markdown: string,
  language: string,
  random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): ImportedMarkdown {
  requireSafeMarkdown(markdown);
  const source = markdown
    .replaceAll(/\r\n?/g, "\n")
    .replace(/^\uFEFF/, "")
    .normalize("NFC");
  const state: Reading = {
    title: "",
    clauses: [],
    notes: [],
    containerDepth: null,
    section: "none",
    depth: 0,
    open: null,
    newId: () => newClauseId(random),
  };
  const tree: Markup = fromMarkdown(withPlainMarkers(source));
  const nodes = tree.children ?? [];
  state.containerDepth = containerDepthOf(nodes);
  for (const node of nodes) readBlock(state, node);
  // An annex is named by its letter alone; every other clause needs words.
  const clauses = state.clauses.filter(
    (clause) => clause.kind === "annex" || clause.heading !== "" || clause.body.length > 0,
  );
  if (clauses.length === 0) throw new Refusal("malformed", "This Markdown has no text that could become a clause.");
  return { text: { title: state.title || "Untitled charter", language, clauses }, notes: state.notes };
}

/** The part of a syntax tree node that is read here; every node of mdast has this shape. */
type Markup = {
  readonly type: string;
  readonly value?: string;
  readonly depth?: number;
  readonly url?: string;
  readonly alt?: string | null | undefined;
  readonly children?: readonly Markup[];
  readonly position?: { readonly start: { readonly line: number } } | undefined;
};

type Writable = { id: string; kind: ClauseKind; level: number; heading: string; body: Block[] };

type Reading = {
  title: string;
  clauses: Writable[];
  notes: ImportNote[];
  /** The heading depth that makes containers. */
  containerDepth: number | null;
  /** What kind of container is open. */
  section: "none" | "preamble" | "definitions" | "plain";
  /** The level of the clause that a heading opened; 0 right under a container. */
  depth: number;
  /** The clause that paragraphs are added to; null when the next paragraph opens a clause of its own. */
  open: Writable | null;
  newId: () => string;
};

function readBlock(state: Reading, node: Markup): void {
  switch (node.type) {
    case "heading":
      readHeading(state, node);
      return;
    case "paragraph":
    case "code":
      readParagraph(state, wordsOf(state, node), node);
      return;
    case "list":
      readList(state, node, state.depth + 1);
      return;
    case "blockquote":
      for (const child of node.children ?? []) readBlock(state, child);
      return;
    case "html":
      note(state, node, "HTML was left out.");
      return;
    case "thematicBreak":
    case "definition":
      return;
    default:
      note(state, node, `Markup of the kind “${node.type}” was left out.`);
  }
}

function readHeading(state: Reading, node: Markup): void {
  const words = oneLine(wordsOf(state, node));
  const depth = node.depth ?? 1;
  if (state.title === "" && state.clauses.length === 0 && depth === 1) {
    state.title = words;
    return;
  }
  const { containerDepth } = state;
  if (containerDepth !== null && depth <= containerDepth) {
    openContainer(state, node, words);
    return;
  }
  state.depth = Math.min(depth - (containerDepth ?? 0), levelMax);
  const kind = state.section === "definitions" ? "definition" : "clause";
  state.open = addClause(state, node, { kind, level: state.depth, heading: withoutNumber(words), body: [] });
}

function openContainer(state: Reading, node: Markup, words: string): void {
  const heading = withoutNumber(words);
  const kind = containerKind(heading);
  state.section =
    kind === "preamble" ? "preamble" : /^(?:terms and )?definitions?$/i.test(heading) ? "definitions" : "plain";
  state.depth = 0;
  const name = kind === "annex" ? annexName(heading) : heading;
  const clause = addClause(state, node, { kind, level: 0, heading: name, body: [] });
  state.open = kind === "preamble" ? clause : null;
}

/** What an annex is called beside its letter, which is computed: "Annex B: Form" is "Form", and "Annex B" nothing. */
function annexName(heading: string): string {
  return heading
    .replace(/^annex\s*/i, "")
    .replace(/^(?:[A-Z]{1,2}|[IVX]+|\d{1,2})(?:\s*[.:–—-]\s*|\s+(?=\S)|$)/, "")
    .replace(/^[.:–—-]\s*/, "");
}

function readParagraph(state: Reading, words: string, node: Markup): void {
  if (words.trim() === "") return;
  // Words before the first heading introduce the whole text: they are its preamble.
  if (state.section === "none" && state.containerDepth !== null && state.clauses.length === 0) {
    state.section = "preamble";
    state.open = addClause(state, node, { kind: "preamble", level: 0, heading: "Preamble", body: [] });
  }
  const opening = openingNumber(node, words);
  if (state.open && !(opening && state.section !== "preamble")) {
    state.open.body.push({ kind: "p", text: words });
    return;
  }
  const level = opening ? levelOfNumber(opening.trim(), state.containerDepth !== null) : 1;
  const kind = state.section === "definitions" ? "definition" : "clause";
  state.depth = level;
  addClause(state, node, { kind, level, ...split(node, words.slice(opening.length), kind) });
  state.open = null;
}

/** The number a paragraph begins with: any in bold, as an export writes it, or one of several parts. "" for none. */
function openingNumber(node: Markup, words: string): string {
  const strong = node.children?.[0];
  const bold = strong?.type === "strong" ? plain(strong) : "";
  if (/^(?:\d+|[A-Z]{1,2}(?=\.))(?:\.\d+)*$/.test(bold) && words.startsWith(`${bold} `)) return `${bold} `;
  return /^(?:\d+|[A-Z]{1,2})(?:\.\d+)+\s+/.exec(words)?.[0] ?? "";
}

function readList(state: Reading, list: Markup, level: number): void {
  for (const item of list.children ?? []) {
    const blocks = item.children ?? [];
    const inner = blocks.filter((block) => block.type === "list");
    const own = blocks.filter((block) => block.type === "paragraph" || block.type === "code");
    for (const other of blocks)
      if (!inner.includes(other) && !own.includes(other)) note(state, other, "Markup inside a list item was left out.");
    const words = own.map((block) => wordsOf(state, block)).filter((text) => text.trim() !== "");
    if (isPoint(state, level)) {
      note(state, item, pointNotes[state.section === "preamble" ? "preamble" : "deep"]);
      const place = state.open ?? state.clauses.at(-1);
      for (const text of words) place?.body.push({ kind: "li", level: pointLevel(state, level), text });
    } else {
      addItem(state, item, own[0], words, level);
    }
    for (const one of inner) readList(state, one, level + 1);
  }
}

function addItem(
  state: Reading,
  item: Markup,
  first: Markup | undefined,
  words: readonly string[],
  level: number,
): void {
  const kind = state.section === "definitions" ? "definition" : "clause";
  const lead = split(first, words[0] ?? "", kind);
  const rest = words.slice(1).map((text): Block => ({ kind: "p", text }));
  addClause(state, item, { kind, level, heading: lead.heading, body: [...lead.body, ...rest] });
}

const pointNotes = {
  preamble: "This list stays in the preamble, which has no numbered clauses.",
  deep: "This list stands too deep for clauses of its own and stays in the clause above.",
} as const;

/** Items of a preamble and items too deep for a clause of their own stay points of the clause they stand in. */
function isPoint(state: Reading, level: number): boolean {
  return state.section === "preamble" || level > levelMax;
}

function pointLevel(state: Reading, level: number): number {
  return Math.min(Math.max(state.section === "preamble" ? level : level - levelMax, 1), 3);
}

/** A text that begins with words in bold has them as its heading: "**Term** means …", "**Duty.** Signatories …". */
function split(node: Markup | undefined, words: string, kind: ClauseKind): { heading: string; body: Block[] } {
  const strong = node?.children?.[0];
  const name = strong?.type === "strong" ? oneLine(plain(strong)) : "";
  const isNumber = /^(?:\d+|[A-Z]{1,2})(?:\.\d+)*\.?$/.test(name);
  if (name === "" || isNumber || !words.startsWith(name) || name.length > 120) {
    return { heading: "", body: words === "" ? [] : [{ kind: "p", text: words }] };
  }
  const rest = words.slice(name.length).replace(/^\s*[:.–—-]?\s*/, "");
  // A definition reads on from its term; the term stays in its sentence too.
  const body = kind === "definition" ? words : rest;
  return { heading: name.replace(/[:.]$/, ""), body: body === "" ? [] : [{ kind: "p", text: body }] };
}

function addClause(state: Reading, node: Markup, clause: Omit<Clause, "id">): Writable {
  if (state.clauses.length >= importedClausesMax) {
    throw tooManyClauses(lineOf(node));
  }
  const made: Writable = { id: state.newId(), ...clause, body: [...clause.body] };
  state.clauses.push(made);
  return made;
}

/** The depth of headings that stand for containers: the highest one below the title, when any heading stands below it. */
function containerDepthOf(nodes: readonly Markup[]): number | null {
  const headings = nodes.filter((node) => node.type === "heading");
  const below = headings[0]?.depth === 1 ? headings.slice(1) : headings;
  // An annex beside the title, on its level, must not turn the sections into clauses.
  const sections = below.filter((node) => !/^annex\b/i.test(plain(node)));
  const depths = (sections.length > 0 ? sections : below).map((node) => node.depth ?? 1);
  return depths.length === 0 ? null : Math.min(...depths);
}

function containerKind(heading: string): ClauseKind {
  if (/^(?:preamble|recitals?)$/i.test(heading)) return "preamble";
  if (/^annex\b/i.test(heading)) return "annex";
  if (/^final (?:provisions|clauses)$/i.test(heading)) return "final";
  return "section";
}

function withoutNumber(heading: string): string {
  const rest = heading
    .replace(/^(?:(?:article|section|clause|principle)\s+)?(?:\d+(?:\.\d+)*|[IVX]+|[A-Z](?:\.\d+)+)\s*[.):–—-]\s*/i, "")
    .replace(/^(?:\d+(?:\.\d+)+|[A-Z](?:\.\d+)+|\d{1,3})\s+/, "");
  return rest === "" ? heading : rest;
}

function levelOfNumber(number: string, isInContainer: boolean): number {
  const depth = number.split(".").length - (isInContainer ? 1 : 0);
  return Math.min(Math.max(depth, 1), levelMax);
}

function wordsOf(state: Reading, node: Markup): string {
  for (const child of node.children ?? []) {
    if (child.type === "html") note(state, child, "HTML was left out.");
    if (child.type === "image") note(state, child, "An image was left out; its description stays.");
  }
  return plain(node)
    .split("\n")
    .map((line) =>
      line
        .replaceAll(/[^\P{Cc}\n]/gu, " ")
        .replaceAll(/ {2,}/g, " ")
        .trim(),
    )
    .join("\n")
    .trim();
}

/** The words of a node without its markup. Links stay as literal text, because a charter has no style. */
function plain(node: Markup): string {
  switch (node.type) {
    case "text":
      // A soft line break is a space; a hard one is a node of its own.
      return (node.value ?? "").replaceAll("\n", " ");
    case "inlineCode":
    case "code":
      return node.value ?? "";
    case "break":
      return "\n";
    case "image":
      return node.alt ?? "";
    case "link": {
      const words = (node.children ?? []).map(plain).join("");
      const url = node.url ?? "";
      return url === "" || words === url || url === `mailto:${words}` || url.startsWith("#")
        ? words
        : `${words} (${url})`;
    }
    case "html":
      return "";
    default:
      return (node.children ?? []).map(plain).join("");
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Notes what the reader should know of; the same of neighbouring list items once, with the first line. */
function note(state: Reading, node: Markup, text: string): void {
  const isList = text === pointNotes.preamble || text === pointNotes.deep;
  if (state.notes.length < 100 && !(isList && state.notes.at(-1)?.note === text))
    state.notes.push({ line: lineOf(node), note: text });
}

function lineOf(node: Markup): number {
  return node.position?.start.line ?? 1;
}
