/**
 * Ed25519 (RFC 8032) over @noble/curves, by the same rule as the Python side: keys strict, equation without cofactor.
 *
 * Keys and signatures are bytes of fixed length: seed 32, public key 32, signature 64.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { FormatError, Message, SignatureInvalid } from '../errors.ts';
import { concat, equalBytes, integerFromLittleEndian } from './encoding.ts';
import { L, scalarFromUniform } from './scalar.ts';

export const SEED_BYTES = 32;
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const FIELD_PRIME = 2n ** 255n - 19n;
const Y_OF_ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
// The y coordinates of the eight points whose order divides 8: under such a key one signature fits every message.
const SMALL_ORDER_Y = new Set([0n, 1n, FIELD_PRIME - 1n, Y_OF_ORDER_8, FIELD_PRIME - Y_OF_ORDER_8]);

/** The 32-byte public key of a 32-byte seed; RangeError for another length. */
export function publicKey(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError('an Ed25519 seed has 32 bytes');
  return ed25519.getPublicKey(seed);
}

/** The 64-byte signature of `message`, deterministic; RangeError if the seed is not 32 bytes. */
export function sign(seed: Uint8Array, message: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError('an Ed25519 seed has 32 bytes');
  return ed25519.sign(message, seed);
}

/** A copy of the bytes, if they can be a public key; FormatError for a wrong length, y ≥ p, or a small order. */
export function parsePublicKey(field: string, data: Uint8Array): Uint8Array {
  if (data.length !== PUBLIC_KEY_BYTES) {
    throw new FormatError(field, 'a public key of 32 bytes', new Message('{n} bytes', { n: data.length }));
  }
  const y = integerFromLittleEndian(data) & (2n ** 255n - 1n);
  if (y >= FIELD_PRIME) {
    throw new FormatError(field, 'a canonical Ed25519 public key', 'a coordinate at or above 2^255 − 19');
  }
  if (SMALL_ORDER_Y.has(y)) throw new FormatError(field, 'an Ed25519 public key', 'a point of small order');
  return Uint8Array.from(data);
}

/**
 * Accept only if `signature` is that of `message` under `key`, by the equation without cofactor.
 *
 * Throws SignatureInvalid if it is not; FormatError if a length is wrong or the key cannot be one.
 * Source: RFC 8032 §5.1.7. Not the library's own check, which multiplies by the cofactor and so accepts more.
 */
export function verifyEd25519(key: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  const encodedA = parsePublicKey('public key', key);
  if (signature.length !== SIGNATURE_BYTES) {
    throw new FormatError('signature', '64 bytes', new Message('{n} bytes', { n: signature.length }));
  }
  const encodedR = signature.slice(0, 32);
  const s = integerFromLittleEndian(signature.slice(32));
  const invalid = new SignatureInvalid('signature', 'one by this key over these bytes', 'another');
  if (s >= L) throw invalid;
  let A: InstanceType<typeof ed25519.Point>;
  try {
    A = ed25519.Point.fromBytes(encodedA);
  } catch {
    throw invalid;
  }
  const k = scalarFromUniform(sha512(concat(encodedR, encodedA, message)));
  // R is compared by its bytes, so it is never decoded and its encoding must be the canonical one.
  const R = ed25519.Point.BASE.multiplyUnsafe(s).subtract(A.multiplyUnsafe(k));
  if (!equalBytes(R.toBytes(), encodedR)) throw invalid;
}
