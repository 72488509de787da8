/** A way to mark list items that Markdown does not know: how a line begins in it, and how the first of its lines does. */
type Style = { readonly name: string; readonly line: RegExp; readonly first: RegExp };

const styles: readonly Style[] = [
  { name: "bullet", line: /^[•·▪◦●○■□‣⁃]\s+/u, first: /^/u },
  { name: "dash", line: /^[–—]\s+/u, first: /^/u },
  { name: "figure", line: /^\(\d{1,3}\)\s+/u, first: /^\(1\)/u },
  { name: "roman", line: /^\(?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,3})\)\s+/u, first: /^\(?i\)/u },
  { name: "letter", line: /^\(?[a-z]\)\s+/u, first: /^\(?a\)/u },
];

/** A list item that Markdown knows, up to where its words begin. */
const native = /^ {0,12}(?:[-*+]|\d{1,9}[.)])\s+(?=\S)/u;

/** The lists that are open at a line, the outermost first, and the column where the words of the last native item began. */
type Open = {
  readonly lists: readonly { readonly style: string; readonly indent: number }[];
  readonly inside: number;
  readonly letter: string;
};
const nothingOpen: Open = { lists: [], inside: 0, letter: "" };

/**
 * Rewrites list markers that Markdown does not know ("•", "–", "a)", "(i)", "(1)") as its own, so that what looks like a
 * list is read as one. A new style under an open item is a list inside it. Lines are never added or taken out, so that the
 * line numbers of notes and refusals stay true. What stands between code fences is left alone.
 */
export function withPlainMarkers(markdown: string): string {
  let open = nothingOpen;
  let isFenced = false;
  let isAfterBlank = true;
  const readLine = (line: string): string => {
    if (/^ {0,3}(?:```|~~~)/u.test(line)) isFenced = !isFenced;
    const words = line.trimStart();
    if (isFenced || words === "") {
      isAfterBlank ||= words === "";
      return line;
    }
    const wasAfterBlank = isAfterBlank;
    isAfterBlank = false;
    const nativeLength = native.exec(line)?.[0].length;
    if (nativeLength !== undefined) {
      open = { ...nothingOpen, inside: nativeLength };
      return line;
    }
    const style = styleOf(words, open, wasAfterBlank);
    if (!style) {
      // A heading ends every list, and so does a line at the margin after a blank one; other lines go on with the item.
      if (/^#{1,6}\s/u.test(words) || (wasAfterBlank && line === words)) open = nothingOpen;
      return line;
    }
    const known = open.lists.findIndex((one) => one.style === style.name);
    const indent = open.lists[known]?.indent ?? (open.lists.at(-1)?.indent ?? open.inside - 2) + 2;
    const lists = known < 0 ? [...open.lists, { style: style.name, indent }] : open.lists.slice(0, known + 1);
    const letter = style.name === "letter" ? (/[a-z]/u.exec(words)?.[0] ?? "") : open.letter;
    open = { ...open, lists, letter };
    return `${" ".repeat(indent)}- ${words.replace(style.line, "")}`;
  };
  return markdown.split("\n").map(readLine).join("\n");
}

/**
 * The style of the marker a line begins with. A style that is not open yet opens with its first sign ("a)", "(i)", "(1)")
 * alone, and a dash only after a blank line: anywhere else it is a part of the sentence.
 */
function styleOf(words: string, { lists, letter }: Open, isAfterBlank: boolean): Style | undefined {
  const hits = styles.filter(({ name, line, first }) => {
    if (!line.test(words)) return false;
    const opens = first.test(words) && (name !== "dash" || isAfterBlank);
    return opens || lists.some((one) => one.style === name);
  });
  // "i)" after "h)" goes on in letters; after any other letter it is the first of Roman numerals.
  const goesOn = hits.find((hit) => hit.name === lists.at(-1)?.style);
  const isFirstRoman = /^\(?i\)/u.test(words) && letter !== "h";
  return isFirstRoman ? (hits.find((hit) => hit.name === "roman") ?? goesOn) : (goesOn ?? hits[0]);
}
