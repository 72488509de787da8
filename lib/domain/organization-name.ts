import { Refusal } from "./refusal.ts";

/**
 * Reads a legal or a display name of an organization: white space is made even, and nothing else is repaired. Refused are
 * characters that hide or reorder, letters that only look like plain ones, words in the coded form of domains (`xn--`), and words
 * that mix scripts.
 *
 * @throws {Refusal} malformed, naming the character.
 */
export function parseOrganizationName(text: string, what: "legal name" | "display name" = "legal name"): string {
  if (text.length > 1000) throw new Refusal("malformed", `A ${what} has at most 120 characters.`);
  const name = text
    .normalize("NFC")
    .replace(/[ \t\u00a0]+/g, " ")
    .trim();
  if ([...name].length < 2 || !/\p{L}/u.test(name))
    throw new Refusal("malformed", `Give the ${what}, with letters in it.`);
  if ([...name].length > 120) throw new Refusal("malformed", `A ${what} has at most 120 characters.`);
  for (const character of name) {
    const rule = refusedCharacters.find(([pattern]) => pattern.test(character));
    if (rule) throw new Refusal("malformed", `The ${what} has ${rule[1]} (${codePoint(character)}). Leave it out.`);
  }
  if (/\p{M}{3,}/u.test(name.normalize("NFD"))) {
    throw new Refusal("malformed", `The ${what} has several marks stacked on one letter. Leave them out.`);
  }
  // The form that a domain's letters travel in: what it spells is for no reader to see.
  const coded = /(?<![\p{L}\p{N}])xn--[^\s]*/iu.exec(name);
  if (coded) {
    throw new Refusal("malformed", `The ${what} has “${coded[0]}”, which stands for other letters. Write them out.`);
  }
  requirePlainLetters(name, what);
  requireOneScript(name, what);
  return name;
}

/**
 * What a name looks like, for finding names that readers would mistake for it: after UTS 39, with a small table of the letters
 * of Cyrillic and Greek and the digits that pass for Latin ones; case, marks, spaces and signs do not count.
 */
export function nameSkeleton(name: string): string {
  const plain = name.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const mapped = [...plain].map((character) => confusables.get(character) ?? character).join("");
  return mapped
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("cl", "d");
}

/** Whether two skeletons are the same, or of some length and apart by one letter only. */
export function looksAlike(one: string, other: string): boolean {
  if (one === other) return true;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < 8 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  const rest = long.slice(at + 1);
  // Equal lengths: one letter replaced. Else: one letter put in.
  return short.length === long.length ? short.slice(at + 1) === rest : short.slice(at) === rest;
}

const refusedCharacters: readonly (readonly [RegExp, string])[] = [
  [/^[\p{Cc}\p{Zl}\p{Zp}]$/u, "a control character"],
  [/^\p{Cs}$/u, "half a character"],
  [/^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u, "a mark that reorders text"],
  [/^[\p{Default_Ignorable_Code_Point}\u2800]$/u, "a character that cannot be seen"],
  [/^[\p{Co}\p{Cn}]$/u, "a character without a meaning"],
  [/^\p{Extended_Pictographic}$/u, "a picture"],
  [/^(?! )\p{Zs}$/u, "an unusual space"],
  [/^[<>{}\\]$/u, "a sign that does not belong into a name"],
];

/** Letters such as full-width or Roman-numeral ones normalise to plain ones, and stand for them in the eyes of a reader. */
function requirePlainLetters(name: string, what: string): void {
  for (const character of name) {
    if (/\p{L}|\p{N}/u.test(character) && character.normalize("NFKC") !== character) {
      throw new Refusal(
        "malformed",
        `The ${what} has ${character} (${codePoint(character)}), which looks like ${character.normalize("NFKC")}. Type it plainly.`,
      );
    }
  }
}

const scripts = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Armenian",
  "Georgian",
  "Hebrew",
  "Arabic",
  "Devanagari",
  "Bengali",
  "Tamil",
  "Thai",
  "Ethiopic",
] as const;

/** Within one word all letters are of one script: mixing them is how names are imitated. */
function requireOneScript(name: string, what: string): void {
  for (const word of name.split(/[\s\-/.,&'’()]+/u)) {
    const used = scripts.filter((script) => new RegExp(`\\p{Script=${script}}`, "u").test(word));
    if (used.length > 1) {
      throw new Refusal(
        "malformed",
        `In the ${what}, “${word}” mixes letters of ${used.join(" and ")}. Use one script per word.`,
      );
    }
  }
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What passes for a Latin letter, after lower-casing: the letter and what it is taken for. The letter i passes for l. */
const confusables: ReadonlyMap<string, string> = new Map(
  [
    // Cyrillic
    "аa вb еe ѕs іl јj кk мm нh оo рp сc тt уy хx һh ԁd ԛq ԝw ғf ьb гr пn",
    // Greek
    "αa βb εe ηn ιl κk μu νv οo ρp σo τt υu χx ωw γy ϲc ϳj",
    // Latin, digits and strokes
    "0o 1l |l il ıl øo đd łl",
  ].flatMap((row) => row.split(" ").map((pair) => [pair.slice(0, 1), pair.slice(1)] as const)),
);
