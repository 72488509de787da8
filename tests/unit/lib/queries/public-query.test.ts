import { expect, test } from "vitest";
import {
  DirectoryQuery,
  HashQuery,
  NoQuery,
  parseQuery,
  QueryRefusal,
  readSearchParams,
  SignatoryQuery,
} from "#lib/queries/public-query.ts";

test.each([
  ["an unknown field", SignatoryQuery, "page=2", "page"],
  ["a list where one value belongs", SignatoryQuery, "q=a&q=b", "q"],
  ["brackets in the name", SignatoryQuery, "q[]=a", "q[]"],
  ["a version that is no number", SignatoryQuery, "version=NaN", "version"],
  ["a negative version", SignatoryQuery, "version=-1", "version"],
  ["a version in exponents", SignatoryQuery, "version=1e9", "version"],
  ["a day that no calendar has", SignatoryQuery, "asOf=2027-02-30", "asOf"],
  ["an instant with a zone of its own", SignatoryQuery, "asOf=2027-02-03T10:00:00%2B01:00", "asOf"],
  ["a class that does not exist", SignatoryQuery, "class=empire", "class"],
  ["a sort nobody offered", SignatoryQuery, "sort=legalName", "sort"],
  ["a search of ten thousand characters", DirectoryQuery, `q=${"x".repeat(10_000)}`, "q"],
  ["the prototype", NoQuery, "__proto__=1", "__proto__"],
  ["half a fingerprint", HashQuery, "hash=abcd", "hash"],
  ["a cursor with markup", DirectoryQuery, "cursor=%3Cscript%3E", "cursor"],
])("%s is refused with the field by name", (_name, schema, search, field) => {
  const refusal = refusalOf(() => parseQuery<unknown>(schema, readSearchParams(new URLSearchParams(search))));
  expect(refusal.field).toBe(field);
  expect(refusal.message.startsWith(`${field}: `)).toBe(true);
  expect(refusal.code).toBe("malformed");
});

test("fields that a form sends empty count as not given", () => {
  expect(parseQuery(SignatoryQuery, readSearchParams(new URLSearchParams("q=&country=&asOf=&sort=name")))).toEqual({
    sort: "name",
  });
});

test("a fingerprint may be pasted in groups and in capitals", () => {
  const groups = "ABCDEF01 ".repeat(8);
  expect(parseQuery(HashQuery, { hash: groups }).hash).toBe("abcdef01".repeat(8));
});

function refusalOf(work: () => unknown): QueryRefusal {
  try {
    work();
  } catch (error) {
    if (error instanceof QueryRefusal) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}
