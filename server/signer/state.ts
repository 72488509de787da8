import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { sync } from "./log-key.ts";

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What the signer remembers outside the database: the last head it put its name to, and the leaf of the first entry, in hex. */
const SignerState = z.strictObject({
  origin: z.string(),
  genesis: Hash,
  size: z.int().min(0),
  root: Hash,
});
export type SignerState = z.infer<typeof SignerState>;

/** Where a signer with its data in `folder` keeps its memory. */
function stateFile(folder: string): string {
  return join(folder, "log-state.json");
}

/**
 * The remembered head, or undefined before the first.
 *
 * @throws {Error} when the file is there and can not be read: signing on a guess could fork the log.
 */
export async function readState(folder: string): Promise<SignerState | undefined> {
  const file = stateFile(folder);
  try {
    return SignerState.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new Error(`The signer's memory in ${file} cannot be read; nothing is signed until it is restored.`, {
      cause,
    });
  }
}

/**
 * Remembers a head, durably: it is on the disk when this resolves. Called before the checkpoint is handed out, so that a
 * crash in between leaves a head that we remember and nobody saw; never one that was seen and forgotten.
 */
export async function writeState(folder: string, state: SignerState): Promise<void> {
  const file = stateFile(folder);
  const fresh = `${file}.new`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(fresh, `${JSON.stringify(SignerState.parse(state))}\n`, { mode: 0o600 });
  await sync(fresh);
  await rename(fresh, file);
  await sync(dirname(file));
}

/** Forgets the log of a demo world that was emptied. The memory of any other log stays. */
export async function forgetDemoState(folder: string): Promise<void> {
  const state = await readState(folder);
  if (state?.origin.endsWith("/demo/log")) await rm(stateFile(folder));
}
