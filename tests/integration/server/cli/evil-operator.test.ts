import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildVerifier, bundleForNode } from "#server/cli/build-verifier.mjs";
import { EvilOperator } from "#tests/support/evil-operator.ts";
import { type KeptRecord, keepRecord } from "#tests/support/kept-record.ts";
import { attacks, type Served } from "./attacks.ts";

/**
 * Whoever holds the database, the key of the log and the key of the keeper plays every attack on a real record; a reader with the
 * program, a policy from elsewhere and what was taken home before looks at what is served. `npm run evil-operator` prints the table.
 */
let record: KeptRecord;
const folder = mkdtempSync(join(tmpdir(), "concordat-evil-"));
const file = (name: string) => join(folder, name);
const table: string[] = [];
/** The same program as a part of this process: to start it anew for each attack takes longer than the attack. */
let program: typeof import("#server/cli/verifier.ts");

beforeAll(async () => {
  await buildVerifier(folder);
  writeFileSync(file("verifier.mjs"), await bundleForNode("verifier.ts"));
  program = await import(pathToFileURL(file("verifier.mjs")).href);
  record = await keepRecord();
  writeFileSync(file("policy.txt"), record.taken.policy);
  writeFileSync(file("kept-checkpoint.txt"), record.taken.checkpoint);
  // The copies are made of a database that nobody is connected to.
  await record.world.store.close();
});
afterAll(async () => {
  await record.world.database.drop();
  rmSync(folder, { recursive: true });
  if (process.env["CONCORDAT_TABLE"]) process.stdout.write(["", ...table, ""].join("\n"));
});

test("the honest record is nowhere found wanting", () => {
  const verdict = judge({ kind: "export, and a kept checkpoint", bytes: record.taken.export });
  expect(verdict).toMatchObject({ status: 5, stderr: "" });
  expect(verdict.stdout).toContain("Recorded by the keeper, no key of the organization: 1 signed act.");
  expect(judge({ kind: "receipt", bytes: record.taken.receipt })).toMatchObject({ status: 3, stderr: "" });
  // What is judged below within this process is judged alike here.
  expect(judgeHere({ kind: "export, and a kept checkpoint", bytes: record.taken.export })).toEqual({
    status: verdict.status,
    stdout: verdict.stdout,
  });
});

describe("an operator with every right is found out, or shown for what it is, when it", () => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))("%s", async (name, attack) => {
    const evil = await EvilOperator.on(record);
    try {
      const served = await attack.play(evil);
      const { status, stdout } = judgeHere(served);
      const line = stdout.split("\n").find((one) => attack.says.test(one)) ?? "";
      table.push(
        `${String(table.length + 1).padStart(2)}  exit ${status}  ${name.padEnd(72)} ${served.kind.padEnd(30)} ${line}`,
      );
      expect({ status, stdout }).toEqual({ status: attack.exit, stdout: expect.stringMatching(attack.says) });
    } finally {
      await evil.close();
    }
  });
});

/** What a reader asks who holds a policy and what was kept. */
function question(kind: Served["kind"]): string[] {
  const words = kind === "receipt" ? ["verify"] : ["fsck"];
  const against = kind === "export, and a kept checkpoint" ? ["--against", file("kept-checkpoint.txt")] : [];
  return [...words, file("served"), ...against, "--policy", file("policy.txt")];
}

/** What the program says. */
function judgeHere({ kind, bytes }: Served) {
  const lines: string[] = [];
  const status = program.runVerifier(question(kind), {
    read: (path) => (path === file("served") ? bytes : new Uint8Array(readFileSync(path))),
    writeSecret: () => undefined,
    random: (size) => new Uint8Array(size),
    print: (line) => lines.push(`${line}\n`),
    write: (text) => lines.push(text),
  });
  return { status, stdout: lines.join("") };
}

/** What the program says, in a process of its own. */
function judge({ kind, bytes }: Served) {
  writeFileSync(file("served"), bytes);
  const args = question(kind);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file("concordat.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
