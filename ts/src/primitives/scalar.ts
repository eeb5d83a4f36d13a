/**
 * Integers mod l, the order of ristretto255, as bigints in [0, l). Bigints are not constant-time.
 *
 * That leak is accepted and documented: secrets meet this code on the member's own machine only.
 */

import { FormatError, Message } from '../errors.ts';
import { integerFromLittleEndian, littleEndian } from './encoding.ts';

/** The order of the group (RFC 9496 §4). */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
export const SCALAR_BYTES = 32;

/** `value` mod l, never negative. */
export function reduce(value: bigint): bigint {
  const rest = value % L;
  return rest < 0n ? rest + L : rest;
}

/** The integer of a canonical scalar: exactly 32 bytes, little-endian, below l; FormatError otherwise. */
export function parseScalar(field: string, data: Uint8Array): bigint {
  if (data.length !== SCALAR_BYTES) {
    throw new FormatError(field, 'a scalar of 32 bytes', new Message('{n} bytes', { n: data.length }));
  }
  const value = integerFromLittleEndian(data);
  if (value >= L) throw new FormatError(field, 'a scalar below the group order', 'one at or above it');
  return value;
}

/** The canonical 32 bytes of `value` mod l. */
export function encodeScalar(value: bigint): Uint8Array {
  return littleEndian(reduce(value), SCALAR_BYTES);
}

/** 64 uniform bytes as a little-endian integer mod l (bias below 2^-250); RangeError for another length. */
export function scalarFromUniform(data: Uint8Array): bigint {
  if (data.length !== 64) throw new RangeError('a scalar is derived from 64 uniform bytes');
  return integerFromLittleEndian(data) % L;
}
