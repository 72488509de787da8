import { z } from "zod";
import { organizationClasses } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { rowStatuses } from "#lib/domain/signatory-rows.ts";

/** A refused query string: the field that was wrong, by name. */
export class QueryRefusal extends Refusal {
  readonly field: string;

  constructor(field: string, message: string) {
    super("malformed", message);
    this.field = field;
  }
}

/** What Next hands to a page, and what `readSearchParams` makes of an address: a list where a name came twice. */
export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

const Text = z.string().max(100, "Use at most 100 characters.");
const Country = z.string().regex(/^[A-Z]{2}$/, "Give a country as two capital letters.");
const Version = z
  .string()
  .regex(/^[1-9]\d{0,5}$/, "Give the number of a version.")
  .transform(Number);

/** The sentence of the counting and sorting controls; a leading minus turns the order around. */
export const signatorySorts = ["date", "-date", "name", "-name", "country", "-country"] as const;

/** How the list of signatories is asked for, on the page, as CSV, as JSON and in the API alike. */
export const SignatoryQuery = z.strictObject({
  q: Text.optional(),
  country: Country.optional(),
  class: z.enum(keysOf(organizationClasses), "Choose one of the classes.").optional(),
  sector: Text.optional(),
  status: z.enum(rowStatuses, "Choose standing, withdrawing, disputed, withdrawn or lapsed.").optional(),
  joined: z.enum(["initial", "later"], "Choose initial or later.").optional(),
  version: Version.optional(),
  sort: z.enum(signatorySorts, "Sort by date, name or country.").default("date"),
  asOf: z.union([z.iso.date(), z.iso.datetime()], "Give a day such as 2027-03-12, or a UTC instant.").optional(),
  cursor: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]+$/, "This is not a cursor that an earlier page gave.")
    .optional(),
});
export type SignatoryQuery = z.infer<typeof SignatoryQuery>;

/** How the directory of charters is asked for. */
export const DirectoryQuery = z.strictObject({
  q: Text.optional(),
  status: z.enum(["open", "in-effect", "closed"], "Choose open, in-effect or closed.").optional(),
  cursor: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9_-]+$/, "This is not a cursor that an earlier page gave.")
    .optional(),
});
export type DirectoryQuery = z.infer<typeof DirectoryQuery>;

/** A page of an unfiltered list. */
export const PageQuery = DirectoryQuery.pick({ cursor: true });
export type PageQuery = z.infer<typeof PageQuery>;

/** Which text a fingerprint belongs to. Spaces and capitals are forgiven, since fingerprints are printed in groups. */
export const HashQuery = z.strictObject({
  hash: z
    .string()
    .max(200)
    .transform((text) => text.replace(/[\s:]/g, "").toLowerCase())
    .pipe(z.string().regex(/^[0-9a-f]{64}$/, "A fingerprint has 64 characters of 0–9 and a–f."))
    .optional(),
});

const Position = z.string().regex(/^(?:0|[1-9]\d{0,14})$/, "Give a position in the log, counted from 0.");

/** Which entries of the log: from a position (0) up to, not including, another (the end of what is signed). */
export const LogQuery = z.strictObject({ from: Position.default("0"), to: Position.optional() });
export type LogQuery = z.infer<typeof LogQuery>;

/** Nothing may be asked here. */
export const NoQuery = z.strictObject({});

/** What the report page may be told about the report that was just sent. */
export const ReportQuery = z.strictObject({
  clause: z
    .string()
    .regex(/^[a-z0-9]{12}$/, "This is not the id of a clause.")
    .optional(),
  sent: z.literal("1").optional(),
  problem: z.enum(["malformed", "too-many", "not-permitted", "failed"]).optional(),
});

/**
 * Reads a query string by a strict schema. Fields left empty count as not given, because forms send them so.
 *
 * @throws {QueryRefusal} malformed, naming the first field that was wrong.
 */
export function parseQuery<T>(schema: z.ZodType<T>, raw: RawQuery): T {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined && value !== ""));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === "unrecognized_keys") {
    const field = issue.keys[0] ?? "";
    throw new QueryRefusal(field, `${shorten(field)}: there is no such field here.`);
  }
  const field = String(issue?.path[0] ?? "");
  const isList = Array.isArray(raw[field]);
  throw new QueryRefusal(
    field,
    `${shorten(field)}: ${isList ? "Give this once." : (issue?.message ?? "This is malformed.")}`,
  );
}

/** The search parameters of an address as a plain value; a name that comes twice becomes a list. */
export function readSearchParams(search: URLSearchParams): RawQuery {
  const raw: Record<string, string | readonly string[]> = Object.create(null);
  for (const name of new Set(search.keys())) {
    const values = search.getAll(name);
    raw[name] = values.length === 1 ? (values[0] ?? "") : values;
  }
  return raw;
}

function shorten(field: string): string {
  return field.length > 40 ? `${field.slice(0, 40)}…` : field;
}

function keysOf<T extends object>(value: T): [keyof T & string, ...(keyof T & string)[]] {
  // Object.keys of a const object with at least one key gives exactly its keys.
  return Object.keys(value) as [keyof T & string, ...(keyof T & string)[]];
}
