import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { entryLines } from "#lib/ledger/charter-export.ts";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { verifyPromiseKept } from "#lib/ledger/verify-promise.ts";
import { promiseFiles } from "./promise-vectors.ts";

const folder = new URL("../../../vectors/promises/", import.meta.url);
// Run by hand, alone in its commit, when the format changes.
if (process.env["CONCORDAT_FREEZE_VECTORS"]) {
  for (const [name, bytes] of promiseFiles()) {
    mkdirSync(new URL("./", new URL(name, folder)), { recursive: true });
    writeFileSync(new URL(name, folder), bytes);
  }
}

const names = existsSync(folder) ? readdirSync(folder) : [];
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const expected = (name: string): unknown => JSON.parse(Buffer.from(read(`${name}/expected.json`)).toString()).exit;

function judged(name: string, withPolicy = true, bytes?: Uint8Array) {
  const text = (file: string): string => Buffer.from(read(`${name}/${file}`)).toString();
  const retracted = new URL(`${name}/retracted.json`, folder);
  return verifyPromiseKept(
    bytes ?? read(`${name}/sealed-receipt.json`),
    { entries: entryLines(read(`${name}/entries`)), checkpoint: text("checkpoint") },
    withPolicy ? parsePolicy(text("policy.txt")) : null,
    existsSync(retracted) ? new Uint8Array(readFileSync(retracted)) : null,
  );
}

test("what is made today is what was frozen, to the byte", () => {
  const made = promiseFiles();
  expect([...new Set([...made.keys()].map((name) => name.split("/")[0]))].sort()).toEqual([...names].sort());
  for (const [name, bytes] of made) expect([name, Buffer.from(read(name)).equals(bytes)]).toEqual([name, true]);
});

test.each(names)("[4] a promise is judged as expected: %s", (name) => {
  expect(judged(name).exit).toBe(expected(name));
  expect(expected(name) === 2).toBe(name.endsWith("_fail"));
});

test("an omission is told in one sentence that names the organization, the instant and the log", () => {
  const { sentence, notes } = judged("omitted");
  expect(sentence).toMatch(/^Omitted: .*Northlight Cooperative.*by 2031-05-05T09:30.*log of 4 entries/);
  expect(notes).toEqual([]);
  expect(judged("omitted", false)).toMatchObject({ exit: 6, notes: [expect.stringMatching(/No policy/)] });
});

test("no flipped bit of a sealed receipt makes another accusation than the one that was signed", () => {
  const good = read("omitted/sealed-receipt.json");
  const accusation = judged("omitted");
  // Which passkey it was is nobody's word but the browser's: the signature does not cover it, and no verdict rests on it.
  const unsigned = /"credentialId":"([^"]*)"/d.exec(Buffer.from(good).toString())?.indices?.[1] ?? [0, 0];
  const silent: number[] = [];
  for (let at = 0; at < good.length; at += 1) {
    const bytes = Uint8Array.from(good);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
    const verdict = judged("omitted", true, bytes);
    if (verdict.exit === 2) continue;
    expect(verdict).toEqual(accusation);
    silent.push(at);
  }
  expect(silent.filter((at) => at < unsigned[0] || at >= unsigned[1])).toEqual([]);
});

const isPresent = spawnSync("python3", ["--version"]).status === 0;
if (!isPresent) test.skip("NOT CHECKED, python3 is absent: the independent verdicts on promises", () => undefined);

test.skipIf(!isPresent)("the independent verifier judges every promise as expected", () => {
  const python = fileURLToPath(new URL("../../../python/concordat.py", import.meta.url));
  const { stdout, stderr } = spawnSync("python3", [python, "promises", fileURLToPath(folder)], { encoding: "utf8" });
  const verdicts = stdout
    .split("\n")
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
  expect({ verdicts, stderr }).toEqual({
    verdicts: names.toSorted().map((name) => [name, expected(name)]),
    stderr: "",
  });
});
