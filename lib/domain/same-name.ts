/** Whether two spellings name the same organization: letter case, width and runs of spaces aside. */
export function isSameName(left: string, right: string): boolean {
  return fold(left) === fold(right);
}

function fold(name: string): string {
  return name.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
}
