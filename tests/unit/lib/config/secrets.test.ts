import { chmod, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSecret } from "#lib/config/secrets.ts";

let dataFolder: string;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "concordat-secret-"));
});
afterEach(async () => {
  await rm(dataFolder, { recursive: true, force: true });
});

test("a secret that was not given is made once, for its owner alone, and found again", async () => {
  const first = await loadSecret({ secret: undefined, dataFolder });
  expect(first).toHaveLength(32);
  expect((await stat(join(dataFolder, "secret"))).mode & 0o777).toBe(0o600);
  expect(await loadSecret({ secret: undefined, dataFolder })).toEqual(first);
});

test("a secret that others may read stops the start", async () => {
  await loadSecret({ secret: undefined, dataFolder });
  await chmod(join(dataFolder, "secret"), 0o644);
  await expect(loadSecret({ secret: undefined, dataFolder })).rejects.toThrow("close it with chmod 600");
});

test("a given secret wins and is written nowhere", async () => {
  const secret = "0123456789abcdef0123456789abcdef";
  expect(await loadSecret({ secret, dataFolder })).toEqual(new TextEncoder().encode(secret));
  await expect(stat(join(dataFolder, "secret"))).rejects.toThrow();
});
