import { type CharterText, type NumberedClause, numbered } from "./charter-text.ts";

/**
 * A charter text as Markdown, with the computed numbers: the title as the only first-level heading, containers as
 * second-level ones, clauses below them. What people wrote is escaped, so that no word of theirs becomes markup.
 */
export function exportMarkdown(text: CharterText): string {
  const parts = [`# ${escapeLine(text.title)}`, ...numbered(text.clauses).flatMap(clauseLines)];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function clauseLines(clause: NumberedClause): string[] {
  const { heading, blocks } = leading(clause);
  return [heading, ...blocks];
}

function leading(clause: NumberedClause): { heading: string; blocks: string[] } {
  const isContainer = clause.level === 0;
  const marks = isContainer ? "##" : "#".repeat(Math.min(clause.level, 3) + 2);
  const name = [labelOf(clause), escapeLine(clause.heading)].filter((part) => part !== "").join(" ");
  if (isContainer || clause.heading !== "") return { heading: `${marks} ${name}`.trim(), blocks: blocksOf(clause) };
  // A clause without a heading carries its number in its first paragraph.
  const [first, ...rest] = blocksOf(clause);
  return { heading: "", blocks: [`**${clause.number}** ${first ?? ""}`.trim(), ...rest] };
}

function labelOf(clause: NumberedClause): string {
  if (clause.kind === "annex") return `Annex ${clause.number}.`;
  return clause.kind === "section" || clause.kind === "final" ? `${clause.number}.` : clause.number;
}

function blocksOf(clause: NumberedClause): string[] {
  const blocks: string[] = [];
  let list: string[] = [];
  for (const block of clause.body) {
    if (block.kind === "li") {
      list.push(`${"  ".repeat(block.level - 1)}- ${escapeText(block.text).replaceAll("\n", " ")}`);
      continue;
    }
    if (list.length > 0) blocks.push(list.join("\n"));
    list = [];
    blocks.push(escapeText(block.text));
  }
  if (list.length > 0) blocks.push(list.join("\n"));
  return blocks;
}

function escapeLine(text: string): string {
  return escapeText(text).replaceAll("\n", " ");
}

function escapeText(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>]/g, "\\$&")
    .split("\n")
    .map((line) => line.replace(/^(\s*)([#>+-]|\d+[.)])/, escapeStart))
    .join("  \n");
}

function escapeStart(_whole: string, space: string, mark: string): string {
  return /^\d/.test(mark) ? `${space}${mark.slice(0, -1)}\\${mark.at(-1) ?? ""}` : `${space}\\${mark}`;
}
