/** Proving that all stubs of a row can be opened by whoever enrols (spec/proof.md, 7). */

import { FormatError, Message, ProofInvalid } from '../errors.ts';
import { concat, encodeHex, le64 } from '../primitives/encoding.ts';
import { add, multiply, multiplyBase, type Point, parsePoint } from '../primitives/group.ts';
import { randomWeight } from '../primitives/randomness.ts';
import { encodeScalar, L } from '../primitives/scalar.ts';
import { challenge, transcript } from '../primitives/transcript.ts';
import { type Claim, verifyBatch, type WeightedSum } from './batch.ts';
import { parsePointsAndScalars } from './codec.ts';
import { H } from './generators.ts';
import type { SlotSecret } from './secret.ts';

/** Stubs in a row, at most. */
export const MAX_SLOTS = 96;

/** sd: the row's bytes without the proof, with its stubs. */
export function enrolmentStatement(rollId: Uint8Array, member: Uint8Array, stubs: readonly Uint8Array[]): Uint8Array {
  return transcript('enrol-statement', rollId, member, le64(stubs.length), concat(...stubs));
}

/** A parsed enrolment proof with its stubs and challenge. */
export class EnrolmentClaim implements Claim {
  readonly stubs: readonly Point[];
  readonly R: Point;
  readonly z_s: bigint;
  readonly z_r: bigint;
  readonly xi: bigint;

  private constructor(stubs: readonly Point[], R: Point, z_s: bigint, z_r: bigint, xi: bigint) {
    this.stubs = stubs;
    this.R = R;
    this.z_s = z_s;
    this.z_r = z_r;
    this.xi = xi;
  }

  /** FormatError on bytes that encode no proof, a bad or doubled stub; ProofInvalid if the challenge is 0. */
  static parse(rollId: Uint8Array, member: Uint8Array, stubs: readonly Uint8Array[], data: Uint8Array): EnrolmentClaim {
    // 7.1 Parse everything before any arithmetic.
    if (stubs.length < 1 || stubs.length > MAX_SLOTS) {
      throw new FormatError('stubs', new Message('1 to {n} stubs', { n: MAX_SLOTS }), String(stubs.length));
    }
    const parsed = stubs.map((stub, k) => parsePoint(`stub ${k}`, stub));
    if (new Set(stubs.map(encodeHex)).size !== stubs.length) {
      throw new FormatError('stubs', 'every stub once', 'one that stands twice');
    }
    const { points, scalars } = parsePointsAndScalars('enrolment proof', data, ['R'], ['z_s', 'z_r']);
    const [R] = points as [Point];
    const [z_s, z_r] = scalars as [bigint, bigint];
    // 7.2 The challenge.
    const xi = challenge('enrol-challenge', enrolmentStatement(rollId, member, stubs), R.bytes);
    if (xi === 0n) throw new ProofInvalid('challenge', 'not 0', '0');
    return new EnrolmentClaim(parsed, R, z_s, z_r, xi);
  }

  /** 7.3 z_s G + z_r H − R − Σ ξ^k C_k = 0. */
  accumulate(total: WeightedSum): void {
    const w = randomWeight();
    total.addBase(w * this.z_s);
    total.addFixed(H, w * this.z_r);
    total.add(this.R, -w);
    let power = w;
    for (const stub of this.stubs) {
      power = (power * this.xi) % L;
      total.add(stub, -power);
    }
  }
}

/** R ‖ z_s ‖ z_r for the stubs of `secrets` in their order, verified before release; RangeError without any. */
export function proveEnrolment(
  rollId: Uint8Array,
  member: Uint8Array,
  secrets: readonly SlotSecret[],
  { nonceSalt }: { nonceSalt?: Uint8Array } = {},
): Uint8Array {
  if (secrets[0] === undefined) throw new RangeError('an enrolment has at least one slot');
  const stubs = secrets.map((secret) => secret.stub.bytes);
  const sd = enrolmentStatement(rollId, member, stubs);
  const draws = secrets[0].nonces(sd, nonceSalt);
  const [alpha, beta] = [draws.next().value, draws.next().value];
  const R = add(multiplyBase(alpha), multiply(beta, H));
  const xi = challenge('enrol-challenge', sd, R.bytes);
  let [power, z_s, z_r] = [1n, alpha, beta];
  for (const secret of secrets) {
    power = (power * xi) % L;
    z_s += power * secret.s;
    z_r += power * secret.r;
  }
  const data = concat(R.bytes, encodeScalar(z_s), encodeScalar(z_r));
  verifyEnrolment(rollId, member, stubs, data);
  return data;
}

/** Accept only a proof by somebody who opens every one of `stubs`; FormatError or ProofInvalid otherwise. */
export function verifyEnrolment(
  rollId: Uint8Array,
  member: Uint8Array,
  stubs: readonly Uint8Array[],
  data: Uint8Array,
): void {
  verifyBatch([EnrolmentClaim.parse(rollId, member, stubs, data)]);
}
