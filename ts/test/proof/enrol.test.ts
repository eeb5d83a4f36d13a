import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProofInvalid } from '../../src/errors.ts';
import { concat, littleEndian, utf8 } from '../../src/primitives/encoding.ts';
import { add, G, parsePoint } from '../../src/primitives/group.ts';
import { encodeScalar, L, parseScalar } from '../../src/primitives/scalar.ts';
import { MAX_SLOTS, proveEnrolment, verifyEnrolment } from '../../src/proof/enrol.ts';
import { member, ROLL, rejectsFormat } from '../cast.ts';

const ROW = utf8('{"kind":"roll.row"}');
const SECRETS = [0, 1, 2, 3].map((slot) => member(0, slot));
const STUBS = SECRETS.map((secret) => secret.stub.bytes);
const PROOF = proveEnrolment(ROLL, ROW, SECRETS);
const [R, Z_S, Z_R] = [0, 32, 64].map((at) => PROOF.slice(at, at + 32)) as [Uint8Array, Uint8Array, Uint8Array];

test('a row of one and of many stubs is accepted', () => {
  verifyEnrolment(ROLL, ROW, STUBS, PROOF);
  const [first] = SECRETS;
  verifyEnrolment(ROLL, ROW, [STUBS[0]!], proveEnrolment(ROLL, ROW, [first!]));
});

test('another roll, row, order or set of stubs is refused', () => {
  for (const [roll, row, stubs] of [
    [new Uint8Array(32), ROW, STUBS],
    [ROLL, ROW.slice(1), STUBS],
    [ROLL, ROW, STUBS.toReversed()],
    [ROLL, ROW, STUBS.slice(1)],
    [ROLL, ROW, STUBS.with(2, member(1).stub.bytes)],
  ] as const) {
    assert.throws(() => verifyEnrolment(roll, row, stubs, PROOF), ProofInvalid);
  }
});

test('each field changed to another valid value is refused', () => {
  const next = (z: Uint8Array): Uint8Array => encodeScalar(parseScalar('z', z) + 1n);
  for (const data of [
    concat(add(parsePoint('R', R), G).bytes, Z_S, Z_R),
    concat(R, next(Z_S), Z_R),
    concat(R, Z_S, next(Z_R)),
    concat(R, Z_R, Z_S),
  ]) {
    assert.throws(() => verifyEnrolment(ROLL, ROW, STUBS, data), ProofInvalid);
  }
});

test('each field that is not canonical is refused by its name', () => {
  const over = (z: Uint8Array): Uint8Array => littleEndian(parseScalar('z', z) + L, 32);
  const verify = (data: Uint8Array) => () => verifyEnrolment(ROLL, ROW, STUBS, data);
  rejectsFormat(verify(concat(new Uint8Array(32), Z_S, Z_R)), 'R');
  rejectsFormat(verify(concat(R, over(Z_S), Z_R)), 'z_s');
  rejectsFormat(verify(concat(R, Z_S, over(Z_R))), 'z_r');
  rejectsFormat(verify(PROOF.slice(1)), 'enrolment proof');
  rejectsFormat(verify(concat(PROOF, PROOF)), 'enrolment proof');
});

test('no stub, too many, a doubled one and the identity are refused', () => {
  const verify = (stubs: Uint8Array[]) => () => verifyEnrolment(ROLL, ROW, stubs, PROOF);
  rejectsFormat(verify([]), 'stubs');
  rejectsFormat(verify(new Array<Uint8Array>(MAX_SLOTS + 1).fill(STUBS[0]!)), 'stubs');
  rejectsFormat(verify([STUBS[0]!, STUBS[1]!, STUBS[0]!]), 'stubs');
  rejectsFormat(verify([STUBS[0]!, new Uint8Array(32)]), 'stub 1');
  assert.throws(() => proveEnrolment(ROLL, ROW, []), RangeError);
});
