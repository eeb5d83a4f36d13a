/** The only door to randomness: the platform's generator. No other module draws any. */

import { integerFromLittleEndian } from './encoding.ts';
import { L } from './scalar.ts';

/** getRandomValues refuses more at once. */
const MAX_DRAW_BYTES = 65_536;

/** `size` uniform bytes. */
export function randomBytes(size: number): Uint8Array {
  const data = new Uint8Array(size);
  for (let at = 0; at < size; at += MAX_DRAW_BYTES) {
    globalThis.crypto.getRandomValues(data.subarray(at, Math.min(size, at + MAX_DRAW_BYTES)));
  }
  return data;
}

/** A uniform integer in [0, bound), by rejection; RangeError unless bound ≥ 1. */
export function randomBelow(bound: bigint): bigint {
  if (bound < 1n) throw new RangeError('randomBelow takes a bound of at least 1');
  const bits = (bound - 1n).toString(2).length;
  const excess = BigInt(8 * Math.ceil(bits / 8) - bits);
  for (;;) {
    const value = integerFromLittleEndian(randomBytes(Math.ceil(bits / 8))) >> excess;
    if (value < bound) return value;
  }
}

/** A uniform integer in [0, l). */
export function randomScalar(): bigint {
  return randomBelow(L);
}

/** A uniform integer in [1, 2^128): the weight of one equation in a batch (spec/proof.md, 6). */
export function randomWeight(): bigint {
  return 1n + randomBelow(2n ** 128n - 1n);
}

/** The items in a uniformly random order (Fisher–Yates). */
export function shuffled<T>(items: Iterable<T>): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Number(randomBelow(BigInt(last + 1)));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
