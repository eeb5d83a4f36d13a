/** Seeing one's own entry in the record without asking for it: whole tiles of hashes are read, as everybody reads them. */

import { nodeHash, verifyInclusion } from '../../log/merkle.ts';
import { encodeTlogProof } from '../../log/receipt.ts';
import { encodePath, hashesInTiles, MAX_TILE_BYTES, parseTile, pathsOf } from '../../log/tiles.ts';
import { equalBytes, utf8 } from '../../primitives/encoding.ts';
import type { Group } from './record.ts';

/** Where a leaf stands under a checkpoint, and the path that shows it. */
export interface Found {
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

/** The leaf with this hash among the entries from `since` on, its path verified; undefined if it is not there yet. */
export async function findLeaf(group: Group, hash: Uint8Array, since: number): Promise<Found | undefined> {
  const size = Number(group.checkpoint.size);
  for (const path of pathsOf(size, 0)) {
    if ((path.index + 1) * 256 <= since) continue;
    const hashes = parseTile(await group.source.read(encodePath(path), MAX_TILE_BYTES), path.width);
    const at = hashes.findIndex((one) => equalBytes(one, hash));
    if (at < 0) continue;
    const index = path.index * 256 + at;
    const proof = await inclusionPath(group, index, size);
    verifyInclusion(hash, BigInt(index), group.checkpoint.size, proof, group.checkpoint.root);
    return { index, path: proof };
  }
  return undefined;
}

/** RFC 6962 §2.1.1, from tiles that nobody has authenticated: the caller verifies what comes of it. */
async function inclusionPath(group: Group, index: number, size: number): Promise<Uint8Array[]> {
  const read = hashesInTiles(group.source, size);
  const over = async (start: number, end: number): Promise<Uint8Array> => {
    const peaks: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const level = Math.floor(Math.log2(end - at));
      peaks.push(await read(level, at / 2 ** level));
      at += 2 ** level;
    }
    return peaks.reduceRight((right, left) => nodeHash(left, right));
  };
  const path: Uint8Array[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + 2 ** Math.floor(Math.log2(end - start - 1));
    if (index < middle) {
      path.unshift(await over(middle, end));
      end = middle;
    } else {
      path.unshift(await over(start, middle));
      start = middle;
    }
  }
  return path;
}

/** What a member may keep on wish: a C2SP tlog-proof with the leaf in it. */
export function receiptOf(group: Group, leaf: Uint8Array, { index, path }: Found): Uint8Array {
  return encodeTlogProof({ index: BigInt(index), path, checkpoint: utf8(group.mark), extra: leaf });
}
