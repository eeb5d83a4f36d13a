/** The fixed generators H and K(c, j, d), hashed to the group so that no relation between them is known. */

import { concat, utf8 } from '../primitives/encoding.ts';
import { hashToGroup, type Point } from '../primitives/group.ts';

/** n: the digits of an index are read in base 4. */
export const BASE = 4;
/** m ≤ 6, so that a ring holds at most 4^6 = 4,096 stubs. K(c, 6, d) is reserved. */
export const MAX_DIGITS = 6;

const range = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

export const H: Point = hashToGroup(utf8('H'));
/** K[c][j][d]: c = 0 commits to digits, c = 1 to their products. */
export const K: readonly (readonly (readonly Point[])[])[] = range(2).map((c) =>
  range(MAX_DIGITS + 1).map((j) => range(BASE).map((d) => hashToGroup(concat(utf8('K'), Uint8Array.of(c, j, d))))),
);
