/**
 * The part of zod that the records are read with, for the verifier alone: it is built with this file in zod's stead, so that
 * whoever reads `concordat.mjs` to the end has read a hundred lines of it and not twenty thousand. The same methods, the same
 * answers; the tests hold the two against each other. A method that is missing here fails the build's tests, never silently.
 */

/** What a value is that is not of its shape. */
const no = Symbol("no");
type Reader = (value: unknown) => unknown;

type Shape = {
  /** The value as it was read, or `no`. */
  readonly read: Reader;
  /** For members of an object: whether the key may be absent. */
  readonly isOptional: boolean;
  parse(value: unknown): unknown;
  safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: Error };
  refine(holds: (value: never) => unknown, why?: unknown): Shape;
  nullable(): Shape;
  optional(): Shape;
  nullish(): Shape;
  min(least: number): Shape;
  max(most: number): Shape;
  length(exact: number): Shape;
  regex(pattern: RegExp): Shape;
  toLowerCase(): Shape;
};

function shape(read: Reader, isOptional = false): Shape {
  const when = (holds: (value: unknown) => unknown): Shape =>
    shape((value) => {
      const found = read(value);
      return found !== no && holds(found) ? found : no;
    });
  return {
    read,
    isOptional,
    parse(value) {
      const found = read(value);
      if (found === no) throw new SyntaxError("A value is not of its kind.");
      return found;
    },
    safeParse(value) {
      const found = read(value);
      if (found === no) return { success: false, error: new SyntaxError("A value is not of its kind.") };
      return { success: true, data: found };
    },
    // The caller's predicate takes what this shape reads; it is only called with that.
    refine: (holds) => when((value) => holds(value as never)),
    nullable: () => shape((value) => (value === null ? null : read(value)), isOptional),
    optional: () => shape((value) => (value === undefined ? undefined : read(value)), true),
    nullish: () => shape((value) => (value === null || value === undefined ? value : read(value)), true),
    min: (least) => when((value) => sizeOf(value) >= least),
    max: (most) => when((value) => sizeOf(value) <= most),
    length: (exact) => when((value) => sizeOf(value) === exact),
    regex: (pattern) => when((value) => typeof value === "string" && pattern.test(value)),
    toLowerCase: () => shape((value) => lower(read(value)), isOptional),
  };
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "number" ? value : Number.NaN;
}

function lower(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}

const text = shape((value) => (typeof value === "string" ? value : no));
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z$/;
const uuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$/;
const sameUuid = /^(?:0{8}-0{4}-0{4}-0{4}-0{12}|f{8}-f{4}-f{4}-f{4}-f{12})$/;
const base64 = /^(?:[0-9a-zA-Z+/]{4})*(?:[0-9a-zA-Z+/]{2}==|[0-9a-zA-Z+/]{3}=)?$/;

type Members = Readonly<Record<string, Shape>>;
type ObjectShape = Shape & { readonly members: Members; extend(more: Members): ObjectShape };

/** What becomes of keys that no member names: refused, dropped, or kept. */
type Others = "strict" | "strip" | "loose";

function object(members: Members, others: Others): ObjectShape {
  const entries = Object.entries(members);
  const whole = shape((value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return no;
    const found: Record<string, unknown> = others === "loose" ? { ...value } : {};
    let known = 0;
    for (const [key, member] of entries) {
      const isGiven = Object.hasOwn(value, key);
      if (!isGiven && member.isOptional) continue;
      const read = isGiven ? member.read(Reflect.get(value, key)) : no;
      if (read === no) return no;
      found[key] = read;
      known += 1;
    }
    return others !== "strict" || known === Object.keys(value).length ? found : no;
  });
  return { ...whole, members, extend: (more) => object({ ...members, ...more }, others) };
}

function firstOf(shapes: readonly Shape[]): Shape {
  return shape((value) => {
    for (const one of shapes) {
      const found = one.read(value);
      if (found !== no) return found;
    }
    return no;
  });
}

/** The first of the shapes that a value is of; those whose own literal is another are not even tried. */
function chosenBy(key: string, shapes: readonly (Shape & { readonly members?: Members })[]): Shape {
  return shape((value) => {
    if (typeof value !== "object" || value === null) return no;
    const kind: unknown = Reflect.get(value, key);
    for (const one of shapes) {
      if (one.members?.[key]?.read(kind) === no) continue;
      const found = one.read(value);
      if (found !== no) return found;
    }
    return no;
  });
}

export const z = {
  string: () => text,
  boolean: () => shape((value) => (typeof value === "boolean" ? value : no)),
  int: () => shape((value) => (Number.isSafeInteger(value) ? value : no)),
  unknown: () => shape((value) => value, true),
  literal: (only: unknown) => shape((value) => (value === only ? value : no)),
  enum(values: readonly unknown[]) {
    return { ...shape((value) => (values.includes(value) ? value : no)), options: values };
  },
  array: (member: Shape) =>
    shape((value) => {
      if (!Array.isArray(value)) return no;
      const found = value.map(member.read);
      return found.includes(no) ? no : found;
    }),
  object: (members: Members) => object(members, "strip"),
  strictObject: (members: Members) => object(members, "strict"),
  looseObject: (members: Members) => object(members, "loose"),
  union: firstOf,
  discriminatedUnion: chosenBy,
  uuid: () => text.refine((value: string) => uuid.test(value) || sameUuid.test(value)),
  base64: () => text.regex(base64),
  url: () => shape((value) => (typeof value === "string" && URL.canParse(value.trim()) ? value.trim() : no)),
  iso: {
    datetime: () => text.refine((value: string) => instant.test(value) && !Number.isNaN(Date.parse(value))),
  },
  prettifyError: (error: Error) => error.message,
} as const;
