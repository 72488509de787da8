import { randomFillSync } from "node:crypto";
import { expect, test } from "vitest";
import { headingOf, numbered } from "#lib/domain/charter-text.ts";
import { bodyText } from "#lib/domain/clause-diff.ts";
import { exportMarkdown } from "#lib/domain/export-markdown.ts";
import { importMarkdown } from "#lib/domain/import-markdown.ts";
import { templates, templateText } from "#lib/domain/templates.ts";
import { cpuTimeOf } from "#tests/support/cpu-time.ts";

const random = (bytes: Uint8Array<ArrayBuffer>) => randomFillSync(bytes);

test("headings and list items become clauses, numbers are computed", () => {
  expect(
    outline(`# Accord on Fair Dealing

We, the organizations, agree.

## 1. Commitments

1. Pay fairly
   1. and on time
2. Report yearly

## Final provisions

### Withdrawal
With notice.
`),
  ).toEqual([
    "title: Accord on Fair Dealing",
    "preamble  Preamble | We, the organizations, agree.",
    "section 1 Commitments",
    "clause 1.1 Pay fairly",
    "clause 1.1.1 and on time",
    "clause 1.2 Report yearly",
    "final 2 Final provisions",
    "clause 2.1 Withdrawal | With notice.",
  ]);
});

test("definitions and annexes are recognised by their headings", () => {
  expect(
    outline(`# T

## Definitions
- **Signatory** means an organization that has signed.

## Annex A: Form
- Period
`),
  ).toEqual([
    "title: T",
    "section 1 Definitions",
    "definition 1.1 Signatory | Signatory means an organization that has signed.",
    "annex A Form",
    "clause A.1 Period",
  ]);
});

test("an annex that is named by its letter alone is not named twice", () => {
  const { text } = importMarkdown("# T\n\n## S\n\n- x\n\n## Annex A\n\n- y\n\n# Annex B: Form\n\n- z\n", "en", random);
  expect(numbered(text.clauses).map(headingOf)).toEqual(["S", "", "Annex A", "", "Annex B: Form", ""]);
  const again = importMarkdown(exportMarkdown(text), "en", random).text;
  expect(numbered(again.clauses).map(headingOf)).toEqual(numbered(text.clauses).map(headingOf));
});

test.each([
  ["hyphens", "- pay\n- report\n  - yearly\n"],
  ["bullets of a word processor", "• pay\n• report\n– yearly\n".replace("– yearly", "  - yearly")],
  ["dashes", "– pay\n– report\n  - yearly\n"],
  ["letters and Roman numerals", "(a) pay\n(b) report\n(i) yearly\n"],
  ["bare letters", "a) pay\nb) report\ni) yearly\n"],
  ["figures in parentheses", "(1) pay\n(2) report\n(a) yearly\n"],
  ["numbers with letters below", "1. pay\n2. report\n(a) yearly\n"],
])("items of a list by %s become clauses of their own, and those below them sub-clauses", (_name, list) => {
  expect(outline(`# T\n\n## S\n\n${list}`).slice(2)).toEqual([
    "clause 1.1 pay",
    "clause 1.2 report",
    "clause 1.2.1 yearly",
  ]);
});

test("letters and dashes inside a sentence, and what stands in code, are no list", () => {
  const words = "It is a) paid\n– always –\n(c) and late";
  expect(outline(`# T\n\n## S\n\n${words}\n`).slice(2)).toEqual(["clause 1.1 It is a) paid – always – (c) and late"]);
  expect(outline("# T\n\n## S\n\n```\na) kept\n```\n").slice(2)).toEqual(["clause 1.1 a) kept"]);
});

test("list items that cannot be clauses stay where they are, and a note says which", () => {
  const { text, notes } = importMarkdown("# T\n\nRecalling\n\n- this\n- that\n\n## S\n\n- x\n", "en", random);
  expect(text.clauses[0]?.body.map((one) => one.kind)).toEqual(["p", "li", "li"]);
  expect(notes).toEqual([{ line: 5, note: expect.stringContaining("preamble") }]);
});

test("more paragraphs than a charter may have clauses are refused, and the sentence says what to do", () => {
  const read = () => importMarkdown(`# T\n\n## S\n\n${"x\n\n".repeat(2_001)}`, "en", random);
  expect(read).toThrow(expect.objectContaining({ code: "too-large" }));
  expect(read).toThrow(/2,000 .*two charters/);
});

test("a long list of clauses with bold headings is no attack on the parser", () => {
  const list = Array.from({ length: 500 }, (_, at) => `- **Duty ${at}.** It is *kept*.`).join("\n");
  expect(importMarkdown(`# T\n\n## S\n\n${list}\n`, "en", random).text.clauses).toHaveLength(501);
});

test("markup is dropped, words and link targets stay, and HTML is left out with its line", () => {
  const { text, notes } = importMarkdown(
    "# T\n\n## S\n\n- *Pay* **fairly**, see [the law](https://law.example.org)\n\n<script>alert(1)</script>\n",
    "en",
    random,
  );
  expect(bodyText(text.clauses[1]?.body ?? [])).toBe("Pay fairly, see the law (https://law.example.org)");
  expect(notes).toEqual([{ line: 7, note: "HTML was left out." }]);
});

test("ids are made here, whatever the Markdown says", () => {
  const { text } = importMarkdown("# T\n\n## S {#aaaaaaaaaaaa}\n\n- x\n", "en", random);
  const ids = text.clauses.map((one) => one.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).not.toContain("aaaaaaaaaaaa");
});

test.each([
  ["more than 1 MiB", "a".repeat(1_048_577), "too-large", /1048576/],
  ["a hundred thousand headings", "# x\n".repeat(100_000), "too-large", /Line 2001:/],
  ["a paragraph of asterisks", `# T\n\n${"*a ".repeat(50_000)}`, "malformed", /Line 3:/],
  ["a bomb of links", `# T\n\n${"[".repeat(50_000)}`, "malformed", /Line 3:/],
  ["quotations nested a thousand deep", `${">".repeat(1_000)} x`, "malformed", /Line 1:/],
  [
    "four thousand list items",
    `# T\n\n## S\n\n${"- x\n".repeat(4_000)}`,
    "too-large",
    /Line 2003: .* 2,000 .*two charters/,
  ],
  ["markup in lines that only look like items", `- x\n${"        - *a *b\n".repeat(5_000)}`, "malformed", /Line 1002:/],
  ["a list nested by indentation two hundred deep", nestedList(200), "malformed", /Line 26:/],
  ["a paragraph of a hundred thousand lines", "word\n".repeat(100_000), "malformed", /Line 2001:/],
  ["a binary file", "PK\u0003\u0004\0\0", "malformed", /Line 1:/],
  ["nothing at all", "\n\n", "malformed", /no text/],
])("%s is refused within two seconds, with the line", (_name, markdown, code, message) => {
  const refuse = () =>
    expect(() => importMarkdown(markdown, "en", random)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  expect(cpuTimeOf(refuse)).toBeLessThan(2_000);
});

test("lists nested deeper than a clause can be become points of it", () => {
  const { text } = importMarkdown(`# T\n\n## S\n\n${nestedList(5)}`, "en", random);
  expect(text.clauses.map((one) => one.level)).toEqual([0, 1, 2, 3]);
  expect(text.clauses[3]?.body.slice(1)).toEqual([
    { kind: "li", level: 1, text: "item 3" },
    { kind: "li", level: 2, text: "item 4" },
  ]);
});

test.each(templates.map((one) => one.key))(
  "the text of %s survives an export and an import, but for its ids",
  (key) => {
    const text = templateText(key, random);
    const again = importMarkdown(exportMarkdown(text), "en", random).text;
    const plain = (one: typeof text) => one.clauses.map(({ id: _id, ...rest }) => rest);
    expect(again.title).toBe(text.title);
    expect(plain(again)).toEqual(plain(text));
  },
);

test("no word of a clause becomes markup in an export", () => {
  const markdown = exportMarkdown({
    title: "# not <b>a</b> heading",
    language: "en",
    clauses: [
      {
        id: "a".repeat(12),
        kind: "clause",
        level: 1,
        heading: "",
        body: [{ kind: "p", text: "1. no list\n- *none* [x](y) <script>" }],
      },
    ],
  });
  const again = importMarkdown(markdown, "en", random).text;
  expect(again.title).toBe("# not <b>a</b> heading");
  expect(again.clauses).toHaveLength(1);
  expect(bodyText(again.clauses[0]?.body ?? [])).toBe("1. no list\n- *none* [x](y) <script>");
});

function outline(markdown: string): string[] {
  const { text } = importMarkdown(markdown, "en", random);
  return [
    `title: ${text.title}`,
    ...numbered(text.clauses).map((one) =>
      [`${one.kind} ${one.number} ${[one.heading, bodyText(one.body)].filter(Boolean).join(" | ")}`].join(""),
    ),
  ];
}

function nestedList(depth: number): string {
  return Array.from({ length: depth }, (_, at) => `${"  ".repeat(at)}- item ${at}`).join("\n");
}
