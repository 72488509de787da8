import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatArchive } from "#lib/ledger/archive.ts";
import { buildVerifier } from "#server/cli/build-verifier.mjs";
import { openBrowser, type TestBrowser, type Visitor } from "#tests/support/browser.ts";

/** `verify.html` as a reader has it: saved on disk, opened from there, without a network. */
const folder = mkdtempSync(join(tmpdir(), "concordat-page-"));
const vectors = fileURLToPath(new URL("../../../vectors/", import.meta.url));
let browser: TestBrowser;
let visitor: Visitor;

beforeAll(async () => {
  await buildVerifier(folder);
  browser = await openBrowser(pathToFileURL(folder).href);
  visitor = await browser.visitor({ offline: true });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

type Given = { readonly receipt: string; readonly policy?: string; readonly later?: Buffer };

async function judged({ receipt, policy, later }: Given): Promise<{ word: string; sentence: string; text: string }> {
  const { page } = visitor;
  await page.goto(pathToFileURL(join(folder, "verify.html")).href);
  if (policy) await page.getByLabel("What you trust").fill(readFileSync(policy, "utf8"));
  if (later) {
    const file = { name: "export.zip", mimeType: "application/zip", buffer: later };
    await page.getByLabel("Later export of the charter").setInputFiles(file);
  }
  await page.getByLabel("Receipt (receipt.json)").setInputFiles(receipt);
  await page.getByRole("status").waitFor();
  const textOf = async (id: string) => (await page.locator(`#${id}`).textContent()) ?? "";
  return { word: await textOf("word"), sentence: await textOf("sentence"), text: await textOf("text") };
}

test.each([
  ["witnessed", "Valid"],
  ["not-witnessed", "Valid, not witnessed"],
  ["withdrawn", "Valid, and since changed"],
  ["step-up-code", "By the keeper's word"],
  ["altered-text_fail", "Invalid"],
  ["wrong-signature_fail", "Invalid"],
])(
  "says of the receipt %s: %s",
  async (name, word) => {
    const of = (file: string) => join(vectors, "bundles", name, file);
    const verdict = await judged({ receipt: of("receipt.json"), policy: of("policy.txt") });
    expect(verdict.word).toBe(word);
    // The text is shown for reading only when it is the one that was signed.
    expect(verdict.text !== "").toBe(!name.endsWith("_fail"));
    expect(visitor.errors).toEqual([]);
  },
  120_000,
);

test.each([
  ["kept", "Promise kept"],
  ["omitted", "Omitted"],
  ["not-due", "Not due yet"],
  ["forked-log_fail", "Invalid"],
])(
  "[4] holds a sealed receipt against a later export: %s",
  async (name, word) => {
    const of = (file: string) => join(vectors, "promises", name, file);
    const log = ["checkpoint", "entries"].map((file) => ({ name: `log/${file}`, bytes: readFileSync(of(file)) }));
    const later = Buffer.from(formatArchive(log));
    const verdict = await judged({ receipt: of("sealed-receipt.json"), policy: of("policy.txt"), later });
    expect(verdict).toMatchObject({ word, sentence: expect.not.stringMatching(/^$/) });
    expect(visitor.errors).toEqual([]);
  },
  120_000,
);

test("says of a sealed receipt alone what it is, and what is needed to judge it", async () => {
  const verdict = await judged({ receipt: join(vectors, "promises", "kept", "sealed-receipt.json") });
  expect(verdict).toMatchObject({ word: "Sealed", sentence: expect.stringContaining("later export"), text: "" });
});
