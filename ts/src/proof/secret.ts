/** What only a member knows: one secret a slot, from a seed or fresh, and the keys that go with it (spec/proof.md, 3). */

import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { publicKey } from '../primitives/ed25519.ts';
import { concat, equalBytes, le64, utf8 } from '../primitives/encoding.ts';
import { add, multiply, multiplyBase, type Point } from '../primitives/group.ts';
import { randomBytes } from '../primitives/randomness.ts';
import { scalarFromUniform } from '../primitives/scalar.ts';
import { challenge, SUITE } from '../primitives/transcript.ts';
import { H } from './generators.ts';
import type { Ring } from './ring.ts';

export const SEED_BYTES = 32;
export const SLOT_MATERIAL_BYTES = 192;
export const NONCE_SALT_BYTES = 32;

/** RFC 5869 with SHA-512. */
export function hkdfSha512(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, sizeBytes: number): Uint8Array {
  return hkdf(sha512, ikm, salt, info, sizeBytes);
}

/** s: the scalar that a stub commits to, the hash of its tag, so that nobody can choose it (the denial attack). */
export function serial(rollId: Uint8Array, slot: number, P: Point): bigint {
  return challenge('serial', rollId, le64(slot), P.bytes);
}

/** Keeps secrets out of logs and JSON: what `console.log` and `JSON.stringify` show of `name`. */
function conceal(target: object, name: string): void {
  const shown = { value: () => `${name} (concealed)`, enumerable: false };
  Object.defineProperties(target, { toJSON: shown, [Symbol.for('nodejs.util.inspect.custom')]: shown });
}

/** The opening of one stub. `tag` (P) and `stub` (C) are public once used; nothing else ever is. */
export class SlotSecret {
  readonly rollId: Uint8Array;
  readonly slot: number;
  readonly x: bigint;
  readonly r: bigint;
  readonly s: bigint;
  readonly tag: Point;
  readonly stub: Point;
  readonly #nonceKey: Uint8Array;

  /** The secret of `slot` from 192 uniform bytes; RangeError in the one case in 2^250 where it would be degenerate. */
  constructor(rollId: Uint8Array, slot: number, material: Uint8Array) {
    if (material.length !== SLOT_MATERIAL_BYTES) throw new RangeError("a slot's secret is made of 192 bytes");
    this.rollId = Uint8Array.from(rollId);
    this.slot = slot;
    this.x = scalarFromUniform(material.slice(0, 64));
    this.r = scalarFromUniform(material.slice(64, 128));
    this.#nonceKey = material.slice(128);
    this.tag = multiplyBase(this.x);
    this.s = serial(rollId, slot, this.tag);
    this.stub = add(multiplyBase(this.s), multiply(this.r, H));
    if (this.tag.isIdentity() || this.stub.isIdentity()) throw new RangeError('a degenerate secret');
    conceal(this, 'SlotSecret');
    Object.freeze(this);
  }

  /**
   * Hedged nonces for `statement` (3.4): fresh randomness and the secret both have to fail for one to repeat.
   *
   * `salt` is for vectors alone; the platform's generator is used without it.
   */
  *nonces(statement: Uint8Array, salt: Uint8Array = randomBytes(NONCE_SALT_BYTES)): Generator<bigint, never> {
    if (salt.length !== NONCE_SALT_BYTES) throw new RangeError('a nonce salt has 32 bytes');
    const pre = hmac(sha512, this.#nonceKey, concat(utf8('nonce'), salt, statement));
    for (let counter = 0; ; counter++) yield scalarFromUniform(hmac(sha512, pre, le64(counter)));
  }
}

/** RangeError unless `secret` opens the stub at `index` of `ring`, for that ring's roll and slot. */
export function requireOpening(ring: Ring, index: number, secret: SlotSecret): void {
  if (!ring.stubs[index]?.equals(secret.stub)) {
    throw new RangeError('the secret does not open that stub of the ring');
  }
  if (!equalBytes(secret.rollId, ring.rollId) || secret.slot !== ring.slot) {
    throw new RangeError('the secret is for another roll or slot');
  }
}

/** What a member keeps: either a seed or independent slots, never both. */
export type MemberMaterial =
  | { readonly seed: Uint8Array }
  | { readonly slots: ReadonlyMap<number, Uint8Array>; readonly rowSeed: Uint8Array; readonly claimSalt: Uint8Array };

/** All a member keeps for one roll: a seed, or the slots that have not been erased, with the row key and claim salt. */
export class MemberSecret {
  readonly rollId: Uint8Array;
  readonly rowSeed: Uint8Array;
  readonly claimSalt: Uint8Array;
  readonly seed: Uint8Array | undefined;
  /** Empty where there is a seed; an erased slot is missing. */
  readonly slots: ReadonlyMap<number, Uint8Array>;

  constructor(rollId: Uint8Array, material: MemberMaterial) {
    this.rollId = Uint8Array.from(rollId);
    if ('seed' in material) {
      if (material.seed.length !== SEED_BYTES) throw new RangeError('a seed has 32 bytes');
      this.seed = Uint8Array.from(material.seed);
      this.slots = new Map();
      this.rowSeed = hkdfSha512(this.seed, utf8(`${SUITE}/row`), this.rollId, 32);
      this.claimSalt = hkdfSha512(this.seed, utf8(`${SUITE}/claim`), this.rollId, 32);
    } else {
      this.seed = undefined;
      this.slots = material.slots;
      this.rowSeed = material.rowSeed;
      this.claimSalt = material.claimSalt;
    }
    conceal(this, 'MemberSecret');
    Object.freeze(this);
  }

  /** Everything derived from 32 bytes, so that 24 words bring it back. */
  static fromSeed(rollId: Uint8Array, seed: Uint8Array): MemberSecret {
    return new MemberSecret(rollId, { seed });
  }

  /** A new secret with a random seed. */
  static fresh(rollId: Uint8Array): MemberSecret {
    return MemberSecret.fromSeed(rollId, randomBytes(SEED_BYTES));
  }

  /** A new secret whose slots are independent, so that each can be erased; no words can bring them back. */
  static freshPerSlot(rollId: Uint8Array, slotCount: number): MemberSecret {
    const slots = new Map(Array.from({ length: slotCount }, (_, slot) => [slot, randomBytes(SLOT_MATERIAL_BYTES)]));
    return new MemberSecret(rollId, { slots, rowSeed: randomBytes(32), claimSalt: randomBytes(32) });
  }

  /** The public Ed25519 key that stands in the member's row. */
  get rowKey(): Uint8Array {
    return publicKey(this.rowSeed);
  }

  /** The secret of `slot`; RangeError if it has been erased. */
  slot(slot: number): SlotSecret {
    const material =
      this.seed === undefined
        ? this.slots.get(slot)
        : hkdfSha512(this.seed, utf8(`${SUITE}/slot`), concat(this.rollId, le64(slot)), SLOT_MATERIAL_BYTES);
    if (material === undefined) throw new RangeError("this slot's secret has been erased");
    return new SlotSecret(this.rollId, slot, material);
  }
}
