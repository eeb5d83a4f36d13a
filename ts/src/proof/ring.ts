/** The ordered stubs that one proof speaks about, and the digest that binds them (spec/proof.md, 4). */

import { sha512 } from '@noble/hashes/sha2.js';
import { FormatError, Message } from '../errors.ts';
import { concat, encodeHex, isNormal, le64, utf8 } from '../primitives/encoding.ts';
import { POINT_BYTES, type Point, parsePoint } from '../primitives/group.ts';
import { transcript } from '../primitives/transcript.ts';
import { BASE, MAX_DIGITS } from './generators.ts';

/** Stubs in a ring, at most. */
export const MAX_RING: number = BASE ** MAX_DIGITS;
/** UTF-8 bytes of a role's name, at most. */
export const MAX_ROLE_BYTES = 64;
/** Bytes of roll_id, letter_id and head. */
export const ID_BYTES = 32;

const BLOCK = /#(0|[1-9][0-9]{0,5})\/([1-9][0-9]{0,5})$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** FormatError unless `value` has `sizeBytes` bytes. */
export function checkSize(field: string, value: Uint8Array, sizeBytes: number): void {
  if (value.length !== sizeBytes) {
    const got = new Message('{n} bytes', { n: value.length });
    throw new FormatError(field, new Message('{n} bytes', { n: sizeBytes }), got);
  }
}

/** m: the least integer ≥ 1 with 4^m ≥ size; FormatError outside 1 … 4,096. */
export function digitsFor(size: number): number {
  if (!(size >= 1 && size <= MAX_RING)) {
    throw new FormatError('ring size', new Message('1 to {n} stubs', { n: MAX_RING }), String(size));
  }
  let m = 1;
  while (BASE ** m < size) m += 1;
  return m;
}

function isRole(role: string): boolean {
  return (
    role.length > 0 &&
    !LONE_SURROGATE.test(role) &&
    utf8(role).length <= MAX_ROLE_BYTES &&
    isNormal(role) &&
    !role.includes('#')
  );
}

/** Which rows a ring is made of: all, or those with one role; and of them, block t of b where there are many. */
export class Selector {
  readonly role: string | undefined;
  readonly block: number;
  readonly blocks: number;

  constructor({ role, block = 0, blocks = 1 }: { role?: string; block?: number; blocks?: number } = {}) {
    this.role = role;
    this.block = block;
    this.blocks = blocks;
  }

  /** The one text form: `all` or `role:` and the role, then `#t/b` where b > 1. */
  encode(): string {
    const kind = this.role === undefined ? 'all' : `role:${this.role}`;
    return this.blocks === 1 ? kind : `${kind}#${this.block}/${this.blocks}`;
  }

  /** The selector of canonical `text`; FormatError otherwise. */
  static parse(text: string): Selector {
    const found = BLOCK.exec(text);
    const kind = found === null ? text : text.slice(0, found.index);
    const counts = found === null ? {} : { block: Number(found[1]), blocks: Number(found[2]) };
    const role = kind.startsWith('role:') ? kind.slice(5) : undefined;
    const selector = new Selector(role === undefined ? counts : { role, ...counts });
    const known = kind === 'all' || (role !== undefined && isRole(role));
    if (!known || selector.block >= selector.blocks || selector.encode() !== text) {
      const form = '“all”, or “role:” and a role, then “#t/b” of a block';
      throw new FormatError('selector', form, JSON.stringify(text.slice(0, 80)));
    }
    return selector;
  }

  /**
   * Of `rows` (ascending, all that satisfy the role) those of this ring, in ring order (spec/proof.md, 4.3).
   *
   * FormatError if the number of blocks is not the one that many rows ask for.
   */
  members(rollId: Uint8Array, rows: readonly number[]): readonly number[] {
    const wanted = Math.max(1, Math.ceil(rows.length / MAX_RING));
    if (this.blocks !== wanted) {
      const expected = new Message('{n} blocks for {rows} rows', { n: wanted, rows: rows.length });
      throw new FormatError('selector', expected, this.encode());
    }
    if (wanted === 1) return rows;
    const keyed = rows.map((row) => ({ row, key: encodeHex(sha512(concat(rollId, le64(row)))) }));
    keyed.sort((left, right) => (left.key < right.key ? -1 : 1));
    const [start, end] = [this.block, this.block + 1].map((t) => Math.floor((t * rows.length) / wanted));
    return keyed.slice(start, end).map(({ row }) => row);
  }
}

/** What fixes a ring, as bytes from a stranger. */
export interface RingParts {
  readonly rollId: Uint8Array;
  readonly head: Uint8Array;
  readonly selector: string;
  readonly slot: number;
  readonly stubs: readonly Uint8Array[];
}

/** Stubs in order, decoded, with what fixes them: roll, epoch's head, selector, slot. Made by `parseRing` alone. */
export class Ring {
  readonly rollId: Uint8Array;
  readonly head: Uint8Array;
  readonly selector: string;
  readonly slot: number;
  readonly stubs: readonly Point[];
  /** Digits of an index in base 4. */
  readonly m: number;
  /** rd (spec/proof.md, 4.4). */
  readonly digest: Uint8Array;

  constructor(parts: RingParts) {
    checkSize('roll', parts.rollId, ID_BYTES);
    checkSize('head', parts.head, ID_BYTES);
    if (!Number.isSafeInteger(parts.slot) || parts.slot < 0) {
      throw new FormatError('slot', 'a number from 0 to 2^53 − 1', String(parts.slot));
    }
    Selector.parse(parts.selector);
    this.m = digitsFor(parts.stubs.length);
    this.stubs = Object.freeze(parts.stubs.map((stub, i) => parsePoint(`stub ${i}`, stub)));
    if (new Set(parts.stubs.map(encodeHex)).size !== parts.stubs.length) {
      throw new FormatError('ring', 'every stub once', 'one that stands twice');
    }
    this.rollId = Uint8Array.from(parts.rollId);
    this.head = Uint8Array.from(parts.head);
    this.selector = parts.selector;
    this.slot = parts.slot;
    const stubs = new Uint8Array(POINT_BYTES * this.stubs.length);
    this.stubs.forEach((stub, i) => {
      stubs.set(stub.bytes, POINT_BYTES * i);
    });
    this.digest = transcript(
      'ring',
      this.rollId,
      this.head,
      utf8(this.selector),
      le64(this.slot),
      le64(this.stubs.length),
      stubs,
    );
    Object.freeze(this);
  }
}

/** A ring from strangers' bytes: every stub canonical, not the identity, and once; the selector known; FormatError. */
export function parseRing(parts: RingParts): Ring {
  return new Ring(parts);
}
