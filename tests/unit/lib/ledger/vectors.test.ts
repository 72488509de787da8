import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { vectorFiles } from "./vectors.ts";

const folder = new URL("../../../vectors/", import.meta.url);
const python = fileURLToPath(new URL("../../../python/concordat.py", import.meta.url));
// Run by hand, alone in its commit, when the format changes.
if (process.env["CONCORDAT_FREEZE_VECTORS"]) {
  for (const [name, bytes] of vectorFiles()) {
    mkdirSync(new URL("./", new URL(name, folder)), { recursive: true });
    writeFileSync(new URL(name, folder), bytes);
  }
}

const bundleNames = readdirSync(new URL("bundles/", folder));
const expectedExit = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`bundles/${name}/expected.json`, folder), "utf8")).exit;

test("what is made today is what was frozen, to the byte", () => {
  const made = vectorFiles();
  const onDisk = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((file) => file.isFile() && /examples|bundles/.test(file.parentPath))
    .map((file) => `${file.parentPath}/${file.name}`.slice(fileURLToPath(folder).length));
  expect([...made.keys()].sort()).toEqual(onDisk.sort());
  for (const [name, bytes] of made)
    expect([name, readFileSync(new URL(name, folder)).equals(bytes)]).toEqual([name, true]);
});

test("bundles named _fail are the invalid ones", () => {
  expect(bundleNames.length).toBeGreaterThan(40);
  for (const name of bundleNames) expect([name, expectedExit(name) === 2]).toEqual([name, name.endsWith("_fail")]);
});

test.each(bundleNames)("our verifier judges %s as expected", (name) => {
  const receipt = readFileSync(new URL(`bundles/${name}/receipt.json`, folder));
  const policy = parsePolicy(readFileSync(new URL(`bundles/${name}/policy.txt`, folder), "utf8"));
  expect(verifyReceipt(new Uint8Array(receipt), policy).exit).toBe(expectedExit(name));
});

const isPresent = spawnSync("python3", ["--version"]).status === 0;
if (!isPresent) test.skip("NOT CHECKED, python3 is absent: the independent verifier's verdicts", () => undefined);

test.skipIf(!isPresent)("the independent verifier judges every bundle as expected", () => {
  const bundles = fileURLToPath(new URL("bundles/", folder));
  const { stdout, stderr } = spawnSync("python3", [python, "judge", bundles], { encoding: "utf8" });
  const verdicts = stdout
    .split("\n")
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
  expect({ verdicts, stderr }).toEqual({
    verdicts: bundleNames.toSorted().map((name) => [name, expectedExit(name)]),
    stderr: "",
  });
});

/** Anybody's verifier can be judged: it is called as `<command> verify <receipt> <policy>` and answers by its exit code. */
const [command = "", ...words] = process.env["CONCORDAT_VERIFIER"]?.split(" ") ?? [];

if (command !== "") {
  describe("the verifier of CONCORDAT_VERIFIER agrees", () => {
    test.each(bundleNames)("on %s", (name) => {
      const files = ["receipt.json", "policy.txt"].map((file) =>
        fileURLToPath(new URL(`bundles/${name}/${file}`, folder)),
      );
      const { status, stdout, stderr } = spawnSync(command, [...words, "verify", ...files], { encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: expectedExit(name), stderr: "" });
      expect(stdout).toMatch(/^[^\n]+\n/);
    });
  });
}
