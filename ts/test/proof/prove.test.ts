/** One proof over rings of every small size, and every way to change it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FormatError, ProofInvalid } from '../../src/errors.ts';
import { concat, encodeHex, littleEndian } from '../../src/primitives/encoding.ts';
import { add, G, parsePoint } from '../../src/primitives/group.ts';
import { encodeScalar, L, parseScalar } from '../../src/primitives/scalar.ts';
import { encodeProof, firstMessage, parseProof, proofBytes } from '../../src/proof/codec.ts';
import { foldTail, indexPolynomials, prove } from '../../src/proof/prove.ts';
import { parseRing } from '../../src/proof/ring.ts';
import { RingClaim, verifyProof } from '../../src/proof/verify.ts';
import { flipped, LETTER, MESSAGE, member, rejectsFormat, ringOf, ringParts, SLOT } from '../cast.ts';

const RING = ringOf(7);
const PROOF = prove(RING, 4, member(4), LETTER, MESSAGE);
const POINT_FIELDS = ['P', 'A', 'B', 'Q_0', 'Q_1', 'R'];
const SCALAR_FIELDS = ['f_0,1', 'f_0,2', 'f_0,3', 'f_1,1', 'f_1,2', 'f_1,3', 'z_A', 'z', 'z_P'];

/** PROOF with the 32 bytes at place `part` replaced. */
function withPart(part: number, bytes: Uint8Array): Uint8Array {
  return concat(PROOF.slice(0, 32 * part), bytes, PROOF.slice(32 * (part + 1)));
}
const partOf = (part: number): Uint8Array => PROOF.slice(32 * part, 32 * (part + 1));

test('every member of a ring of 1 to 20 can prove', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.nat(), fc.uint8Array(), (size, pick, message) => {
      const ring = ringOf(size);
      const index = pick % size;
      const data = prove(ring, index, member(index), LETTER, message);
      assert.equal(data.length, proofBytes(ring.m));
      verifyProof(ring, LETTER, message, data);
    }),
    { numRuns: 25 },
  );
});

test('the first and the last place of every size around a power of four can prove', () => {
  for (const size of [1, 2, 3, 4, 5, 15, 16, 17]) {
    for (const index of new Set([0, size - 1])) {
      verifyProof(ringOf(size), LETTER, MESSAGE, prove(ringOf(size), index, member(index), LETTER, MESSAGE));
    }
  }
});

test('a proof over 770 stubs has 864 bytes', () => {
  assert.equal(proofBytes(ringOf(770).m), 864);
});

test('the same salt gives the same bytes, fresh ones differ but for the tag', () => {
  const nonceSalt = new Uint8Array(32).fill(1);
  const fixed = (): Uint8Array => prove(RING, 4, member(4), LETTER, MESSAGE, { nonceSalt });
  assert.deepEqual(fixed(), fixed());
  const fresh = prove(RING, 4, member(4), LETTER, MESSAGE);
  assert.deepEqual(fresh.slice(0, 32), PROOF.slice(0, 32));
  for (let part = 1; part < PROOF.length / 32; part++) {
    assert.notEqual(encodeHex(fresh.slice(32 * part, 32 * part + 32)), encodeHex(partOf(part)));
  }
});

test('progress rises to 1', () => {
  const shares: number[] = [];
  prove(RING, 4, member(4), LETTER, MESSAGE, { progress: (share) => shares.push(share) });
  assert.deepEqual(shares, [...new Set(shares)].sort());
  assert.equal(shares.at(-1), 1);
});

test('a secret at another place, of another slot or outside the ring is the caller’s mistake', () => {
  for (const [index, secret] of [
    [3, member(4)],
    [7, member(7)],
    [-1, member(0)],
    [0.5, member(0)],
    [4, member(4, SLOT + 1)],
  ] as const) {
    assert.throws(() => prove(RING, index, secret, LETTER, MESSAGE), RangeError);
  }
  const stubOfNextSlot = member(4, SLOT + 1).stub.bytes;
  const mixed = parseRing({ ...ringParts(7), stubs: ringParts(7).stubs.with(4, stubOfNextSlot) });
  assert.throws(() => prove(mixed, 4, member(4, SLOT + 1), LETTER, MESSAGE), /another roll or slot/);
  const elsewhere = parseRing({ ...ringParts(7), rollId: new Uint8Array(32) });
  assert.throws(() => prove(elsewhere, 4, member(4), LETTER, MESSAGE), /another roll or slot/);
});

test('what parses encodes to the same bytes', () => {
  assert.deepEqual(encodeProof(parseProof(PROOF, 2)), PROOF);
  fc.assert(
    fc.property(fc.nat(PROOF.length - 1), fc.integer({ min: 1, max: 255 }), (place, mask) => {
      const data = flipped(PROOF, place, mask);
      try {
        assert.deepEqual(encodeProof(parseProof(data, 2)), data);
      } catch (error) {
        assert.ok(error instanceof FormatError);
      }
    }),
    { numRuns: 300 },
  );
});

test('a proof with any byte changed is refused', () => {
  fc.assert(
    fc.property(fc.nat(PROOF.length - 1), fc.integer({ min: 1, max: 255 }), (place, mask) => {
      assert.throws(
        () => verifyProof(RING, LETTER, MESSAGE, flipped(PROOF, place, mask)),
        (error) => error instanceof FormatError || error instanceof ProofInvalid,
      );
    }),
    { numRuns: 150 },
  );
});

test('each field changed to another valid value is refused by an equation', () => {
  for (const part of POINT_FIELDS.keys()) {
    const data = withPart(part, add(parsePoint('x', partOf(part)), G).bytes);
    assert.throws(() => verifyProof(RING, LETTER, MESSAGE, data), ProofInvalid);
  }
  for (const i of SCALAR_FIELDS.keys()) {
    const part = POINT_FIELDS.length + i;
    const data = withPart(part, encodeScalar(parseScalar('x', partOf(part)) + 1n));
    assert.throws(() => verifyProof(RING, LETTER, MESSAGE, data), ProofInvalid);
  }
});

test('each field that is not canonical is refused by its name', () => {
  POINT_FIELDS.forEach((field, part) => {
    rejectsFormat(() => verifyProof(RING, LETTER, MESSAGE, withPart(part, new Uint8Array(32))), field);
    rejectsFormat(() => verifyProof(RING, LETTER, MESSAGE, withPart(part, new Uint8Array(32).fill(255))), field);
  });
  SCALAR_FIELDS.forEach((field, i) => {
    const part = POINT_FIELDS.length + i;
    const again = littleEndian(parseScalar('x', partOf(part)) + L, 32);
    rejectsFormat(() => verifyProof(RING, LETTER, MESSAGE, withPart(part, again)), field);
  });
});

test('a letter of another length is refused', () => {
  rejectsFormat(() => verifyProof(RING, LETTER.slice(1), MESSAGE, PROOF), 'letter');
});

test('a byte too few or too many, or a proof for another m, is refused', () => {
  for (const data of [PROOF.slice(1), PROOF.slice(0, -1), concat(PROOF, Uint8Array.of(0)), new Uint8Array()]) {
    rejectsFormat(() => verifyProof(RING, LETTER, MESSAGE, data), 'proof');
  }
  rejectsFormat(() => verifyProof(ringOf(17), LETTER, MESSAGE, PROOF), 'proof');
});

test('every field of the first message and of the statement changes the challenge', () => {
  const xi = (data: Uint8Array, letter = LETTER, message = MESSAGE, ring = RING): bigint =>
    RingClaim.parse(ring, letter, message, data).xi;
  const moved = POINT_FIELDS.map((_, part) => withPart(part, add(parsePoint('x', partOf(part)), G).bytes));
  const challenges = [
    ...[PROOF, ...moved].map((data) => xi(data)),
    xi(PROOF, new Uint8Array(32)),
    xi(PROOF, LETTER, new Uint8Array()),
    xi(PROOF, LETTER, MESSAGE, parseRing({ ...ringParts(7), head: new Uint8Array(32) })),
  ];
  assert.equal(new Set(challenges).size, challenges.length);
});

test('a proof for another letter, message, roll, head, selector, slot or order of the ring is refused', () => {
  const parts = ringParts(7);
  const other = new Uint8Array(32);
  assert.throws(() => verifyProof(RING, other, MESSAGE, PROOF), ProofInvalid);
  assert.throws(() => verifyProof(RING, LETTER, MESSAGE.slice(1), PROOF), ProofInvalid);
  for (const changed of [
    { ...parts, rollId: other },
    { ...parts, head: other },
    { ...parts, selector: 'role:nurse' },
    { ...parts, slot: SLOT + 1 },
    { ...parts, stubs: parts.stubs.toReversed() },
    ringParts(8),
  ]) {
    assert.throws(() => verifyProof(parseRing(changed), LETTER, MESSAGE, PROOF), ProofInvalid);
  }
});

test('the coefficients of every power below the last add up to zero, and the fold keeps that', () => {
  const a = [1n, 2n, 3n].map((k) => [L - 6n * k, k, 2n * k, 3n * k]);
  const polynomials = indexPolynomials([3, 0, 2], a);
  assert.equal(polynomials.length, 64);
  assert.equal(polynomials.flat().length, 64 + (64 * 3) / 4, 'the rest are zero and not stored');
  for (const coefficients of [polynomials, foldTail(polynomials, 40, 3), foldTail(polynomials, 1, 3)]) {
    const sums = [0, 1, 2, 3].map((e) => coefficients.reduce((sum, p) => sum + (p[e] ?? 0n), 0n) % L);
    assert.deepEqual(sums, [0n, 0n, 0n, 1n]);
  }
  assert.equal(foldTail(polynomials, 40, 3).length, 40);
});

test('the first message is what the proof’s bytes hold after the tag', () => {
  assert.deepEqual(firstMessage(parseProof(PROOF, 2)), PROOF.slice(32, 32 * POINT_FIELDS.length));
});
