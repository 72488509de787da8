import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const Lock = z.object({ packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })) });

const manifest = Manifest.parse(JSON.parse(await readFile("package.json", "utf8")));
const lockText = await readFile("package-lock.json", "utf8");
const lock = Lock.parse(JSON.parse(lockText));

/** Below these versions there are advisories that reach us. */
const floors = [
  ["next", "16.2.6"],
  ["next-auth", "4.24.15"],
  ["nodemailer", "8.0.5"],
  ["ws", "8.17.1"],
  ["react", "19.2.6"],
  ["react-dom", "19.2.6"],
] as const;

test.each(floors)("every copy of %s in the lock file is at least %s", (name, floor) => {
  const versions = versionsOf(name);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions.filter((version) => isBelow(version, floor))).toEqual([]);
});

test("a version below a floor would be seen", () => {
  expect([isBelow("16.2.5", "16.2.6"), isBelow("8.0.11", "8.0.5"), isBelow("15.9.9", "16.2.6")]).toEqual([
    true,
    false,
    true,
  ]);
});

test("every dependency is pinned to one version", () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test.each(["yjs", "lib0", "prosemirror-model", "react", "@prisma/client"])("there is one copy of %s", (name) => {
  expect(versionsOf(name)).toHaveLength(1);
});

test("the lock file names no registry", () => {
  expect(lockText).not.toContain('"resolved"');
});

test("the lock file holds every optional package that its packages name, so that npm ci takes it on any platform", () => {
  const missing = Object.entries(lock.packages).flatMap(([place, entry]) => {
    const optional = z.record(z.string(), z.string()).catch({}).parse(entry.optionalDependencies);
    return Object.keys(optional)
      .filter((name) => !isResolvable(place, name))
      .map((name) => `${place} → ${name}`);
  });
  expect(missing).toEqual([]);
});

test("only lib/config/env.ts reads the environment", async () => {
  const files = await Promise.all(["app", "lib", "server"].map((folder) => sources(folder)));
  const readers = await Promise.all(
    files.flat().map(async (file) => ((await readFile(file, "utf8")).includes("process.env") ? [file] : [])),
  );
  expect(readers.flat()).toEqual([join("lib", "config", "env.ts")]);
});

function versionsOf(name: string): string[] {
  return Object.entries(lock.packages).flatMap(([place, { version }]) =>
    version !== undefined && (place === `node_modules/${name}` || place.endsWith(`/node_modules/${name}`))
      ? [version]
      : [],
  );
}

function isBelow(version: string, floor: string): boolean {
  const [own, wanted] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (own?.[index] ?? 0) - (wanted?.[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Node's way: beside the package, then in each node_modules above it. */
function isResolvable(place: string, name: string): boolean {
  for (let folder = place; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    if (lock.packages[folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (folder === "") return false;
  }
}

/** TypeScript of ours; the launchers in plain JavaScript hand the environment on to other programs without reading it. */
async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(join("lib", "data", "generated")));
}
