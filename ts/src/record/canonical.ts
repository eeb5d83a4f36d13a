/**
 * The restricted RFC 8785 form in which an entry is hashed and served (spec/record.md, 1).
 *
 * `parseCanonical` accepts only what `encode` would give back byte for byte: a second spelling of anything is lost when
 * JSON.parse reads it, and so missing when it is written again.
 */

import { FormatError, Message } from '../errors.ts';
import { isNormal, parseUtf8, utf8 } from '../primitives/encoding.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Objects and arrays nested in an entry, the outermost included. */
export const MAX_DEPTH = 4;

const KEY = /^[a-z][a-z0-9_]{0,23}$/;
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function dump(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(dump)}]`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `"${key}":${dump(value[key]!)}`)}}`;
}

/** The only bytes of `value`: keys sorted, no white space, UTF-8. What reads them checks whether an entry can hold it. */
export function encode(value: JsonObject): Uint8Array {
  return utf8(dump(value));
}

/** The object that `data` encodes; FormatError unless it is at most `maxBytes` and re-encodes to the same bytes. */
export function parseCanonical(field: string, data: Uint8Array, maxBytes: number, maxDepth = MAX_DEPTH): JsonObject {
  if (data.length > maxBytes) {
    const got = new Message('{n} bytes', { n: data.length });
    throw new FormatError(field, new Message('at most {n} bytes', { n: maxBytes }), got);
  }
  const text = parseUtf8(field, data);
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError(field, 'JSON', 'other text');
  }
  checkValue(field, value, maxDepth);
  if (value === null || typeof value !== 'object' || isList(value)) {
    throw new FormatError(field, 'a JSON object', 'another value');
  }
  if (dump(value) !== text) {
    throw new FormatError(field, 'canonical JSON (keys sorted, no white space, no needless escape)');
  }
  return value;
}

function checkValue(field: string, value: Json, depth: number): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new FormatError(field, 'integers within ±(2^53 − 1)', 'another number');
  } else if (typeof value === 'string') checkText(field, value);
  else if (value !== null && typeof value === 'object') {
    if (depth === 0)
      throw new FormatError(field, new Message('at most {n} levels of nesting', { n: MAX_DEPTH }), 'more');
    if (!isList(value) && !Object.keys(value).every((key) => KEY.test(key))) {
      throw new FormatError(field, 'keys of a–z, 0–9 and _, at most 24 characters', 'another');
    }
    for (const item of Object.values(value)) checkValue(field, item, depth - 1);
  }
}

/** Accept only NFC text without control characters and surrogates; FormatError otherwise. */
export function checkText(field: string, text: string): void {
  if (FORBIDDEN.test(text)) throw new FormatError(field, 'text without control characters or surrogates', 'one');
  if (!isNormal(text)) throw new FormatError(field, 'text in Unicode normal form C', 'another form');
}
