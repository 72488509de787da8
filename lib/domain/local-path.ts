/**
 * Where to go next, when `text` is a path within the installation; else `otherwise`. Everything a browser could read as another
 * site is turned down: "//evil", "/\evil", "https:evil", escapes of these, control characters, tabs and newlines.
 */
export function localPath(text: string | null | undefined, otherwise: string): string {
  if (!text || text.length > 500 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return otherwise;
  try {
    if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(decodeURIComponent(text.split(/[?#]/)[0] ?? ""))) return otherwise;
  } catch {
    return otherwise;
  }
  const base = "https://base.invalid";
  const url = new URL(text, base);
  return url.origin === base && !url.pathname.startsWith("//") ? url.pathname + url.search + url.hash : otherwise;
}
