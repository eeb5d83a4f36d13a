import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FetchFailed, InclusionInvalid, Inconsistent } from '../../src/errors.ts';
import {
  consistencyProof,
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  rootOf,
  Tree,
  verifyConsistency,
  verifyInclusion,
} from '../../src/log/merkle.ts';
import { encodePath, hashesInTiles, parseTile, pathsOf, type Source } from '../../src/log/tiles.ts';
import { concat, encodeHex, utf8 } from '../../src/primitives/encoding.ts';
import { flipped, rejectsFormat } from '../cast.ts';
import { sha256Of } from './judge-log.ts';

const LEAVES = Array.from({ length: 600 }, (_, i) => leafHash(utf8(`entry ${i}`)));

/** The root as RFC 6962 §2.1 defines it. */
function naive(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length <= 1) return leaves[0] ?? sha256Of();
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256Of(Uint8Array.of(1), naive(leaves.slice(0, split)), naive(leaves.slice(split)));
}

/** The tiles of the tree with these leaf hashes, by path. */
function tiles(leaves: readonly Uint8Array[]): Source {
  const files = new Map<string, Uint8Array>();
  let hashes = leaves;
  for (let level = 0; hashes.length > 0; level++) {
    const part = (index: number): Uint8Array[] => hashes.slice(index * 256, (index + 1) * 256);
    const paths = pathsOf(leaves.length, level);
    for (const path of paths) files.set(encodePath(path), concat(...part(path.index)));
    hashes = paths.filter(({ width }) => width === 256).map(({ index }) => naive(part(index)));
  }
  return {
    async read(path) {
      const data = files.get(path);
      if (data === undefined) throw new FetchFailed(path, 'a file', 'none');
      return data;
    },
  };
}

test('leaf and node hashes are those of RFC 6962', () => {
  assert.deepEqual(leafHash(utf8('two')), sha256Of(Uint8Array.of(0), utf8('two')));
  assert.deepEqual(nodeHash(LEAVES[0]!, LEAVES[1]!), sha256Of(Uint8Array.of(1), LEAVES[0]!, LEAVES[1]!));
  assert.deepEqual(EMPTY_ROOT, sha256Of());
});

test('a growing tree has the root of the definition at every size', () => {
  const tree = new Tree();
  assert.deepEqual(tree.root(), EMPTY_ROOT);
  for (let size = 1; size <= 70; size++) {
    tree.append(LEAVES[size - 1]!);
    assert.equal(tree.size, size);
    assert.deepEqual(tree.root(), naive(LEAVES.slice(0, size)));
  }
  assert.deepEqual(rootOf(LEAVES), naive(LEAVES));
});

test('a proof of consistency made from tiles is accepted between any two sizes', async () => {
  for (const [size1, size2] of [
    [1, 1],
    [1, 2],
    [3, 7],
    [4, 7],
    [6, 8],
    [7, 600],
    [255, 256],
    [256, 600],
    [257, 599],
    [512, 600],
  ] as const) {
    const proof = await consistencyProof(hashesInTiles(tiles(LEAVES.slice(0, size2)), size2), size1, size2);
    const roots = [size1, size2].map((size) => naive(LEAVES.slice(0, size)));
    verifyConsistency(BigInt(size1), BigInt(size2), proof, roots[0]!, roots[1]!);
  }
});

test('a log that has rewritten an entry cannot prove that it continues', async () => {
  const rewritten = LEAVES.with(3, leafHash(utf8('another')));
  const proof = await consistencyProof(hashesInTiles(tiles(rewritten), 600), 10, 600);
  assert.throws(
    () => verifyConsistency(10n, 600n, proof, naive(LEAVES.slice(0, 10)), naive(rewritten)),
    (error) => error instanceof Inconsistent && error.name === 'Inconsistent',
  );
});

test('nothing continues the empty tree, or a larger one, and no proof is made of it', async () => {
  assert.throws(() => verifyConsistency(0n, 1n, [], EMPTY_ROOT, LEAVES[0]!), Inconsistent);
  assert.throws(() => verifyConsistency(2n, 1n, [], LEAVES[0]!, LEAVES[0]!), Inconsistent);
  await assert.rejects(consistencyProof(hashesInTiles(tiles([]), 0), 0, 0), RangeError);
  await assert.rejects(hashesInTiles(tiles(LEAVES), 600)(8, 2), RangeError);
});

test('a flipped bit anywhere in a proof of inclusion is refused', () => {
  const [leaf, sibling, right] = [LEAVES[0]!, LEAVES[1]!, nodeHash(LEAVES[2]!, LEAVES[3]!)];
  const root = naive(LEAVES.slice(0, 4));
  verifyInclusion(leaf, 0n, 4n, [sibling, right], root);
  assert.throws(() => verifyInclusion(flipped(leaf, 5), 0n, 4n, [sibling, right], root), InclusionInvalid);
  assert.throws(() => verifyInclusion(leaf, 1n, 4n, [sibling, right], root), InclusionInvalid);
  assert.throws(() => verifyInclusion(leaf, 0n, 4n, [flipped(sibling, 31), right], root), InclusionInvalid);
  assert.throws(() => verifyInclusion(leaf, 0n, 4n, [sibling, right], flipped(root, 0)), InclusionInvalid);
});

test('paths of tiles are those of C2SP', () => {
  const paths = [
    [{ index: 0, width: 256 }, 'tile/entries/000'],
    [{ level: 0, index: 1234067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 1000, width: 1 }, 'tile/2/x001/000.p/1'],
    [{ index: 999, width: 255 }, 'tile/entries/999.p/255'],
  ] as const;
  for (const [path, text] of paths) assert.equal(encodePath(path), text);
});

test('a size needs full and partial tiles of every level, none of them empty', () => {
  const text = (size: number, level?: number): string[] => pathsOf(size, level).map(encodePath);
  assert.deepEqual(text(0), []);
  assert.deepEqual(text(256), ['tile/entries/000']);
  assert.deepEqual(text(600, 0), ['tile/0/000', 'tile/0/001', 'tile/0/002.p/88']);
  assert.deepEqual(text(600, 1), ['tile/1/000.p/2']);
  assert.deepEqual(text(255, 1), []);
  assert.deepEqual(text(65_536, 2), ['tile/2/000.p/1']);
});

test('a tile with a byte more or less is refused', () => {
  const tile = concat(...LEAVES.slice(0, 3));
  assert.deepEqual(parseTile(tile, 3).map(encodeHex), LEAVES.slice(0, 3).map(encodeHex));
  rejectsFormat(() => parseTile(tile.slice(1), 3), 'tile');
  rejectsFormat(() => parseTile(tile, 2), 'tile');
});
