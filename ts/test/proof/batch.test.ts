/** Batches: everything at once, errors that cancel, and who is to blame. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProofInvalid } from '../../src/errors.ts';
import { concat } from '../../src/primitives/encoding.ts';
import { encodeScalar, parseScalar } from '../../src/primitives/scalar.ts';
import { BatchInvalid, type Claim, verifyBatch } from '../../src/proof/batch.ts';
import { EnrolmentClaim, proveEnrolment } from '../../src/proof/enrol.ts';
import { prove } from '../../src/proof/prove.ts';
import { parseRing, type Ring } from '../../src/proof/ring.ts';
import {
  ControlClaim,
  controlStatement,
  NameClaim,
  NO_PREVIOUS,
  nameStatement,
  signControl,
  signName,
} from '../../src/proof/statement.ts';
import { RingClaim } from '../../src/proof/verify.ts';
import { LETTER, MESSAGE, member, ROLL, ringOf, ringParts } from '../cast.ts';

const RING = ringOf(6);
const PROOFS = [0, 1, 2, 3, 4, 5].map((i) => prove(RING, i, member(i), LETTER, MESSAGE));
const ringClaim = (data: Uint8Array, ring: Ring = RING): Claim => RingClaim.parse(ring, LETTER, MESSAGE, data);

/** `data` with `delta` added to its last-but-`fromEnd` scalar: 0 is z_P, 1 is z, 2 is z_A. */
function shifted(data: Uint8Array, fromEnd: number, delta: bigint): Uint8Array {
  const at = data.length - 32 * (fromEnd + 1);
  const value = parseScalar('x', data.slice(at, at + 32));
  return concat(data.slice(0, at), encodeScalar(value + delta), data.slice(at + 32));
}

function culpritsOf(claims: readonly Claim[]): readonly number[] {
  try {
    verifyBatch(claims);
    return [];
  } catch (error) {
    assert.ok(error instanceof BatchInvalid && error instanceof ProofInvalid);
    return error.culprits;
  }
}

test('two proofs whose errors cancel are both refused, in each equation', () => {
  for (const fromEnd of [0, 1, 2]) {
    const claims = [shifted(PROOFS[0]!, fromEnd, 5n), PROOFS[1]!, shifted(PROOFS[2]!, fromEnd, -5n)];
    assert.deepEqual(culpritsOf(claims.map((data) => ringClaim(data))), [0, 2]);
  }
});

test('errors of one proof that would cancel across its equations are refused', () => {
  // z enters (2) as −z·H and z_A enters (1) as +z_A·H: without a weight each, equal errors would vanish.
  const data = shifted(shifted(PROOFS[0]!, 1, 5n), 2, 5n);
  assert.deepEqual(culpritsOf([ringClaim(data)]), [0]);
});

test('a failed batch names exactly the proofs that fail alone', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (wrong) => {
      const claims = wrong.map((bad, i) => ringClaim(bad ? shifted(PROOFS[i]!, i % 3, 1n) : PROOFS[i]!));
      assert.deepEqual(
        culpritsOf(claims),
        wrong.flatMap((bad, i) => (bad ? [i] : [])),
      );
    }),
    { numRuns: 20 },
  );
});

test('proofs over different rings, enrolments and statements share one batch', () => {
  const wide = ringOf(20);
  const narrow = parseRing({ ...ringParts(6), selector: 'role:nurse' });
  const said = { letterId: LETTER, P: member(3).tag.bytes, seq: 1, prev: NO_PREVIOUS, body: MESSAGE };
  const control = controlStatement(said);
  const name = nameStatement(wide, 3, said);
  const stubs = [member(0), member(1)].map((secret) => secret.stub.bytes);
  const claims = [
    ringClaim(PROOFS[0]!),
    ringClaim(prove(wide, 19, member(19), LETTER, MESSAGE), wide),
    ringClaim(prove(narrow, 2, member(2), LETTER, MESSAGE), narrow),
    ringClaim(prove(wide, 0, member(0), LETTER, MESSAGE), wide),
    EnrolmentClaim.parse(ROLL, MESSAGE, stubs, proveEnrolment(ROLL, MESSAGE, [member(0), member(1)])),
    ControlClaim.parse(control, said.P, signControl(member(3), control)),
    NameClaim.parse(wide, 3, name, said.P, signName(wide, 3, member(3), name)),
  ];
  verifyBatch(claims);
  assert.deepEqual(culpritsOf([...claims, ringClaim(PROOFS[1]!, narrow), ...claims]), [claims.length]);
});

test('a batch that fails as a whole but in no half is refused, and all of it named', () => {
  // Claims that notice how many are judged together: no honest one does, but a fault in the sum must not pass either.
  const together = new WeakMap<object, number>();
  const claim: Claim = {
    accumulate(total) {
      const count = (together.get(total) ?? 0) + 1;
      together.set(total, count);
      if (count === 4) total.addBase(1n);
    },
  };
  assert.deepEqual(culpritsOf([claim, claim, claim, claim]), [0, 1, 2, 3]);
});

test('the same proof twice and an empty batch hold', () => {
  verifyBatch([ringClaim(PROOFS[0]!), ringClaim(PROOFS[0]!)]);
  verifyBatch([]);
});
