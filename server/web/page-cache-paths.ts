/**
 * What a public address depends on, by name: "directory", "log", "charter/<slug>", "organization/<slug>". Next pages cannot say
 * it in a header, so it is derived from the path, in this one table. Undefined: not a public page; nothing is kept.
 */
export function scopesOf(pathname: string): readonly string[] | undefined {
  for (const [pattern, scopes] of table) {
    const match = pattern.exec(pathname);
    if (match) return scopes(match[1] ?? "");
  }
  return undefined;
}

/** Addresses that answer in JSON, also when they refuse. */
export function isApi(pathname: string): boolean {
  return pathname === "/api/v1" || pathname.startsWith("/api/v1/");
}

const slug = "([a-z0-9-]{1,80})";
const charter = (name: string): string[] => [`charter/${name}`];
// An organization's page also prints titles of charters, which change with acts of others.
const organization = (name: string): string[] => [`organization/${name}`, "directory"];
const directory = (): string[] => ["directory"];

const table: readonly (readonly [RegExp, (slug: string) => string[]])[] = [
  // Next would take it for the same page, as data.
  [/\.rsc$/, () => []],
  [/^\/(?:charters|verify|sitemap\.xml|robots\.txt)?$/, directory],
  [new RegExp(`^/c/${slug}(?:/[^/]+){0,3}$`), charter],
  [new RegExp(`^/o/${slug}$`), organization],
  [/^\/api\/v1\/(?:charters|openapi\.json)$/, directory],
  [new RegExp(`^/api/v1/charters/${slug}(?:/[^/]+){0,3}$`), charter],
  [new RegExp(`^/api/v1/organizations/${slug}$`), organization],
  // The log grows with every public act, and a moment later its checkpoint.
  [/^\/log\/(?:checkpoint|consistency|entries|policy|blob\/[0-9a-f]{64})$/, () => ["directory", "log"]],
  // Everything else below these is nothing, and is answered like it.
  [/^\/(?:c|o|log|api\/v1)(?:\/.*)?$/, () => []],
];
