import type { CharterText } from "#lib/domain/charter-text.ts";
import { numbered } from "#lib/domain/charter-text.ts";
import { isWellFormed } from "./jcs.ts";

/** Why a character is refused. */
export type CharacterRule =
  | "control" // control characters and line separators other than the line feed
  | "direction" // marks that reorder what is shown
  | "invisible" // characters that leave no mark on the page
  | "variation" // variation selectors outside emoji
  | "joiner" // ZWJ and ZWNJ where no script needs them
  | "surrogate" // half of a surrogate pair
  | "private-use"
  | "unassigned"
  | "stacked" // more than four combining marks in a row
  | "not-normalized"; // not in Unicode Normalization Form C

/** One refused character. `offset` counts UTF-16 code units from 0 within the text it stands in. */
export type CharacterViolation = {
  readonly rule: CharacterRule;
  readonly codePoint: string;
  readonly offset: number;
};

/** A violation inside a charter; `clauseId` is null and `clauseNumber` "" for the title. `block` counts from 0 within the body. */
export type TextViolation = CharacterViolation & {
  readonly clauseId: string | null;
  readonly clauseNumber: string;
  readonly place: "title" | "heading" | "body";
  readonly block: number | null;
};

/** At most this many violations are listed; a text that breaks more needs no longer list to be repaired. */
const violationsMax = 100;

const refusedAlways: readonly [CharacterRule, RegExp][] = [
  ["surrogate", /^\p{Cs}$/u],
  ["control", /^[\p{Cc}\p{Zl}\p{Zp}]$/u],
  ["direction", /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u],
  // Tags U+E0000-E007F are among the default ignorable characters; the joiners and variation selectors are judged apart.
  ["invisible", /^(?!\u200c|\u200d|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]$/u],
  ["private-use", /^\p{Co}$/u],
  ["unassigned", /^\p{Cn}$/u],
];

// The scripts whose spelling needs the joiners: Arabic and its kin, and the Brahmic scripts.
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

/**
 * The characters of `text` that Concordat refuses in anything it signs: those that hide, reorder or can not be seen, and
 * text that is not in NFC. `lines` says whether a line feed may stand in it (bodies: yes; titles, headings, names: no).
 *
 * Nothing is repaired: what is signed must be what its author wrote, so the author is told the place instead.
 */
export function characterViolations(text: string, lines: "with-lines" | "one-line"): CharacterViolation[] {
  // Printable ASCII breaks no rule, and most texts are nothing else.
  if (/^[ -~]*$/.test(text)) return [];
  const characters = [...text];
  const found: CharacterViolation[] = [];
  let offset = 0;
  let marks = 0;
  for (const [at, character] of characters.entries()) {
    marks = /^\p{M}$/u.test(character) ? marks + 1 : 0;
    const rule =
      ruleBroken(character, characters[at - 1], characters[at + 1], lines) ?? (marks === 5 ? "stacked" : null);
    if (rule) found.push({ rule, codePoint: codePointOf(character), offset });
    offset += character.length;
  }
  const normalized = isWellFormed(text) ? text.normalize("NFC") : text;
  if (normalized !== text) found.push(firstDifference(text, normalized));
  return found.sort((left, right) => left.offset - right.offset).slice(0, violationsMax);
}

/** The violations of a whole charter text in reading order: its title, then each clause's heading and body. */
export function textViolations(text: CharterText): TextViolation[] {
  const inTitle = characterViolations(text.title, "one-line").map(
    (violation): TextViolation => ({ ...violation, clauseId: null, clauseNumber: "", place: "title", block: null }),
  );
  const inClauses = numbered(text.clauses).flatMap((clause): TextViolation[] => {
    const where = { clauseId: clause.id, clauseNumber: clause.number };
    const inHeading = characterViolations(clause.heading, "one-line").map(
      (violation): TextViolation => ({ ...violation, ...where, place: "heading", block: null }),
    );
    const inBody = clause.body.flatMap(({ text: words }, block) =>
      characterViolations(words, "with-lines").map(
        (violation): TextViolation => ({ ...violation, ...where, place: "body", block }),
      ),
    );
    return [...inHeading, ...inBody];
  });
  return [...inTitle, ...inClauses].slice(0, violationsMax);
}

const sentences: Readonly<Record<CharacterRule, string>> = {
  control: "is a control character",
  direction: "changes the direction in which text is shown",
  invisible: "cannot be seen",
  variation: "is a variation selector outside an emoji",
  joiner: "is a joiner that this script does not need",
  surrogate: "is half of a character",
  "private-use": "has no public meaning",
  unassigned: "is not assigned in Unicode",
  stacked: "is the fifth combining mark in a row",
  "not-normalized": "is not in its composed form (NFC)",
};

/** One sentence for a person: `U+202E changes the direction in which text is shown (clause 2.1, body, paragraph 1, offset 14).` */
export function formatViolation(violation: CharacterViolation | TextViolation): string {
  const places: string[] = [];
  if ("place" in violation) {
    if (violation.clauseId !== null) places.push(`clause ${violation.clauseNumber || violation.clauseId}`);
    places.push(violation.place);
    if (violation.block !== null) places.push(`paragraph ${violation.block + 1}`);
  }
  places.push(`offset ${violation.offset}`);
  return `${violation.codePoint} ${sentences[violation.rule]} (${places.join(", ")}).`;
}

function ruleBroken(
  character: string,
  before: string | undefined,
  after: string | undefined,
  lines: "with-lines" | "one-line",
): CharacterRule | null {
  if (character === "\n") return lines === "with-lines" ? null : "control";
  if (character >= " " && character <= "~") return null;
  for (const [rule, pattern] of refusedAlways) if (pattern.test(character)) return rule;
  if (character === "\u200c" || character === "\u200d") return isNeededJoiner(before, after) ? null : "joiner";
  if (/^\p{Variation_Selector}$/u.test(character)) return isNeededVariation(character, before) ? null : "variation";
  return null;
}

function isNeededJoiner(before = "", after = ""): boolean {
  if (!joining.test(before)) return false;
  // A joiner at the end of a word is spelling only after a sign such as the virama (Malayalam chillu, Bengali khanda ta).
  return joining.test(after) || /^\p{M}$/u.test(before);
}

function isNeededVariation(character: string, before = ""): boolean {
  if (character === "\ufe0e" || character === "\ufe0f") return /^\p{Emoji}$/u.test(before);
  return /^[\u180b-\u180d\u180f]$/u.test(character) && /^\p{Script=Mongolian}$/u.test(before);
}

function firstDifference(text: string, normalized: string): CharacterViolation {
  let offset = 0;
  while (text[offset] === normalized[offset]) offset += 1;
  return { rule: "not-normalized", codePoint: codePointOf(text.slice(offset)), offset };
}

function codePointOf(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
