import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalVersion } from "#lib/ledger/canonical-version.ts";
import { formatStatement, statementHash } from "#lib/ledger/statement.ts";
import { charterText, statements, versionPlace } from "./samples.ts";

const program = new URL("../../../python/concordat.py", import.meta.url).pathname;

function python(command: string, lines: readonly unknown[]): unknown[] {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const { status, stdout, stderr } = spawnSync("python3", [program, command], { input, maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`python3 ended with ${status}: ${stderr}`);
  return String(stdout)
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

const isPresent = spawnSync("python3", ["--version"]).status === 0;
const describeWithPython = isPresent ? describe : describe.skip;
if (!isPresent) test.skip("NOT CHECKED, python3 is absent: the independent implementation", () => undefined);

describeWithPython("an independent implementation", () => {
  test("gives the same hashes for 400 versions, whole and clause by clause", () => {
    const drawn = fc.sample(fc.record({ text: charterText, place: versionPlace }), 400);
    const ours = drawn.map(({ text, place }) => {
      const { hashHex, clauseHashes } = canonicalVersion(text, place);
      return { sha256: hashHex, clauses: clauseHashes.map(({ sha256 }) => sha256) };
    });
    expect(python("freeze", drawn)).toEqual(ours);
  });

  test("reads 200 statements and gives the same hashes", () => {
    const texts = fc.sample(statements, 200).map(formatStatement);
    const read = python("statements", texts);
    expect(read).toEqual(texts.map((text) => expect.objectContaining({ sha256: statementHash(text) })));
  });
});
