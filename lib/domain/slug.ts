const slugLengthMax = 60;

/**
 * A title as it stands in an address: lower case, a-z, 0-9 and single hyphens, cut between two words where it is long;
 * `fallback` when nothing of it is left.
 */
export function slugOf(title: string, fallback: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return words === "" ? fallback : cut(words);
}

/** An address is for good: it ends with a whole word, unless one word alone is too long. */
function cut(words: string): string {
  if (words.length <= slugLengthMax) return words;
  const end = words.lastIndexOf("-", slugLengthMax);
  return words.slice(0, end > 0 ? end : slugLengthMax);
}
