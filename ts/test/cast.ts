/** What the tests share: a roll, a letter, members with fixed seeds, and rings of them. */

import assert from 'node:assert/strict';
import { FormatError } from '../src/errors.ts';
import { le64, utf8 } from '../src/primitives/encoding.ts';
import { parseRing, type Ring, type RingParts } from '../src/proof/ring.ts';
import { MemberSecret, type SlotSecret } from '../src/proof/secret.ts';

export const ROLL = new Uint8Array(32).fill(0x52);
export const HEAD = new Uint8Array(32).fill(0x48);
export const LETTER = new Uint8Array(32).fill(0x4c);
export const SLOT = 2;
export const MESSAGE = utf8('We ask for four days a week.');

const members = new Map<string, SlotSecret>();

/** The slot secret of member `i`; always the same. */
export function member(i: number, slot: number = SLOT): SlotSecret {
  const name = `${i}/${slot}`;
  const known = members.get(name);
  if (known !== undefined) return known;
  const seed = new Uint8Array(32);
  seed.set(le64(i));
  const secret = MemberSecret.fromSeed(ROLL, seed).slot(slot);
  members.set(name, secret);
  return secret;
}

/** What the ring of members 0 … size − 1 is made from. */
export function ringParts(size: number): RingParts {
  const stubs = Array.from({ length: size }, (_, i) => member(i).stub.bytes);
  return { rollId: ROLL, head: HEAD, selector: 'all', slot: SLOT, stubs };
}

export function ringOf(size: number): Ring {
  return parseRing(ringParts(size));
}

/** `action` throws a FormatError that names `field`. */
export function rejectsFormat(action: () => unknown, field: string): void {
  assert.throws(action, (error) => error instanceof FormatError && error.field === field);
}

/** A copy with the byte at `place` changed by `mask`. */
export function flipped(data: Uint8Array, place: number, mask = 1): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[place]! ^= mask;
  return copy;
}
