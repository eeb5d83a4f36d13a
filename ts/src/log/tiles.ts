/**
 * The tree and its entries as static files: tiles of 256 hashes and bundles of 256 entries (C2SP tlog-tiles).
 *
 * Paths are relative to the log's prefix. Ruled by spec/log.md, section 4.
 */

import { FormatError, Message } from '../errors.ts';
import { HASH_BYTES, type HashReader, rootOf } from './merkle.ts';

export const TILE_HEIGHT_LEVELS = 8;
export const TILE_WIDTH_COUNT = 256;
export const MAX_ENTRY_BYTES = 8192;
export const MAX_BUNDLE_BYTES: number = TILE_WIDTH_COUNT * (2 + MAX_ENTRY_BYTES);
export const MAX_TILE_BYTES: number = TILE_WIDTH_COUNT * HASH_BYTES;

/** Where the bytes of a record come from. */
export interface Source {
  /** The file's bytes; FetchFailed if it is not there, FormatError if it is longer than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
}

/** Where one tile or entry bundle lies: no `level` means entries; `width` 256 means it is full. */
export interface TilePath {
  readonly level?: number | undefined;
  readonly index: number;
  readonly width: number;
}

/** N in groups of three digits with a slash between, all but the last after `x`. */
export function encodeIndex(index: number): string {
  const last = String(index % 1000).padStart(3, '0');
  const above = Math.floor(index / 1000);
  return above === 0 ? last : `${encodeIndex(above).replace(/[0-9]+$/, 'x$&')}/${last}`;
}

/** `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`. */
export function encodePath({ level = undefined, index, width }: TilePath): string {
  return `tile/${level ?? 'entries'}/${encodeIndex(index)}${width === TILE_WIDTH_COUNT ? '' : `.p/${width}`}`;
}

/** Every entry bundle (no `level`) or tile of one level, full and partial, of a tree of `size` leaves. */
export function pathsOf(size: number, level?: number): TilePath[] {
  const hashes = Math.floor(size / TILE_WIDTH_COUNT ** (level ?? 0));
  return Array.from({ length: Math.ceil(hashes / TILE_WIDTH_COUNT) }, (_, index) => {
    return { level, index, width: Math.min(TILE_WIDTH_COUNT, hashes - index * TILE_WIDTH_COUNT) };
  });
}

/** The `width` entries of a bundle, in order; FormatError for fewer, more, longer ones or anything after them. */
export function parseBundle(data: Uint8Array, width: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let position = 0;
  // 4.1 Exactly as many entries as the path says, each with its length and of at most 8,192 bytes.
  for (let i = 0; i < width; i++) {
    const start = position + 2;
    const size = (data[position] ?? 0) * 256 + (data[position + 1] ?? 0);
    position = start + size;
    if (position > data.length) {
      throw new FormatError(
        'entry bundle',
        new Message('{n} whole entries', { n: width }),
        new Message('the end after {n}', { n: i }),
      );
    }
    if (size > MAX_ENTRY_BYTES) {
      throw new FormatError('entry', new Message('at most {n} bytes', { n: MAX_ENTRY_BYTES }), `${size}`);
    }
    entries.push(data.slice(start, position));
  }
  // 4.2 Nothing follows.
  if (position !== data.length) {
    throw new FormatError('entry bundle', new Message('nothing after {n} entries', { n: width }), 'more bytes');
  }
  return entries;
}

/** The `width` hashes of a tile; FormatError if its length is not 32 × width. */
export function parseTile(data: Uint8Array, width: number): Uint8Array[] {
  // 4.3 A tile is nothing but its hashes.
  if (data.length !== width * HASH_BYTES) {
    throw new FormatError(
      'tile',
      new Message('{n} bytes', { n: width * HASH_BYTES }),
      new Message('{n} bytes', { n: data.length }),
    );
  }
  return Array.from({ length: width }, (_, i) => data.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES));
}

/**
 * A reader of the tree of `size` leaves over its tiles, each of which is asked for as often as it is needed.
 *
 * What it reads is not authenticated: a proof made from it must be verified against a signed root.
 */
export function hashesInTiles(source: Source, size: number): HashReader {
  return async (level, index) => {
    const height = level % TILE_HEIGHT_LEVELS;
    const tileLevel = (level - height) / TILE_HEIGHT_LEVELS;
    const start = index * 2 ** height;
    const offset = start % TILE_WIDTH_COUNT;
    const path = pathsOf(size, tileLevel)[(start - offset) / TILE_WIDTH_COUNT];
    if (path === undefined || offset + 2 ** height > path.width) {
      throw new RangeError('this subtree is not complete in a tree of that size');
    }
    const hashes = parseTile(await source.read(encodePath(path), MAX_TILE_BYTES), path.width);
    return rootOf(hashes.slice(offset, offset + 2 ** height));
  };
}
