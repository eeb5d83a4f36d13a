/** The tiles of a tree that grows a leaf at a time: each can be compared once it is full, and is then forgotten. */

import { rootOf } from '../log/merkle.ts';
import { TILE_WIDTH_COUNT, type TilePath } from '../log/tiles.ts';

/** A tile of hashes, and where it lies. */
export interface GrownTile {
  readonly path: TilePath;
  readonly hashes: readonly Uint8Array[];
}

/** At most 255 hashes a level are kept. */
export class GrowingTiles {
  readonly #levels: { hashes: Uint8Array[]; full: number }[] = [];

  /** Add a leaf's hash; the tiles that it has filled. */
  add(leaf: Uint8Array): GrownTile[] {
    const filled: GrownTile[] = [];
    let value = leaf;
    for (let level = 0; ; level++) {
      const edge = this.#levels[level] ?? { hashes: [], full: 0 };
      this.#levels[level] = edge;
      edge.hashes.push(value);
      if (edge.hashes.length < TILE_WIDTH_COUNT) return filled;
      filled.push({ path: { level, index: edge.full, width: TILE_WIDTH_COUNT }, hashes: edge.hashes });
      value = rootOf(edge.hashes);
      this.#levels[level] = { hashes: [], full: edge.full + 1 };
    }
  }

  /** The tiles on the right edge that are not full. */
  partial(): GrownTile[] {
    return this.#levels.flatMap(({ hashes, full }, level) =>
      hashes.length === 0 ? [] : [{ path: { level, index: full, width: hashes.length }, hashes }],
    );
  }
}
