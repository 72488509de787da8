import { holderOf, type Signatory } from "./signatory-list.ts";

/** What an organization is called today; the acts keep what it was called when it signed. */
export type CurrentName = { readonly id: string; readonly slug: string | null; readonly displayName: string };

/** One organization on the list, with every period it has had there, oldest first. */
export type SignatoryRow = {
  readonly organizationId: string;
  readonly slug: string | null;
  readonly name: string;
  /** The name it signed under, when that is not what it is called now; null otherwise. */
  readonly signedAs: string | null;
  readonly legalName: string;
  readonly country: string;
  readonly class: string;
  readonly sector: string;
  readonly domain: string | null;
  /** `standing` while one signature stands without notice of withdrawal, else what is best of the others; `void` on no list of today. */
  readonly status: (typeof rowStatuses)[number] | "void";
  /** True when its first signature was an initial one. */
  readonly isInitial: boolean;
  /** The versions it signed, ascending. */
  readonly versions: readonly number[];
  readonly firstSignedAt: Date;
  readonly periods: readonly Signatory[];
};

/** Where an organization can stand on a list, the best first; of its signatures the best one says where it does. */
export const rowStatuses = ["standing", "withdrawing", "disputed", "withdrawn", "lapsed"] as const;

/** The list of signatories with one row per organization, in the order of their first acts. */
export function signatoryRows(list: readonly Signatory[], names: ReadonlyMap<string, CurrentName>): SignatoryRow[] {
  const byOrganization = new Map<string, Signatory[]>();
  for (const entry of list) {
    const periods = byOrganization.get(holderOf(entry));
    if (periods) periods.push(entry);
    else byOrganization.set(holderOf(entry), [entry]);
  }
  return [...byOrganization.values()].flatMap((periods) => rowOf(periods, names));
}

/** What a list can be narrowed by. `q` is looked for in every name the organization has or had here. */
export type RowFilter = {
  readonly q?: string | undefined;
  readonly country?: string | undefined;
  readonly class?: string | undefined;
  readonly sector?: string | undefined;
  readonly status?: (typeof rowStatuses)[number] | undefined;
  readonly joined?: "initial" | "later" | undefined;
  readonly version?: number | undefined;
};

/** The rows that pass every part of a filter. */
export function filterRows(rows: readonly SignatoryRow[], filter: RowFilter): SignatoryRow[] {
  const wanted = filter.q === undefined ? undefined : fold(filter.q);
  return rows.filter(
    (row) =>
      (filter.country === undefined || row.country === filter.country) &&
      (filter.class === undefined || row.class === filter.class) &&
      (filter.sector === undefined || row.sector === filter.sector) &&
      (filter.status === undefined || row.status === filter.status) &&
      (filter.joined === undefined || row.isInitial === (filter.joined === "initial")) &&
      (filter.version === undefined || row.versions.includes(filter.version)) &&
      (wanted === undefined || searched(row).includes(wanted)),
  );
}

/** How many rows each value of a facet would leave, given the other filters; values in alphabetical order. */
export type Facet = readonly (readonly [value: string, count: number])[];
export type Facets = Readonly<Record<"country" | "class" | "sector" | "status" | "joined" | "version", Facet>>;

/** Counts per filter: each facet is counted under all filters but its own. */
export function facetsOf(rows: readonly SignatoryRow[], filter: RowFilter): Facets {
  // The search is the same for every facet, and by far the dearest part: it is made once.
  const named = filterRows(rows, { q: filter.q });
  const facet = (key: keyof Facets, valuesOf: (row: SignatoryRow) => readonly string[]): Facet => {
    const counts = new Map<string, number>();
    for (const row of filterRows(named, { ...filter, q: undefined, [key]: undefined })) {
      for (const value of valuesOf(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
  };
  return {
    country: facet("country", (row) => [row.country]),
    class: facet("class", (row) => [row.class]),
    sector: facet("sector", (row) => [row.sector]),
    status: facet("status", (row) => [row.status]),
    joined: facet("joined", (row) => [row.isInitial ? "initial" : "later"]),
    version: facet("version", (row) => row.versions.map(String)),
  };
}

/** Sorts by date of the first act, name or country; a leading minus turns it around. Equal rows keep the order of acts. */
export function sortRows(rows: readonly SignatoryRow[], sort: string): SignatoryRow[] {
  const isDescending = sort.startsWith("-");
  const key = isDescending ? sort.slice(1) : sort;
  const sorted = [...rows];
  if (key === "name") sorted.sort((left, right) => names.compare(left.name, right.name));
  if (key === "country") sorted.sort((left, right) => names.compare(left.country, right.country));
  return isDescending ? sorted.reverse() : sorted;
}

const names = new Intl.Collator("en", { sensitivity: "base", numeric: true });

/** Letters alone: without case, accents and compatibility forms, so that "istanbul" finds "İstanbul" and "strasse" "Straße". */
export function fold(text: string): string {
  return text.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ß", "ss").trim();
}

/** What a search looks into. Rows never change, and are asked again and again: each is folded once. */
const searchedByRow = new WeakMap<SignatoryRow, string>();

function searched(row: SignatoryRow): string {
  const known = searchedByRow.get(row);
  if (known !== undefined) return known;
  const names = [row.name, row.legalName, ...row.periods.map((period) => period.organization.displayName)];
  const text = fold([...new Set(names)].join("\n"));
  searchedByRow.set(row, text);
  return text;
}

function rowOf(periods: readonly Signatory[], current: ReadonlyMap<string, CurrentName>): SignatoryRow[] {
  const first = periods.find((period) => period.status !== "void") ?? periods[0];
  const last = periods.at(-1);
  if (!first || !last) return [];
  const { organization } = last;
  const organizationId = holderOf(last);
  const now = current.get(organizationId);
  const name = now?.displayName ?? organization.displayName;
  const statuses = new Set(periods.map((period) => (period.status === "effective" ? "standing" : period.status)));
  return [
    {
      organizationId,
      slug: now?.slug ?? null,
      name,
      signedAs: signedAs(periods, name),
      legalName: organization.legalName,
      country: organization.country,
      class: organization.class,
      sector: organization.sector,
      domain: organization.domain,
      status: rowStatuses.find((status) => statuses.has(status)) ?? "void",
      isInitial: first.isInitial,
      versions: [...new Set(periods.map((period) => period.versionNumber))].sort((left, right) => left - right),
      firstSignedAt: first.signedAt,
      periods,
    },
  ];
}

/** The names it signed under that are not its name today: its own former one, and those of whoever it succeeded. */
function signedAs(periods: readonly Signatory[], name: string): string | null {
  const last = periods.at(-1);
  const names = periods
    .filter((period) => period.successorId !== null || period === last)
    .map((period) => period.organization.displayName)
    .filter((one) => one !== name);
  return names.length === 0 ? null : [...new Set(names)].join(", ");
}
