import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const examples = new URL("../../../vectors/examples/", import.meta.url);
const format = readFileSync(new URL("../../../../lib/ledger/FORMAT.md", import.meta.url), "utf8");
const indented = (text: string) => text.trimEnd().replaceAll(/^(?=.)/gm, "    ");

test.each(["canonical-version.json", "statement.txt", "checkpoint.txt", "promise.txt"])(
  "the specification shows the frozen bytes of %s",
  (name) => {
    expect(format).toContain(indented(readFileSync(new URL(name, examples), "utf8")));
  },
);

test.each(["canonical-version.sha256", "statement.sha256"])("the specification states the frozen %s", (name) => {
  expect(format).toContain(readFileSync(new URL(name, examples), "utf8").trim());
});

test("the specification names every type of entry", () => {
  const types = readdirSync(examples).flatMap((name) => /^entry-(.*)\.json$/.exec(name)?.[1] ?? []);
  expect(types).toHaveLength(9);
  for (const type of types) expect(format).toContain(`| \`${type}\` |`);
});
