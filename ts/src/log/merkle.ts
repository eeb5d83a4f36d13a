/**
 * The Merkle tree of RFC 6962 over SHA-256: roots in O(log n) memory, and the verification of paths.
 *
 * Sizes and indexes of a proof are bigints, since a log may say any below 2^63. Ruled by spec/log.md, sections 1 to 3.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, InclusionInvalid, Inconsistent, Message, type VerificationError } from '../errors.ts';
import { concat, encodeHex, equalBytes } from '../primitives/encoding.ts';

export const HASH_BYTES = 32;
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array());
/** A larger tree is refused everywhere. */
export const MAX_SIZE_ENTRIES: bigint = 2n ** 63n - 1n;

/** SHA-256(0x00 ‖ data): the hash of a leaf. */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(0), data));
}

/** SHA-256(0x01 ‖ left ‖ right): the hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** Perfect subtrees of falling height, joined from the right. */
function fold(peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.length === 0 ? EMPTY_ROOT : peaks.reduceRight((right, left) => nodeHash(left, right));
}

/** An append-only tree of which only the right edge is kept: one hash for each bit set in its size. */
export class Tree {
  size = 0;
  readonly #peaks: Uint8Array[] = [];

  /** Add one leaf by its hash. */
  append(leaf: Uint8Array): void {
    let merged = leaf;
    // Each trailing one of the size is a subtree as high as what has been merged so far.
    for (let bits = this.size; bits % 2 === 1; bits = (bits - 1) / 2) merged = nodeHash(this.#peaks.pop()!, merged);
    this.#peaks.push(merged);
    this.size += 1;
  }

  /** The root over all leaves so far; that of the empty tree is SHA-256 of nothing. */
  root(): Uint8Array {
    return fold(this.#peaks);
  }
}

/** The root of the tree with these leaf hashes. */
export function rootOf(leafHashes: Iterable<Uint8Array>): Uint8Array {
  const tree = new Tree();
  for (const leaf of leafHashes) tree.append(leaf);
  return tree.root();
}

/** (level, index) → the hash over the leaves [index·2^level, (index + 1)·2^level), which must all exist. */
export type HashReader = (level: number, index: number) => Promise<Uint8Array>;

/**
 * What shows that the tree of `size1` leaves is a prefix of that of `size2`; empty where the sizes are equal.
 *
 * RangeError unless 1 ≤ size1 ≤ size2. Source: RFC 6962 §2.1.2.
 */
export async function consistencyProof(read: HashReader, size1: number, size2: number): Promise<Uint8Array[]> {
  if (!(size1 >= 1 && size1 <= size2)) throw new RangeError('a proof of consistency needs 1 ≤ size1 ≤ size2');
  const path: Uint8Array[] = [];
  const add = async (start: number, end: number): Promise<number> => {
    const peaks: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const level = Math.floor(Math.log2(end - at));
      peaks.push(await read(level, at / 2 ** level));
      at += 2 ** level;
    }
    return path.unshift(fold(peaks));
  };
  let [start, end] = [0, size2];
  while (size1 < end) {
    const middle = start + 2 ** Math.floor(Math.log2(end - start - 1));
    if (size1 <= middle) {
      await add(middle, end);
      end = middle;
    } else {
      await add(start, middle);
      start = middle;
    }
  }
  // The verifier has the older root already, unless the last subtree is only a part of it.
  if (start > 0) await add(start, end);
  return path;
}

/**
 * Accept only if `leaf`, a leaf's hash, stands at `index` in the tree of `size` leaves under `root`.
 *
 * `proof` runs from the leaf's sibling to the root's child, 32 bytes each.
 * Throws InclusionInvalid if the path ends elsewhere; FormatError if a length is wrong.
 * Source: RFC 9162 §2.1.3.2; the numbers are those of spec/log.md, section 2.
 */
export function verifyInclusion(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): void {
  // 2.1 Lengths first: a node's preimage is exactly two hashes.
  checkLengths(size, leaf, root, ...proof);
  // 2.2 The index lies in the tree.
  if (index < 0n || index >= size) {
    throw new InclusionInvalid('leaf index', new Message('one below the size {size}', { size: `${size}` }), `${index}`);
  }
  // 2.3 The path has as many hashes as the tree has levels above this leaf; it may not end early or go on.
  const [inner, border] = pathLengths(index, size);
  checkCount(InclusionInvalid, inner + border, proof.length);
  // 2.4 Below the point where the path meets the right edge the index tells left from right; above it, always left.
  const computed = proof.reduce(
    (below, sibling, level) => (isLeft(index, level, inner) ? nodeHash(below, sibling) : nodeHash(sibling, below)),
    leaf,
  );
  // 2.5 The path ends in the root.
  if (!equalBytes(computed, root)) throw new InclusionInvalid('inclusion path', encodeHex(root), encodeHex(computed));
}

/**
 * Accept only if the tree of `size1` leaves under `root1` is a prefix of that of `size2` leaves under `root2`.
 *
 * Throws Inconsistent if the proof does not show it; FormatError if a length is wrong. Nothing is consistent with the
 * empty tree by proof: who knows no earlier tree has nothing to check.
 * Source: RFC 9162 §2.1.4.2; the numbers are those of spec/log.md, section 3.
 */
export function verifyConsistency(
  size1: bigint,
  size2: bigint,
  proof: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): void {
  // 3.1 Lengths first.
  checkLengths(size2, root1, root2, ...proof);
  // 3.2 The older tree has a leaf, and no more leaves than the newer.
  if (size1 < 1n || size1 > size2) {
    throw new Inconsistent('older tree size', new Message('between 1 and {size}', { size: `${size2}` }), `${size1}`);
  }
  const same = (field: string, wanted: Uint8Array, got: Uint8Array): void => {
    if (!equalBytes(wanted, got)) throw new Inconsistent(field, encodeHex(wanted), encodeHex(got));
  };
  // 3.3 Equal sizes: no proof, one root.
  if (size1 === size2) {
    checkCount(Inconsistent, 0, proof.length);
    same('roots of one size', root1, root2);
    return;
  }
  // 3.4 A path to the last perfect subtree of the older tree; where that is the whole older tree, its root starts it.
  const shift = bitLength(size1 & -size1) - 1;
  const [above, border] = pathLengths(size1 - 1n, size2);
  const inner = above - shift;
  const startsWithRoot = size1 === 1n << BigInt(shift);
  checkCount(Inconsistent, inner + border + (startsWithRoot ? 0 : 1), proof.length);
  const [first, ...path] = startsWithRoot ? [root1, ...proof] : proof;
  let older = first!;
  let newer = first!;
  const index = (size1 - 1n) >> BigInt(shift);
  // 3.5 Left siblings belong to both trees, right ones to the newer only.
  path.forEach((sibling, level) => {
    if (isLeft(index, level, inner)) newer = nodeHash(newer, sibling);
    else [older, newer] = [nodeHash(sibling, older), nodeHash(sibling, newer)];
  });
  // 3.6 Both roots come out.
  same('older root', root1, older);
  same('newer root', root2, newer);
}

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** Whether the node of a path at `level` is the left child. */
function isLeft(index: bigint, level: number, inner: number): boolean {
  return level < inner && ((index >> BigInt(level)) & 1n) === 0n;
}

/** How many hashes of a path lie below the point where it meets the tree's right edge, and how many on the edge. */
function pathLengths(index: bigint, size: bigint): [number, number] {
  const inner = bitLength(index ^ (size - 1n));
  return [inner, (index >> BigInt(inner)).toString(2).replaceAll('0', '').length];
}

function checkLengths(size: bigint, ...hashes: Uint8Array[]): void {
  for (const { length } of hashes) {
    if (length !== HASH_BYTES) throw new FormatError('hash', '32 bytes', new Message('{n} bytes', { n: length }));
  }
  if (size < 0n || size > MAX_SIZE_ENTRIES) throw new FormatError('tree size', '0 … 2^63 − 1', 'another');
}

function checkCount(
  Wrong: new (...args: [string, string, string]) => VerificationError,
  want: number,
  got: number,
): void {
  if (got !== want) throw new Wrong('number of hashes in the proof', `${want}`, `${got}`);
}
