"use client";

import { headingOf, type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { sha256Hex } from "#lib/ledger/hash.ts";

/**
 * Why the text on the screen is not the text with this fingerprint, in a sentence; null when every clause, heading and
 * paragraph is the same. `bytes` are the canonical bytes as the server gave them out; nothing in them is believed.
 */
export function findDifference(bytes: Uint8Array, fingerprintHex: string, shown: ParentNode): string | null {
  if (sha256Hex(bytes) !== fingerprintHex) return "The text has another fingerprint than the one shown here.";
  const clauses = readClauses(bytes);
  if (!clauses) return "The text with this fingerprint cannot be read.";
  const sections = [...shown.querySelectorAll(".charter-text > .clause")];
  if (sections.length !== clauses.length) return "Another number of clauses is shown than the text has.";
  const at = clauses.findIndex((clause, index) => !isShown(clause, sections[index]));
  if (at === -1) return null;
  const number = clauses[at]?.number;
  return `${number ? `Clause ${number}` : "The preamble"} is shown in other words than are signed. If your browser translates this page, turn that off and load it again.`;
}

function readClauses(bytes: Uint8Array): NumberedClause[] | null {
  try {
    return numbered(parseCanonicalVersion(bytes).text.clauses);
  } catch {
    return null;
  }
}

function isShown(clause: NumberedClause, section: Element | undefined): boolean {
  if (section?.id !== `c-${clause.id}`) return false;
  const words = (selector: string) => [...section.querySelectorAll(selector)].map((one) => one.textContent ?? "");
  const heading = headingOf(clause);
  return (
    isSame(words(".clause-number"), [clause.number]) &&
    isSame(words(".clause-heading"), heading === "" ? [] : [heading]) &&
    isSame(
      words("p, li"),
      clause.body.map((block) => block.text),
    )
  );
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one, at) => one === right[at]);
}
