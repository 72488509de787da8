const slugLengthMax = 60;

/** A title as it stands in an address: lower case, a-z, 0-9 and single hyphens; `fallback` when nothing of it is left. */
export function slugOf(title: string, fallback: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, slugLengthMax)
    .replace(/^-+|-+$/g, "");
  return words === "" ? fallback : words;
}
