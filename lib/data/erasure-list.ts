import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";

/**
 * The list of erasures: a file beside the database, one line for each person who was erased, a hash and an instant. A backup
 * of the database that is older than an erasure brings the person back; the list does not go back with it, so that the next start
 * erases them again. The hash is of a random id: it tells nobody anything, and outlives the name.
 *
 * Whoever can add to it can have people erased at the next start; whoever shortens it can undo that with a backup.
 */
export function erasureHash(userId: string): string {
  return sha256Hex(encodeUtf8(`concordat/erasure/v1\n${userId}\n`));
}

/**
 * Adds a person to the list, durably: the line is on the disk when this resolves. Called before the erasure commits: if we die in
 * between, the next start erases, as was asked. A person may stand on it twice.
 */
export async function rememberErasure(file: string, userId: string, now: Date): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const list = await open(file, "a", 0o600);
  try {
    // A line that was cut off by a crash ends here, and does not swallow this one.
    await list.write(`\n${erasureHash(userId)} ${now.toISOString()}\n`);
    await list.sync();
  } finally {
    await list.close();
  }
  await syncFolder(dirname(file));
}

/**
 * The hashes on the list; none when there is no list yet. Lines that were cut off are no hashes.
 *
 * @throws {Error} when the list is there and can not be read: a start without it could bring erased people back.
 */
export async function readErasures(file: string): Promise<Set<string>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new Error(`The list of erasures in ${file} cannot be read; nothing starts until it can.`, { cause });
  });
  return new Set(text.split("\n").flatMap((line) => /^([0-9a-f]{64}) \S+Z$/.exec(line)?.[1] ?? []));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
