/**
 * The one transcript, and the only list of tags and labels (spec/proof.md, 2).
 *
 * T(tag, (label, value)*) = SHA-512( u8(|t|) ‖ t ‖ per field: u8(|label|) ‖ label ‖ le64(|value|) ‖ value ), with
 * t = SUITE ‖ "/" ‖ tag. Every length is inside, so the encoding is injective.
 */

import { sha512 } from '@noble/hashes/sha2.js';
import { concat, le64, utf8 } from './encoding.ts';
import { scalarFromUniform } from './scalar.ts';

export const SUITE = 'Ruban-v1-ristretto255-SHA512';

/** What a transcript is for; each with the labels of its fields, in the order in which they must be given. */
export const TAGS = {
  roll: ['entry'],
  epoch: ['entry'],
  letter: ['entry'],
  ring: ['roll', 'head', 'selector', 'slot', 'N', 'stubs'],
  statement: ['letter', 'roll', 'slot', 'ring', 'N', 'n', 'm', 'P', 'message'],
  challenge: ['statement', 'first'],
  serial: ['roll', 'slot', 'P'],
  'enrol-statement': ['roll', 'member', 'K', 'stubs'],
  'enrol-challenge': ['statement', 'first'],
  'control-statement': ['letter', 'P', 'seq', 'prev', 'body'],
  'control-challenge': ['statement', 'first'],
  'name-statement': ['letter', 'roll', 'slot', 'ring', 'index', 'C', 'P', 'seq', 'prev', 'body'],
  'name-challenge': ['statement', 'first'],
} as const;

export type Tag = keyof typeof TAGS;
/** One value a label: the compiler refuses a call with a field too many or too few. */
type Values<Labels extends readonly string[]> = { -readonly [I in keyof Labels]: Uint8Array };

/** The 64-byte digest of `values`, one for each label of `tag`, in order; TypeError if one is missing. */
export function transcript<T extends Tag>(tag: T, ...values: Values<(typeof TAGS)[T]>): Uint8Array {
  const labels: readonly string[] = TAGS[tag];
  const given: readonly Uint8Array[] = values;
  if (given.length !== labels.length) throw new TypeError(`transcript ${tag} has the fields ${labels.join(', ')}`);
  const name = utf8(`${SUITE}/${tag}`);
  const parts = [Uint8Array.of(name.length), name];
  labels.forEach((label, i) => {
    const value = given[i] as Uint8Array;
    parts.push(Uint8Array.of(label.length), utf8(label), le64(value.length), value);
  });
  return sha512(concat(...parts));
}

/** The transcript read as a 512-bit little-endian integer mod l. */
export function challenge<T extends Tag>(tag: T, ...values: Values<(typeof TAGS)[T]>): bigint {
  return scalarFromUniform(transcript(tag, ...values));
}
