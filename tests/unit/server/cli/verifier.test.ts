import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";
import { verifyEvidence } from "#lib/ledger/evidence.ts";
import { decodeUtf8, encodeUtf8 } from "#lib/ledger/hash.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { formatStatement, parseStatement } from "#lib/ledger/statement.ts";
import { buildVerifier } from "#server/cli/build-verifier.mjs";
import { runVerifier } from "#server/cli/verifier.ts";
import { machineDoors } from "#server/cli/verifier-doors.ts";
import { allEntries, logSecretKey, origin } from "#tests/unit/lib/ledger/log-samples.ts";
import { keyStatement, ownSecret, policyText, sampleReceipt } from "#tests/unit/lib/ledger/receipt-samples.ts";

const bundles = fileURLToPath(new URL("../../../vectors/bundles/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "concordat-verifier-"));
const file = (name: string) => join(folder, name);

/** What judges. Around it stand the readers of the formats (statements, entries, versions, policies) and the list of signatories. */
const coreFiles = [
  "hash",
  "jcs",
  "merkle",
  "signed-note",
  "checkpoint",
  "tlog-proof",
  "public-key",
  "evidence",
  "require-that",
  "signed-act",
  "act-rules",
  "entry-rules",
  "log-state",
  "audit-log",
  "later-rules",
  "trust",
  "verify-receipt",
];

type Run = { status: number | null; stdout: string; stderr: string };

/** Runs the program as a reader does: the one file and nothing else. */
function program(...args: string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [file("concordat.mjs"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** The same without a process of its own, with the real files of this machine. */
function concordat(...args: string[]): Run {
  let stdout = "";
  const print = (line: string) => {
    stdout += `${line}\n`;
  };
  const write = (text: string) => {
    stdout += text;
  };
  return { status: runVerifier(args, { ...machineDoors, print, write }), stdout, stderr: "" };
}

beforeAll(async () => {
  await buildVerifier(folder);
  writeFileSync(file("policy.txt"), policyText);
  writeFileSync(file("receipt.json"), sampleReceipt().bytes);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the program", () => {
  test("stands alone in one file without dependencies and without a network", () => {
    const source = readFileSync(file("concordat.mjs"), "utf8");
    const imports = [...source.matchAll(/^\s*import .* from "([^"]+)"/gm)].map(([, name]) => name);
    expect([...new Set(imports)].sort()).toEqual(["node:crypto", "node:fs"]);
    expect(source).not.toContain("node_modules");
    expect(source).not.toMatch(/\bfetch\(|XMLHttpRequest|WebSocket|node:(http|https|net|dns)/);
  });

  test("judges by a core that a person can read in an afternoon: at most 1,000 lines, without files, clock and network", () => {
    const parts = [
      ...readFileSync(file("concordat.mjs"), "utf8").matchAll(/^\/\/ lib\/ledger\/(\S+)\.ts\n((?:(?!\/\/ ).*\n)*)/gm),
    ];
    const lines = new Map(
      parts.map(([, name = "", code = ""]) => [name, code.split("\n").filter((line) => line.trim() !== "")]),
    );
    const core = coreFiles.flatMap((name) => lines.get(name) ?? []);
    for (const name of coreFiles) expect(lines.get(name)).toBeDefined();
    expect(core.length).toBeLessThanOrEqual(1000);
    expect(core.join("\n")).not.toMatch(/\bDate\.now|new Date\(\)|Math\.random|process\.|console\.|require\(/);
  });

  test("judges a bundle of each exit code as expected", () => {
    for (const name of ["witnessed", "not-witnessed", "withdrawn", "step-up-code", "altered-text_fail"]) {
      const expected: unknown = JSON.parse(readFileSync(join(bundles, name, "expected.json"), "utf8"));
      const { status, stderr } = program(
        "verify",
        join(bundles, name, "receipt.json"),
        "--policy",
        join(bundles, name, "policy.txt"),
      );
      expect([name, { exit: status }, stderr]).toEqual([name, expected, ""]);
    }
  });

  test("says how it is used when it does not understand", () => {
    for (const args of [
      [],
      ["verify"],
      ["sell"],
      ["verify", "a", "b", "c"],
      ["verify", "a", "--polic", "b"],
      ["sign", "a"],
    ]) {
      expect(concordat(...args)).toMatchObject({ status: 1, stdout: expect.stringContaining("Usage:"), stderr: "" });
    }
  });
});

/** A network namespace of its own has no network at all; not every machine lets one be made. */
const isolated = spawnSync("unshare", ["-rn", "true"]).status === 0;
if (!isolated)
  test.skip("NOT CHECKED, unshare -rn is not allowed here: a receipt without any network", () => undefined);

test.skipIf(!isolated)("a receipt is verified where there is no network", () => {
  const args = [file("concordat.mjs"), "verify", file("receipt.json"), "--policy", file("policy.txt")];
  const { status, stdout } = spawnSync("unshare", ["-rn", process.execPath, ...args], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining("Valid, not witnessed") });
});

describe("exports and logs that are none get exit 2 and one sentence", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const cases: [string, string][] = [
    ["nothing", ""],
    ["NUL", "\0".repeat(1000)],
    ["words", "This is no archive.\n"],
    ["an archive of nothing", "PK\u0005\u0006".padEnd(22, "\0")],
    ["the head of an archive", "PK\u0003\u0004".padEnd(30, "\0")],
    ["JSON nested 100,000 deep", deep],
    ["a receipt", decodeUtf8(sampleReceipt().bytes)],
  ];
  test.each(cases)("%s", (_, text) => {
    const path = write("garbage", text);
    for (const args of [
      ["fsck", path],
      ["check", path, path],
      ["verify", path],
    ]) {
      const run = concordat(...args, "--policy", file("policy.txt"));
      if (args[0] === "verify" && text.startsWith("{")) continue;
      expect([args[0], run]).toMatchObject([args[0], { status: 2, stderr: "" }]);
      expect(run.stdout).toMatch(/^Invalid: [^\n]{5,400}\n$/);
    }
  });
});

describe("bad inputs get exit 1 or 2 and one sentence, never a stack, never 0", () => {
  const cases: [string, () => string, number][] = [
    ["an empty file", () => write("empty", ""), 2],
    ["NUL", () => write("nul", "\0\0\0"), 2],
    ["half a receipt", () => write("half", decodeUtf8(sampleReceipt().bytes).slice(0, 500)), 2],
    ["CRLF", () => write("crlf", `${decodeUtf8(sampleReceipt().bytes)}\r\n`), 2],
    ["a file of 1 GB", () => sparse("large", 1_000_000_000), 2],
    ["a folder", () => subfolder("folder"), 1],
    ["no file", () => file("missing"), 1],
    ["a name with NUL-like controls", () => file("\u001b]0;owned\u0007"), 1],
    ["a link to nothing", () => link("dangling", file("missing")), 1],
    ["a link to a folder", () => link("to-folder", folder), 1],
  ];
  test.each(cases)("%s", (_, make, status) => {
    const run = concordat("verify", make(), "--policy", file("policy.txt"));
    expect(run).toMatchObject({ status, stderr: "" });
    expect(run.stdout).toMatch(/^[^\n]{5,400}\n$/);
    expect(run.stdout).not.toMatch(/ at .*:\d+:\d+|(?!\n)\p{Cc}/u);
  });

  test("in its own process too, for which nothing is written to the terminal but the sentence", () => {
    expect(program("verify", file("\u001b]0;owned\u0007"))).toEqual({
      status: 1,
      stdout: expect.stringMatching(/^\P{Cc}{5,400}\n$/u),
      stderr: "",
    });
  });

  test("a link to a receipt is followed", () => {
    expect(concordat("verify", link("to-receipt", file("receipt.json")), "--policy", file("policy.txt")).status).toBe(
      3,
    );
  });

  test.each([
    ["a circle", "group G any G\nquorum G\n"],
    ["no quorum", "# nothing\n"],
    ["a control character", "quorum none\u001b[2J\n"],
    ["not UTF-8", Buffer.from([0xff, 0xfe])],
  ])("a policy with %s", (_, policy) => {
    writeFileSync(file("bad-policy.txt"), policy);
    const run = concordat("verify", file("receipt.json"), "--policy", file("bad-policy.txt"));
    expect(run).toMatchObject({ status: 1, stderr: "" });
    expect(run.stdout).toMatch(/^\P{Cc}{5,400}\n$/u);
  });
});

describe("an organization's own key", () => {
  test("is made once, readable by its owner alone", () => {
    const run = concordat("key", file("own.key"));
    expect(run).toMatchObject({ status: 0, stdout: expect.stringMatching(/v=1; k=[0-9a-f]{64}\n$/) });
    expect(statSync(file("own.key")).mode & 0o777).toBe(0o600);
    const before = readFileSync(file("own.key"), "utf8");
    expect(concordat("key", file("own.key"))).toMatchObject({ status: 1, stderr: "" });
    expect(readFileSync(file("own.key"), "utf8")).toBe(before);
  });

  test("signs the statement that names it, and no other", () => {
    writeFileSync(file("sample.key"), `${Buffer.from(ownSecret).toString("hex")}\n`);
    const name = "می‌خواهم";
    const { statement } = sampleReceipt({
      kind: "A'",
      statement: { organizationName: name },
      act: { legalName: name },
    });
    writeFileSync(file("statement.txt"), statement);
    const { status, stdout } = concordat("sign", file("statement.txt"), "--key", file("sample.key"));
    const spki = Buffer.from(JSON.parse(decodeUtf8(sampleReceipt({ kind: "A'" }).bytes)).evidence.spki, "base64");
    expect(status).toBe(0);
    expect(verifyEvidence(statement, { class: "A'", spki: spki.toString("base64"), note: stdout })?.algorithm).toBe(-8);
    writeFileSync(
      file("other.txt"),
      formatStatement({ ...parseStatement(statement), organizationKey: "0".repeat(64) }),
    );
    expect(concordat("sign", file("other.txt"), "--key", file("sample.key"))).toMatchObject({
      status: 2,
      stdout: "The statement names another key than this one; nothing was signed.\n",
    });
  });
});

describe("what is about to be signed is shown in words first", () => {
  const run = (text: string, secretFile: string, answer?: boolean) => {
    const told: string[] = [];
    let stdout = "";
    const status = runVerifier(["sign", "statement.txt", "--key", "key.pem"], {
      read: (path) => encodeUtf8(path === "key.pem" ? secretFile : text),
      writeSecret: () => undefined,
      random: (bytes) => new Uint8Array(bytes),
      print: (line) => {
        stdout += `${line}\n`;
      },
      write: (note) => {
        stdout += note;
      },
      tell: (line) => void told.push(line),
      confirm: () => answer,
    });
    return { status, stdout, told: told.join("\n") };
  };
  const hex = Buffer.from(ownSecret).toString("hex");
  const { statement } = sampleReceipt({ kind: "A'" });

  test("a signature, with who, which text and what is reserved; the note alone is the output", () => {
    const { status, stdout, told } = run(statement, hex);
    expect(status).toBe(0);
    expect(stdout.startsWith(statement)).toBe(true);
    for (const words of ["Northlight Cooperative", "General Counsel", "signs", "version 1", "With reservations to:"]) {
      expect(told).toContain(words);
    }
  });

  test("a no at the terminal signs nothing", () => {
    expect(run(statement, hex, false)).toMatchObject({ status: 1, stdout: "Nothing was signed.\n" });
    expect(run(statement, hex, true).status).toBe(0);
  });

  test("a statement about keys says what it changes", () => {
    const { status, told, stdout } = run(keyStatement.replaceAll("\n", "\r\n"), hex);
    expect(status).toBe(0);
    expect(told).toContain("is the organization’s too");
    expect(stdout.startsWith(keyStatement)).toBe(true);
  });

  test("keys are read as other tools write them, and nothing else is taken for one", () => {
    const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), ownSecret]);
    const pem = (bytes: Uint8Array) =>
      `-----BEGIN PRIVATE KEY-----\n${Buffer.from(bytes).toString("base64")}\n-----END PRIVATE KEY-----\n`;
    const tail = Buffer.concat([Buffer.from([0x81, 0x21, 0]), Buffer.alloc(32)]);
    const second = Buffer.concat([Buffer.from("3051020101300506032b657004220420", "hex"), ownSecret, tail]);
    for (const text of [hex, pem(der), pem(der).replaceAll("\n", "\r\n"), pem(second)]) {
      expect([text, run(statement, text).status]).toEqual([text, 0]);
    }
    for (const text of ["", hex.slice(2), pem(der.subarray(1)), pem(new Uint8Array(48)), pem(second.subarray(0, 60))]) {
      expect(run(statement, text)).toMatchObject({ status: 1, stdout: expect.stringContaining("does not hold") });
    }
  });
});

describe("check holds a log against checkpoints", () => {
  const log = allEntries.map((entry) => encodeEntry(entry.type === "act" ? { ...entry, number: 2 } : entry));
  const entries = log.map(decodeUtf8);
  const leaves = log.map(leafHash);
  const checkpointOf = (size: number, from = leaves) =>
    signCheckpoint({ origin, size, root: rootOf(from.slice(0, size)) }, logSecretKey);
  const run = (lines: readonly string[], older: string, now = checkpointOf(8)) => {
    const files = new Map([
      ["entries", lines.map((line) => `${line}\n`).join("")],
      ["now.txt", now],
      ["older.txt", older],
      ["policy.txt", policyText],
    ]);
    let stdout = "";
    const status = runVerifier(["check", "entries", "now.txt", "--against", "older.txt", "--policy", "policy.txt"], {
      read: (path) => encodeUtf8(files.get(path) ?? ""),
      writeSecret: () => undefined,
      random: (bytes) => new Uint8Array(bytes),
      print: (line) => {
        stdout += `${line}\n`;
      },
      write: () => undefined,
    });
    return { status, stdout };
  };

  test("a log that only grew is whole", () => {
    expect(run(entries, checkpointOf(5))).toMatchObject({ status: 0, stdout: expect.stringContaining("8 entries") });
  });

  test("a log that was another one is found out", () => {
    const other = checkpointOf(5, leaves.toReversed());
    expect(run(entries, other)).toMatchObject({ status: 2, stdout: expect.stringContaining("does not begin with") });
  });

  test("a log that its keeper made up whole, and signed, is found out by what it says", () => {
    const dropped = entries.toSpliced(4, 1);
    const now = checkpointOf(7, leaves.toSpliced(4, 1));
    expect(run(dropped, now, now)).toMatchObject({ status: 2, stdout: expect.stringContaining("entry 4: ") });
  });

  test("every dropped, doubled or exchanged entry is found out", () => {
    for (let at = 0; at < entries.length; at += 1) {
      expect(run(entries.toSpliced(at, 1), checkpointOf(5)).status).toBe(2);
    }
    expect(run([...entries.slice(1, 2), ...entries.slice(0, 1), ...entries.slice(2)], checkpointOf(5)).status).toBe(2);
    expect(run([...entries, entries[0] ?? ""], checkpointOf(5)).status).toBe(2);
  });
});

test("the sums are those of the files, and building again gives the same", async () => {
  const sums = readFileSync(file("SHA256SUMS"), "utf8");
  for (const line of sums.trimEnd().split("\n")) {
    const [sum, name = ""] = line.split("  ");
    expect(
      createHash("sha256")
        .update(readFileSync(file(name)))
        .digest("hex"),
    ).toBe(sum);
  }
  await buildVerifier(file("again"));
  expect(readFileSync(file("again/SHA256SUMS"), "utf8")).toBe(sums);
  expect(readdirSync(file("again")).sort()).toEqual(["SHA256SUMS", "concordat.mjs", "verify.html"]);
});

test("the page loads nothing and runs no script but its own", () => {
  const page = readFileSync(file("verify.html"), "utf8");
  const script = /<script>([\s\S]*)<\/script>/.exec(page)?.[1] ?? "";
  expect(page).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  expect(page).toContain("default-src 'none'");
  expect(page.slice(0, page.indexOf("<script>"))).not.toMatch(/\b(?:src|href)=/);
});

function write(name: string, text: string): string {
  writeFileSync(file(name), text);
  return file(name);
}

function sparse(name: string, size: number): string {
  writeFileSync(file(name), "");
  truncateSync(file(name), size);
  return file(name);
}

function subfolder(name: string): string {
  mkdirSync(file(name));
  return file(name);
}

function link(name: string, target: string): string {
  symlinkSync(target, file(name));
  return file(name);
}
