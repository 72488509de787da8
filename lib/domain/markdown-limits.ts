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
  markdown.split(/\r\n?|\n/).forEach((line, index) => {
    const at = `Line ${index + 1}:`;
    if (/[\0\uFFFD\p{Cs}]/u.test(line)) throw new Refusal("malformed", `${at} this is not plain text in UTF-8.`);
    if (/^\s*(?:#{1,6}\s|[-*+]\s|\d{1,9}[.)]\s)/.test(line) && ++clauses > importedClausesMax)
      throw new Refusal("too-large", `${at} a charter may have ${importedClausesMax} headings and list items.`);
    if (/^\s*(?:[-*+]|\d{1,9}[.)])\s/.test(line) && indentOf(line) > 2 * nestingMax)
      throw new Refusal("malformed", `${at} quotations and lists are nested too deep.`);
    const isBlank = line.trim() === "";
    paragraphMarks = isBlank ? 0 : paragraphMarks + (line.match(/[*_[\]`<>!&\\]/g)?.length ?? 0);
    paragraphLines = isBlank ? 0 : paragraphLines + 1;
    if (paragraphMarks > marksPerLineMax)
      throw new Refusal("malformed", `${at} there is too much markup in one paragraph.`);
    if (paragraphLines > paragraphLinesMax) throw new Refusal("malformed", `${at} this paragraph has too many lines.`);
    const nesting =
      /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*/.exec(line)?.[0].match(/[>*+)-]|\d\./g)?.length ?? 0;
    if (nesting > nestingMax) throw new Refusal("malformed", `${at} quotations and lists are nested too deep.`);
  });
}

/** The columns a line is indented by; a tab counts as four. */
function indentOf(line: string): number {
  const space = /^\s*/.exec(line)?.[0] ?? "";
  return space.length + 3 * (space.split("\t").length - 1);
}
