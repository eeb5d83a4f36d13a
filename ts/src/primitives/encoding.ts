/** Strict text and integer encodings: whatever is accepted re-encodes to the same bytes. */

import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { FormatError, Message } from '../errors.ts';

const HEX = /^(?:[0-9a-f]{2})*$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,18})$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
// Characters that Unicode 15.0 to 17.0 gave a combining class or a composition: of a text with one of them, readers with
// older tables do not say what those with newer ones say about its normal form (spec/proof.md, 4.2).
const UNSETTLED = new RegExp(
  '[' +
    '\\u{897}\\u{1acf}-\\u{1add}\\u{1ae0}-\\u{1aeb}\\u{105c9}\\u{105d2}\\u{105da}\\u{105e4}\\u{10d69}-\\u{10d6d}' +
    '\\u{10efa}-\\u{10efb}\\u{10efd}-\\u{10eff}\\u{11382}-\\u{11385}\\u{1138b}\\u{1138e}\\u{11390}-\\u{11391}' +
    '\\u{113b8}\\u{113bb}\\u{113c2}\\u{113c5}\\u{113c7}-\\u{113c9}\\u{113ce}-\\u{113d0}\\u{11f41}-\\u{11f42}' +
    '\\u{1611e}-\\u{16129}\\u{1612f}\\u{16d63}\\u{16d67}-\\u{16d6a}\\u{1e08f}\\u{1e4ec}-\\u{1e4ef}' +
    '\\u{1e5ee}-\\u{1e5ef}\\u{1e6e3}\\u{1e6e6}\\u{1e6ee}-\\u{1e6ef}\\u{1e6f5}' +
    ']',
  'u',
);
const MAX_U64 = 2n ** 64n;

/** The bytes of all parts, one after the other. */
export const concat: (...parts: Uint8Array[]) => Uint8Array = concatBytes;

/** Lower-case hexadecimal digits. */
export const encodeHex: (data: Uint8Array) => string = bytesToHex;

/** UTF-8 bytes of `text`, which must be free of lone surrogates (they would become U+FFFD). */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 `data`, a byte order mark kept as the character it is; FormatError otherwise. */
export function parseUtf8(field: string, data: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new FormatError(field, 'UTF-8', 'other bytes');
  }
}

/** Whether `text` is in Unicode normal form C, by the tables of Unicode 14.0 and of every later version alike. */
export function isNormal(text: string): boolean {
  return !UNSETTLED.test(text) && text.normalize('NFC') === text;
}

/** The unsigned 64-bit little-endian form of `value`; RangeError outside 0 … 2^64 − 1 or for an unsafe number. */
export function le64(value: number | bigint): Uint8Array {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('le64 takes integers');
  const integer = BigInt(value);
  if (integer < 0n || integer >= MAX_U64) throw new RangeError('le64 takes 0 … 2^64 − 1');
  const data = new Uint8Array(8);
  new DataView(data.buffer).setBigUint64(0, integer, true);
  return data;
}

/** Little-endian bytes as an integer; any length, variable time. */
export function integerFromLittleEndian(data: Uint8Array): bigint {
  return data.length === 0 ? 0n : BigInt(`0x${bytesToHex(Uint8Array.from(data).reverse())}`);
}

/** `size` little-endian bytes of `value`; RangeError if it does not fit. */
export function littleEndian(value: bigint, size: number): Uint8Array {
  const hex = value.toString(16).padStart(2 * size, '0');
  if (value < 0n || hex.length !== 2 * size) throw new RangeError('an integer that does not fit its bytes');
  return hexToBytes(hex).reverse();
}

/** Whether two byte strings are equal; variable time, for public values. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** The bytes of lower-case hexadecimal `text`, of exactly `sizeBytes` if given; FormatError otherwise. */
export function parseHex(field: string, text: string, sizeBytes?: number): Uint8Array {
  if (sizeBytes !== undefined && text.length !== 2 * sizeBytes) {
    throw new FormatError(
      field,
      new Message('{n} hexadecimal digits', { n: 2 * sizeBytes }),
      new Message('{n} characters', { n: text.length }),
    );
  }
  if (!HEX.test(text)) throw new FormatError(field, 'pairs of lower-case hexadecimal digits', 'other characters');
  return hexToBytes(text);
}

/** The value of ASCII decimal `text` without sign, leading zero or more than 19 digits; FormatError otherwise. */
export function parseDecimal(field: string, text: string): bigint {
  if (!DECIMAL.test(text)) {
    throw new FormatError(field, 'a decimal number without leading zero', JSON.stringify(text.slice(0, 24)));
  }
  return BigInt(text);
}

/** The bytes of canonical padded standard base64 (RFC 4648 §4, zero trailing bits); FormatError otherwise. */
export function parseBase64(field: string, text: string): Uint8Array {
  if (text.length % 4 === 0 && BASE64.test(text)) {
    const data = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    if (encodeBase64(data) === text) return data;
  }
  throw new FormatError(field, 'canonical standard base64', new Message('{n} characters', { n: text.length }));
}

/** Padded standard base64 (RFC 4648 §4). */
export function encodeBase64(data: Uint8Array): string {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
}
