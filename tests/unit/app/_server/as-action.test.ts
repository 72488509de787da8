import { expect, test, vi } from "vitest";
import { z } from "zod";
import { asAction } from "#app/_server/as-action.ts";
import { formText } from "#app/_server/form.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

// The package throws outside of a server build; here its absence is all that is wanted.
vi.mock("server-only", () => ({}));

const given = (value: unknown): FormData => (value instanceof FormData ? value : JSON.parse(JSON.stringify(value)));

test.each([
  ["an id that is none", () => parse(z.strictObject({ charterId: RowId }), { charterId: "x" })],
  ["a field too many", () => parse(z.strictObject({}), { isAdmin: true })],
  ["a list in place of a form", () => formText(given([]), "reason")],
  ["an object in place of a form", () => formText(given({}), "reason")],
])("an action that is called with %s says what to do, and is no failure of the server", async (_name, work) => {
  const answer = await asAction(async () => work());
  expect(answer).toMatchObject({
    ok: false,
    code: "malformed",
    message: expect.stringContaining("Load the page again"),
  });
});

test("what a schema says for people is passed on as it is", async () => {
  const answer = await asAction(async () => parse(z.string().min(1, "Give the legal name."), ""));
  expect(answer).toMatchObject({ ok: false, message: "Give the legal name." });
});
