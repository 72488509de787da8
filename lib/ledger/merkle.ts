import { isEqualBytes, sha256 } from "./hash.ts";

/**
 * The Merkle tree of the log. Leaves are SHA-256(0x00 ‖ entry), nodes SHA-256(0x01 ‖ left ‖ right), the empty tree is
 * SHA-256 of nothing. Positions count from 0; all hashes have 32 bytes. Source: RFC 6962 section 2.1, RFC 9162 section 2.1.
 */

/** The hash of a log entry's bytes as a leaf. */
export function leafHash(entry: Uint8Array): Uint8Array {
  const input = new Uint8Array(entry.length + 1);
  input.set(entry, 1);
  return sha256(input);
}

/** The hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + left.length + right.length);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + left.length);
  return sha256(input);
}

/** The root of the tree over `leaves`, in one pass and with log2(n) hashes of memory. */
export function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOfRange(leaves, 0, leaves.length);
}

/** The roots that the log had at these sizes, by size: one pass over the leaves for all of them. Sizes beyond the log are left out. */
export function rootsOf(leaves: readonly Uint8Array[], sizes: readonly number[]): Map<number, Uint8Array> {
  const wanted = new Set(sizes);
  const roots = new Map<number, Uint8Array>();
  const tree = new GrowingTree();
  if (wanted.has(0)) roots.set(0, tree.root());
  for (const leaf of leaves) {
    tree.add(leaf);
    if (wanted.has(tree.size)) roots.set(tree.size, tree.root());
  }
  return roots;
}

/** A tree that only grows, in log2(n) hashes of memory. */
export class GrowingTree {
  /** Complete subtrees waiting for a right neighbour of their own height, largest first. */
  readonly #waiting: { readonly height: number; readonly hash: Uint8Array }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(leaf: Uint8Array): void {
    let node = { height: 0, hash: leaf };
    for (let left = this.#waiting.at(-1); left?.height === node.height; left = this.#waiting.at(-1)) {
      this.#waiting.pop();
      node = { height: node.height + 1, hash: nodeHash(left.hash, node.hash) };
    }
    this.#waiting.push(node);
    this.#size += 1;
  }

  /** The root as it is now: log2(n) hashes. */
  root(): Uint8Array {
    if (this.#size === 0) return sha256(new Uint8Array());
    return this.#waiting.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right));
  }
}

/**
 * The hashes that lead from leaf `index` to the root of the tree over `leaves`, from the leaf upwards.
 *
 * @throws {RangeError} if there is no such leaf; that is a caller's bug, not bad input.
 */
export function inclusionProof(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (!isIndex(index) || index >= leaves.length)
    throw new RangeError(`No leaf ${index} in a tree of ${leaves.length}.`);
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = leaves.length;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      proof.unshift(rootOfRange(leaves, middle, end));
      end = middle;
    } else {
      proof.unshift(rootOfRange(leaves, start, middle));
      start = middle;
    }
  }
  return proof;
}

/** Whether `proof` shows that `leaf` stands at `index` in the tree of `size` leaves with this root. Never throws. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let hash = leaf;
  let at = index;
  let last = size - 1;
  // Arithmetic instead of bit operations: those would cut sizes to 32 bits.
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && isEqualBytes(hash, root);
}

/**
 * Proof that the first `size` leaves of `later` were once the whole log. Source: RFC 9162 section 2.1.4.
 *
 * @throws {RangeError} if `size` is 0 or greater than the later log; that is a caller's bug, not bad input.
 */
export function consistencyProof(size: number, later: readonly Uint8Array[]): Uint8Array[] {
  if (!isIndex(size) || size === 0 || size > later.length) {
    throw new RangeError(`No consistency proof from ${size} to ${later.length}.`);
  }
  const proof: Uint8Array[] = [];
  let start = 0;
  let end = later.length;
  while (size < end) {
    const middle = start + splitOf(end - start);
    if (size <= middle) {
      proof.unshift(rootOfRange(later, middle, end));
      end = middle;
    } else {
      proof.unshift(rootOfRange(later, start, middle));
      start = middle;
    }
  }
  // The subtree that both logs end in is known to the verifier only when it is the whole old log.
  if (start > 0) proof.unshift(rootOfRange(later, start, end));
  return proof;
}

/** Whether `proof` shows that the log of `later` leaves begins with the log of `earlier` leaves. Never throws. */
export function verifyConsistency(
  earlier: number,
  later: number,
  earlierRoot: Uint8Array,
  laterRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isIndex(earlier) || !isIndex(later) || earlier > later) return false;
  // Every log begins with the empty one, so a proof from 0 shows nothing: refused before the shortcut for equal sizes.
  if (earlier === 0) return false;
  if (earlier === later) return proof.length === 0 && isEqualBytes(earlierRoot, laterRoot);
  if (!areHashes([earlierRoot, laterRoot, ...proof])) return false;
  let at = earlier - 1;
  let last = later - 1;
  while (at % 2 === 1) {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  const [first, ...rest] = at === 0 ? [earlierRoot, ...proof] : proof;
  if (!first) return false;
  let fromEarlier = first;
  let fromLater = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      fromEarlier = nodeHash(sibling, fromEarlier);
      fromLater = nodeHash(sibling, fromLater);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      fromLater = nodeHash(fromLater, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && isEqualBytes(fromEarlier, earlierRoot) && isEqualBytes(fromLater, laterRoot);
}

function rootOfRange(leaves: readonly Uint8Array[], start: number, end: number): Uint8Array {
  const tree = new GrowingTree();
  for (let at = start; at < end; at += 1) tree.add(requireLeaf(leaves, at));
  return tree.root();
}

function requireLeaf(leaves: readonly Uint8Array[], at: number): Uint8Array {
  const leaf = leaves[at];
  if (!leaf) throw new RangeError(`No leaf ${at} in a tree of ${leaves.length}.`);
  return leaf;
}

/** The largest power of two below `count`; `count` is at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  // 2^53 leaves need 53 hashes; a longer proof is an attack on our time.
  return hashes.length <= 2 + 64 && hashes.every((hash) => hash.length === 32);
}
