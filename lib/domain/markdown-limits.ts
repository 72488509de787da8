import { Refusal } from "./refusal.ts";

/** The largest Markdown text in bytes of UTF-8. */
export const markdownBytesMax = 1_048_576;

/** The most clauses that one import may make. */
export const importedClausesMax = 2_000;

// Beyond these, Markdown is an attack on the parser rather than a charter; parsing some of it takes quadratic time.
const marksPerLineMax = 2_000;
const nestingMax = 24;
const paragraphLinesMax = 2_000;

/**
 * Refuses before parsing what would cost the parser more than a charter can.
 *
 * @throws {Refusal} too-large or malformed; the sentence names the line.
 */
export function requireSafeMarkdown(markdown: string): void {
  const bytes = new TextEncoder().encode(markdown).length;
  if (bytes > markdownBytesMax) {
    throw new Refusal("too-large", `A Markdown text may have ${markdownBytesMax} bytes; this one has ${bytes}.`);
  }
  let clauses = 0;
  let paragraphMarks = 0;
  let paragraphLines = 0;
  const isItem = itemReader();
  markdown.split(/\r\n?|\n/).forEach((line, index) => {
    const at = `Line ${index + 1}:`;
    if (/[\0\uFFFD\p{Cs}]/u.test(line)) throw new Refusal("malformed", `${at} this is not plain text in UTF-8.`);
    if (/^\s*(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s)/.test(line) && ++clauses > importedClausesMax)
      throw tooManyClauses(index + 1);
    if (/^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(line) && indentOf(line) > 2 * nestingMax)
      throw new Refusal("malformed", `${at} quotations and lists are nested too deep.`);
    // A tight list is many short paragraphs, and a heading is one of its own.
    const isBlank = line.trim() === "";
    if (isBlank || isItem(line) || /^ {0,3}#{1,6}\s/.test(line)) [paragraphMarks, paragraphLines] = [0, 0];
    paragraphMarks += line.match(/[*_[\]`<>!&\\]/g)?.length ?? 0;
    paragraphLines += isBlank ? 0 : 1;
    if (paragraphMarks > marksPerLineMax)
      throw new Refusal("malformed", `${at} there is too much markup in one paragraph.`);
    if (paragraphLines > paragraphLinesMax) throw new Refusal("malformed", `${at} this paragraph has too many lines.`);
    const nesting =
      /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*/.exec(line)?.[0].match(/[>*+)-]|\d\./g)?.length ?? 0;
    if (nesting > nestingMax) throw new Refusal("malformed", `${at} quotations and lists are nested too deep.`);
  });
}

/** A refusal that says how many clauses are too many, and what to do. */
export function tooManyClauses(line: number): Refusal {
  const max = importedClausesMax.toLocaleString("en-GB");
  return new Refusal(
    "too-large",
    `Line ${line}: a charter may have ${max} headings, paragraphs and list items that become clauses. Leave some out, or make two charters of it.`,
  );
}

/**
 * Tells of each line in turn whether it surely begins a list item, and not only looks like one inside a paragraph: a line that
 * is indented too far for the items above it, or that begins with another number than 1 outside a list, goes on with the
 * paragraph before it. Source: CommonMark 0.31, section 5.2.
 */
function itemReader(): (line: string) => boolean {
  let offsets: number[] = [];
  let isAfterBlank = true;
  return (line) => {
    const isBlank = line.trim() === "";
    const wasAfterBlank = isAfterBlank;
    isAfterBlank = isBlank;
    if (isBlank) return false;
    const [whole, space = "", mark = ""] = /^( *)([-*+]|\d{1,9}[.)]) +(?=\S)/.exec(line) ?? [];
    const indent = whole === undefined ? (/^ */.exec(line)?.[0].length ?? 0) : space.length;
    const around = offsets.filter((offset) => offset <= indent);
    const isNew = wasAfterBlank || /^(?:[-*+]|1[.)])$/.test(mark) || around.length < offsets.length;
    const begins = whole !== undefined && isNew && indent - (around.at(-1) ?? 0) <= 3;
    if (begins) offsets = [...around, indent + mark.length + 1];
    else if (wasAfterBlank) offsets = around;
    return begins;
  };
}

/** The columns a line is indented by; a tab counts as four. */
function indentOf(line: string): number {
  const space = /^\s*/.exec(line)?.[0] ?? "";
  return space.length + 3 * (space.split("\t").length - 1);
}
