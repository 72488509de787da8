import { publishCheckpoint } from "#lib/commands/publish-checkpoint.ts";
import type { Db } from "#lib/data/store.ts";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { appendedSince, readLogHead } from "#lib/queries/log-growth.ts";
import type { LogKey } from "./log-key.ts";
import { readState, writeState } from "./state.ts";

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
 * Makes a signer. It keeps every leaf hash it has checked and takes an entry only with the bytes that hash to its leaf; on
 * its first call it reads the whole log and compares it with its own memory in `folder`.
 */
export function createSigner(db: Db, { origin, key, folder, isDemo }: SignerOptions): Signer {
  const leaves: Uint8Array[] = [];
  let doubt: LogDoubt | undefined;
  let isChecked = false;

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
    const size = await readLogHead(db);
    if (size < leaves.length) throw new LogDoubt(`The log has ${size} entries; ${leaves.length} were there before.`);
    const before = leaves.length;
    for (const { index, entry, storedLeaf } of await appendedSince(db, leaves.length, size)) {
      const leaf = leafHash(entry);
      if (index !== leaves.length) throw new LogDoubt(`Entry ${leaves.length} of the log is missing.`);
      if (encodeHex(leaf) !== encodeHex(storedLeaf)) throw new LogDoubt(`Entry ${index} is not what its hash says.`);
      leaves.push(leaf);
    }
    if (leaves.length !== size) throw new LogDoubt(`The log says ${size} entries and has ${leaves.length}.`);
    if (!isChecked) await compareWithMemory();
    if (isChecked && size === before) return size;
    isChecked = true;
    return size === 0 ? 0 : publish(size);
  }

  async function compareWithMemory(): Promise<void> {
    const memory = await readState(folder);
    if (!memory) return;
    const genesis = leaves[0] ? encodeHex(leaves[0]) : "";
    if (isDemo && memory.genesis !== genesis) return;
    if (memory.origin !== origin) throw new LogDoubt(`This signer signs for ${memory.origin}, not for ${origin}.`);
    if (memory.size > leaves.length) {
      throw new LogDoubt(`The log has ${leaves.length} entries, and ${memory.size} were signed: it was rolled back.`);
    }
    if (encodeHex(rootOf(leaves.slice(0, memory.size))) !== memory.root) {
      throw new LogDoubt(`The first ${memory.size} entries of the log are not those that were signed.`);
    }
  }

  async function publish(size: number): Promise<number> {
    const root = rootOf(leaves);
    // Remembered first: a crash on the next line leaves a head nobody saw, and the next start signs the same one again.
    const genesis = encodeHex(leaves[0] ?? root);
    await writeState(folder, { origin, genesis, size, root: encodeHex(root) });
    const note = signCheckpoint({ origin, size, root }, key.secretKey);
    await publishCheckpoint(db, { size, root, note });
    return size;
  }

  return { signGrowth };
}
