import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const Report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** One file that breaks the table, and the rule that has to see it. */
const breaches: readonly (readonly [file: string, text: string, rule: string])[] = [
  ["lib/domain/planted-up.ts", 'export { x } from "#lib/data/planted-store.ts";', "lib-domain"],
  [
    "lib/domain/planted-io.ts",
    'import { readFileSync } from "node:fs";\nexport const x = readFileSync;',
    "domain-does-no-io",
  ],
  ["lib/domain/planted-package.ts", 'import pg from "pg";\nexport const x = pg;', "domain-packages"],
  ["lib/ledger/planted.ts", 'export { x } from "#lib/data/planted-store.ts";', "lib-ledger"],
  ["lib/config/planted.ts", 'export { x } from "#lib/domain/planted-rule.ts";', "lib-config"],
  ["lib/auth/planted.ts", 'export { x } from "#lib/commands/planted-verb.ts";', "lib-auth"],
  ["lib/queries/planted.ts", 'export { x } from "#lib/commands/planted-verb.ts";', "lib-queries"],
  ["lib/commands/planted.ts", 'export { x } from "#server/planted-part.ts";', "lib-commands"],
  [
    "lib/queries/planted-prisma.ts",
    'import { PrismaPg } from "@prisma/adapter-pg";\nexport const x = PrismaPg;',
    "only-data-knows-prisma",
  ],
  ["app/planted-server.ts", 'export { x } from "#server/planted-part.ts";', "app-and-server-never-meet"],
  ["server/planted-app.ts", 'export { x } from "#app/_server/planted-glue.ts";', "server-and-app-never-meet"],
  ["app/planted-tables.ts", 'export { x } from "#lib/data/planted-store.ts";', "app-reads-no-tables"],
  ["app/planted.client.tsx", 'export { x } from "#lib/commands/planted-verb.ts";', "client-files-stay-in-the-browser"],
  ["app/planted-only.ts", 'import "server-only";\nexport const x = 1;', "server-only-in-glue"],
  ["lib/domain/planted-a.ts", 'import { b } from "./planted-b.ts";\nexport const a = () => b;', "no-cycles"],
  ["lib/domain/planted-test.ts", 'export { x } from "#tests/support/planted.ts";', "product-knows-no-tests"],
];
const ground: readonly (readonly [file: string, text: string])[] = [
  ["lib/domain/planted-rule.ts", "export const x = 1;"],
  ["lib/domain/planted-b.ts", 'import { a } from "./planted-a.ts";\nexport const b = () => a;'],
  ["lib/data/planted-store.ts", "export const x = 1;"],
  ["lib/commands/planted-verb.ts", "export const x = 1;"],
  ["server/planted-part.ts", "export const x = 1;"],
  ["app/_server/planted-glue.ts", "export const x = 1;"],
  ["tests/support/planted.ts", "export const x = 1;"],
];

let folder: string;
let found: Map<string, string[]>;

beforeAll(async () => {
  // A tree of its own: a breach planted in the real one would be seen by whoever checks at the same moment.
  folder = await mkdtemp(join(tmpdir(), "concordat-breaches-"));
  for (const name of [".dependency-cruiser.cjs", "package.json", "tsconfig.json"]) await cp(name, join(folder, name));
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  for (const [file, text] of [...ground, ...breaches]) {
    await mkdir(join(folder, dirname(file)), { recursive: true });
    await writeFile(join(folder, file), `${text}\n`);
  }
  const { summary } = await cruise(folder);
  found = new Map();
  for (const { from, rule } of summary.violations) found.set(from, [...(found.get(from) ?? []), rule.name]);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each(breaches)("a breach planted in %s is found", (file, _text, rule) => {
  expect(found.get(file) ?? []).toContain(rule);
});

test("what keeps to the table is not complained about", () => {
  const innocent = ground.map(([file]) => file).filter((file) => file !== "lib/domain/planted-b.ts");
  expect(innocent.filter((file) => found.has(file))).toEqual([]);
});

test("the real tree is read as a whole and keeps to the table", async () => {
  const { summary } = await cruise(".");
  // A checker that cannot read TypeScript says "no violations" about nothing.
  expect(summary.totalCruised).toBeGreaterThan(100);
  expect(summary.violations.map((one) => `${one.rule.name}: ${one.from}`)).toEqual([]);
});

async function cruise(cwd: string): Promise<z.infer<typeof Report>> {
  const program = resolve("node_modules", "dependency-cruiser", "bin", "dependency-cruise.mjs");
  const given = [
    program,
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "json",
    "app",
    "lib",
    "server",
    "tests",
  ];
  const { stdout } = await run(process.execPath, given, { cwd, maxBuffer: 256 * 1024 * 1024 }).catch(
    // It ends with the number of violations; what it found is on stdout all the same.
    (error: { stdout: string }) => error,
  );
  return Report.parse(JSON.parse(stdout));
}
