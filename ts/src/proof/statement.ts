/** What the holder of a tag says: withdraw, and sign or step forward by name (spec/proof.md, 8). */

import { FormatError, Message, ProofInvalid } from '../errors.ts';
import { concat, le64 } from '../primitives/encoding.ts';
import { multiply, multiplyBase, type Point, parsePoint } from '../primitives/group.ts';
import { randomWeight } from '../primitives/randomness.ts';
import { encodeScalar } from '../primitives/scalar.ts';
import { challenge, transcript } from '../primitives/transcript.ts';
import { type Claim, verifyBatch, type WeightedSum } from './batch.ts';
import { parsePointsAndScalars } from './codec.ts';
import { H } from './generators.ts';
import { checkSize, ID_BYTES, type Ring } from './ring.ts';
import { requireOpening, type SlotSecret, serial } from './secret.ts';

export const PREVIOUS_BYTES = 64;
/** `prev` of the first record of a tag. */
export const NO_PREVIOUS: Uint8Array = new Uint8Array(PREVIOUS_BYTES);

export interface SignOptions {
  /** For vectors: 32 bytes in place of fresh ones. Never the same for two different statements. */
  readonly nonceSalt?: Uint8Array;
}

/** What both kinds of statement say, besides who says it. `P` is the tag's 32 bytes, `prev` 64 bytes. */
export interface Said {
  readonly letterId: Uint8Array;
  readonly P: Uint8Array;
  readonly seq: number;
  readonly prev: Uint8Array;
  readonly body: Uint8Array;
}

/** sd of a later statement; it is `prev` of the one after it. FormatError if an identifier has another length. */
export function controlStatement({ letterId, P, seq, prev, body }: Said): Uint8Array {
  checkSize('letter', letterId, ID_BYTES);
  checkSize('prev', prev, PREVIOUS_BYTES);
  return transcript('control-statement', letterId, P, le64(seq), prev, body);
}

/** sd of a statement by name; FormatError if `index` is not in the ring or an identifier has another length. */
export function nameStatement(ring: Ring, index: number, { letterId, P, seq, prev, body }: Said): Uint8Array {
  checkSize('letter', letterId, ID_BYTES);
  checkSize('prev', prev, PREVIOUS_BYTES);
  const C = stubAt(ring, index);
  return transcript(
    'name-statement',
    letterId,
    ring.rollId,
    le64(ring.slot),
    ring.digest,
    le64(index),
    C.bytes,
    P,
    le64(seq),
    prev,
    body,
  );
}

function stubAt(ring: Ring, index: number): Point {
  const stub = ring.stubs[index];
  if (stub === undefined) {
    throw new FormatError('index', new Message('a place below {n}', { n: ring.stubs.length }), String(index));
  }
  return stub;
}

/** A Schnorr signature by a tag's key. */
export class ControlClaim implements Claim {
  readonly P: Point;
  readonly R: Point;
  readonly z: bigint;
  readonly xi: bigint;

  private constructor(P: Point, R: Point, z: bigint, xi: bigint) {
    this.P = P;
    this.R = R;
    this.z = z;
    this.xi = xi;
  }

  /** FormatError on bytes that encode no signature; ProofInvalid if the challenge is 0. */
  static parse(statement: Uint8Array, P: Uint8Array, data: Uint8Array): ControlClaim {
    // 8.1 Parse everything before any arithmetic.
    const tag = parsePoint('tag', P);
    const { points, scalars } = parsePointsAndScalars("statement's signature", data, ['R'], ['z']);
    const [R] = points as [Point];
    const [z] = scalars as [bigint];
    // 8.2 The challenge.
    const xi = challenge('control-challenge', statement, R.bytes);
    if (xi === 0n) throw new ProofInvalid('challenge', 'not 0', '0');
    return new ControlClaim(tag, R, z, xi);
  }

  /** 8.3 z G − R − ξ P = 0. */
  accumulate(total: WeightedSum): void {
    const w = randomWeight();
    total.addBase(w * this.z);
    total.add(this.R, -w);
    total.add(this.P, -w * this.xi);
  }
}

/** A proof that one known stub of a ring opens to a tag: both its key and its blinding are shown to be known. */
export class NameClaim implements Claim {
  readonly P: Point;
  readonly C: Point;
  readonly s: bigint;
  readonly R: readonly [Point, Point];
  readonly z: readonly [bigint, bigint];
  readonly xi: bigint;

  private constructor(
    P: Point,
    C: Point,
    s: bigint,
    R: readonly [Point, Point],
    z: readonly [bigint, bigint],
    xi: bigint,
  ) {
    this.P = P;
    this.C = C;
    this.s = s;
    this.R = R;
    this.z = z;
    this.xi = xi;
  }

  /** FormatError on bytes that encode no such proof or an index past the ring; ProofInvalid if the challenge is 0. */
  static parse(ring: Ring, index: number, statement: Uint8Array, P: Uint8Array, data: Uint8Array): NameClaim {
    // 8.4 Parse everything before any arithmetic.
    const C = stubAt(ring, index);
    const tag = parsePoint('tag', P);
    const { points, scalars } = parsePointsAndScalars('signature by name', data, ['R1', 'R2'], ['z1', 'z2']);
    const R = points as [Point, Point];
    const z = scalars as [bigint, bigint];
    // 8.5 The challenge.
    const xi = challenge('name-challenge', statement, concat(R[0].bytes, R[1].bytes));
    if (xi === 0n) throw new ProofInvalid('challenge', 'not 0', '0');
    return new NameClaim(tag, C, serial(ring.rollId, ring.slot, tag), R, z, xi);
  }

  /**
   * 8.6 z1 G − R1 − ξ P = 0 and 8.7 z2 H − R2 − ξ (C − s G) = 0.
   *
   * Both: with the second alone, a later row that copies the serial could claim somebody else's signature.
   */
  accumulate(total: WeightedSum): void {
    const [w1, w2] = [randomWeight(), randomWeight()];
    total.addBase(w1 * this.z[0] + w2 * this.xi * this.s);
    total.add(this.R[0], -w1);
    total.add(this.P, -w1 * this.xi);
    total.addFixed(H, w2 * this.z[1]);
    total.add(this.R[1], -w2);
    total.add(this.C, -w2 * this.xi);
  }
}

/** R ‖ z by the tag's key, verified before release. */
export function signControl(secret: SlotSecret, statement: Uint8Array, { nonceSalt }: SignOptions = {}): Uint8Array {
  const k = secret.nonces(statement, nonceSalt).next().value;
  const R = multiplyBase(k);
  const xi = challenge('control-challenge', statement, R.bytes);
  const data = concat(R.bytes, encodeScalar(k + xi * secret.x));
  verifyControl(statement, secret.tag.bytes, data);
  return data;
}

/** R1 ‖ R2 ‖ z1 ‖ z2 for the stub at `index`, verified before release; RangeError if the secret does not open it. */
export function signName(
  ring: Ring,
  index: number,
  secret: SlotSecret,
  statement: Uint8Array,
  { nonceSalt }: SignOptions = {},
): Uint8Array {
  requireOpening(ring, index, secret);
  const draws = secret.nonces(statement, nonceSalt);
  const [k1, k2] = [draws.next().value, draws.next().value];
  const first = concat(multiplyBase(k1).bytes, multiply(k2, H).bytes);
  const xi = challenge('name-challenge', statement, first);
  const data = concat(first, encodeScalar(k1 + xi * secret.x), encodeScalar(k2 + xi * secret.r));
  verifyName(ring, index, statement, secret.tag.bytes, data);
  return data;
}

/** Accept only a signature of `statement` by the key of tag `P`; FormatError or ProofInvalid otherwise. */
export function verifyControl(statement: Uint8Array, P: Uint8Array, data: Uint8Array): void {
  verifyBatch([ControlClaim.parse(statement, P, data)]);
}

/** Accept only a signature of `statement` by who opens the stub at `index` to tag `P`; FormatError or ProofInvalid. */
export function verifyName(ring: Ring, index: number, statement: Uint8Array, P: Uint8Array, data: Uint8Array): void {
  verifyBatch([NameClaim.parse(ring, index, statement, P, data)]);
}
