import { publishCheckpoint } from "#lib/commands/publish-checkpoint.ts";
import type { Db } from "#lib/data/store.ts";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { encodeHex, isEqualBytes } from "#lib/ledger/hash.ts";
import { GrowingTree, leafHash } from "#lib/ledger/merkle.ts";
import { type AppendedEntry, appendedSince, readLogHead } from "#lib/queries/log-growth.ts";
import type { LogKey } from "./log-key.ts";
import { readState, type SignerState, writeState } from "./state.ts";

/** How many entries are read at once. */
const pageSize = 5_000;

/** The signer found that the log is not what it signed before: shorter, forked or altered. It signs nothing any more. */
export class LogDoubt extends Error {
  override readonly name = "LogDoubt";
}

/** The process that puts the log's name to its growth, and to nothing else. */
export type Signer = {
  /**
   * Signs and publishes the log as it is now, if it has grown. Gives back the size that is published.
   *
   * @throws {LogDoubt} for good, when what was signed before is not the beginning of what is there now.
   */
  signGrowth(): Promise<number>;
};

/** Whose name is signed, with which key, and where the signer remembers what it signed. */
export type SignerOptions = {
  readonly origin: string;
  readonly key: LogKey;
  readonly folder: string;
  /** Only a demo world is ever emptied: its log then begins anew with another first entry. */
  readonly isDemo: boolean;
};

/**
 * Makes a signer. It takes an entry only with the bytes that hash to its leaf, and grows the tree with it; on its first call it
 * reads the whole log and compares it with its own memory in `folder`.
 */
export function createSigner(db: Db, { origin, key, folder, isDemo }: SignerOptions): Signer {
  const tree = new GrowingTree();
  let genesis = "";
  let lastLeaf: Uint8Array | undefined;
  let publishedSize = -1;
  /** What was remembered at the start, and the root that the log has now at that size. */
  let memory: SignerState | undefined;
  let rootThen = "";
  let doubt: LogDoubt | undefined;
  let isCompared = false;

  async function signGrowth(): Promise<number> {
    if (doubt) throw doubt;
    try {
      return await grow();
    } catch (error) {
      if (error instanceof LogDoubt) doubt = error;
      throw error;
    }
  }

  async function grow(): Promise<number> {
    if (!isCompared) memory = await readState(folder);
    const size = await readLogHead(db);
    if (size < tree.size) throw new LogDoubt(`The log has ${size} entries; ${tree.size} were there before.`);
    if (size === publishedSize) return size;
    if (size > tree.size) await requireSameEnd();
    while (tree.size < size) take(await appendedSince(db, tree.size, Math.min(size, tree.size + pageSize)), size);
    if (!isCompared) compareWithMemory();
    isCompared = true;
    if (size > 0) await publish(size);
    // Only now: a publication that failed is made up for by the next call.
    publishedSize = size;
    return size;
  }

  /** A database that was rolled back and has grown again has another entry where ours ended. */
  async function requireSameEnd(): Promise<void> {
    if (!lastLeaf) return;
    const [last] = await appendedSince(db, tree.size - 1, tree.size);
    if (last && isEqualBytes(leafHash(last.entry), lastLeaf)) return;
    throw new LogDoubt(
      `Entry ${tree.size - 1} of the log is not the one that was signed: it was rolled back or altered.`,
    );
  }

  function take(entries: readonly AppendedEntry[], size: number): void {
    if (entries.length === 0) throw new LogDoubt(`The log says ${size} entries and has ${tree.size}.`);
    for (const { index, entry, storedLeaf } of entries) {
      const leaf = leafHash(entry);
      if (index !== tree.size) throw new LogDoubt(`Entry ${tree.size} of the log is missing.`);
      if (!isEqualBytes(leaf, storedLeaf)) throw new LogDoubt(`Entry ${index} is not what its hash says.`);
      tree.add(leaf);
      lastLeaf = leaf;
      if (index === 0) genesis = encodeHex(leaf);
      if (tree.size === memory?.size) rootThen = encodeHex(tree.root());
    }
  }

  function compareWithMemory(): void {
    if (!memory || (isDemo && memory.genesis !== genesis)) return;
    if (memory.origin !== origin) throw new LogDoubt(`This signer signs for ${memory.origin}, not for ${origin}.`);
    if (memory.size > tree.size) {
      throw new LogDoubt(`The log has ${tree.size} entries, and ${memory.size} were signed: it was rolled back.`);
    }
    if (memory.size > 0 && rootThen !== memory.root) {
      throw new LogDoubt(`The first ${memory.size} entries of the log are not those that were signed.`);
    }
  }

  async function publish(size: number): Promise<void> {
    const root = tree.root();
    // Remembered first: a crash on the next line leaves a head nobody saw, and the next start signs the same one again.
    await writeState(folder, { origin, genesis, size, root: encodeHex(root) });
    const note = signCheckpoint({ origin, size, root }, key.secretKey);
    await publishCheckpoint(db, { size, root, note });
  }

  return { signGrowth };
}
