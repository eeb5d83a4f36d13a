/** Judging a ring proof (spec/proof.md, 6). Single verification is a batch of one. */

import { ProofInvalid } from '../errors.ts';
import { le64 } from '../primitives/encoding.ts';
import type { Point } from '../primitives/group.ts';
import { randomWeight } from '../primitives/randomness.ts';
import { L, reduce } from '../primitives/scalar.ts';
import { challenge, transcript } from '../primitives/transcript.ts';
import { type Claim, verifyBatch, type WeightedSum } from './batch.ts';
import { firstMessage, type Proof, parseProof } from './codec.ts';
import { BASE, H, K } from './generators.ts';
import { checkSize, ID_BYTES, type Ring } from './ring.ts';
import { serial } from './secret.ts';

/** sd: everything a proof says, in one digest (4.5). */
export function statementDigest(ring: Ring, letterId: Uint8Array, P: Point, message: Uint8Array): Uint8Array {
  return transcript(
    'statement',
    letterId,
    ring.rollId,
    le64(ring.slot),
    ring.digest,
    le64(ring.stubs.length),
    le64(BASE),
    le64(ring.m),
    P.bytes,
    message,
  );
}

/** A parsed proof with its ring and challenge, ready to be summed up. */
export class RingClaim implements Claim {
  readonly ring: Ring;
  readonly proof: Proof;
  readonly xi: bigint;

  private constructor(ring: Ring, proof: Proof, xi: bigint) {
    this.ring = ring;
    this.proof = proof;
    this.xi = xi;
  }

  /** FormatError if `data` is not a proof's canonical encoding; ProofInvalid if its challenge is 0. */
  static parse(ring: Ring, letterId: Uint8Array, message: Uint8Array, data: Uint8Array): RingClaim {
    // 6.1 Parse everything before any arithmetic.
    checkSize('letter', letterId, ID_BYTES);
    const proof = parseProof(data, ring.m);
    // 6.2 The statement comes from the verifier's own ring, never from whoever presents the proof.
    const sd = statementDigest(ring, letterId, proof.P, message);
    // 6.3 The challenge.
    const xi = challenge('challenge', sd, firstMessage(proof));
    if (xi === 0n) throw new ProofInvalid('challenge', 'not 0', '0');
    return new RingClaim(ring, proof, xi);
  }

  /** Add the three equations, each under its own fresh weight. */
  accumulate(total: WeightedSum): void {
    const { ring, proof, xi } = this;
    const [w1, w2, w3] = [randomWeight(), randomWeight(), randomWeight()];
    // 6.4 F_{j,0} is what the others leave of the challenge.
    const F = proof.f.map((row) => [reduce(row.reduce((rest, value) => rest - value, xi)), ...row]);
    // 6.5 Equation (1): the digits are digits.
    F.forEach((row, j) => {
      row.forEach((value, d) => {
        const weighted = (w1 * value) % L;
        total.addFixed(K[0]![j]![d]!, weighted);
        total.addFixed(K[1]![j]![d]!, weighted * (xi - value));
      });
    });
    total.addFixed(H, w1 * proof.z_A - w2 * proof.z);
    total.add(proof.A, -w1);
    total.add(proof.B, -w1 * xi);
    // 6.6 Equation (2): the stub that the digits point at opens to the serial of the tag.
    total.addRing(ring, w2, F);
    let power = w2;
    for (const Q of proof.Q) {
      total.add(Q, -power);
      power = (power * xi) % L;
    }
    const s = serial(ring.rollId, ring.slot, proof.P);
    // 6.7 Equation (3): whoever made the proof knows the tag's key.
    total.addBase(w3 * proof.z_P - power * s);
    total.add(proof.R, -w3);
    total.add(proof.P, -w3 * xi);
  }
}

/**
 * Accept only a proof that somebody who opens a stub of `ring` made for `message` under `letterId`.
 *
 * FormatError if the bytes are no proof, ProofInvalid if one of the three equations does not hold.
 */
export function verifyProof(ring: Ring, letterId: Uint8Array, message: Uint8Array, data: Uint8Array): void {
  verifyBatch([RingClaim.parse(ring, letterId, message, data)]);
}
