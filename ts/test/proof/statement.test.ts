import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProofInvalid } from '../../src/errors.ts';
import { concat, encodeHex, littleEndian } from '../../src/primitives/encoding.ts';
import { add, G, multiply, parsePoint } from '../../src/primitives/group.ts';
import { encodeScalar, L, parseScalar } from '../../src/primitives/scalar.ts';
import { challenge } from '../../src/primitives/transcript.ts';
import { H } from '../../src/proof/generators.ts';
import { parseRing } from '../../src/proof/ring.ts';
import {
  controlStatement,
  NO_PREVIOUS,
  nameStatement,
  type Said,
  signControl,
  signName,
  verifyControl,
  verifyName,
} from '../../src/proof/statement.ts';
import { LETTER, MESSAGE, member, rejectsFormat, ringOf, ringParts } from '../cast.ts';

const RING = ringOf(5);
const BEN = member(3);
const P = BEN.tag.bytes;
const SAID: Said = { letterId: LETTER, P, seq: 1, prev: new Uint8Array(64).fill(9), body: MESSAGE };
const CONTROL = controlStatement(SAID);
const CONTROL_SIGNATURE = signControl(BEN, CONTROL);
const NAME = nameStatement(RING, 3, SAID);
const NAME_SIGNATURE = signName(RING, 3, BEN, NAME);

const VARIANTS: Said[] = [
  SAID,
  { ...SAID, letterId: new Uint8Array(32) },
  { ...SAID, P: member(2).tag.bytes },
  { ...SAID, seq: 2 },
  { ...SAID, prev: NO_PREVIOUS },
  { ...SAID, body: MESSAGE.slice(1) },
];
const nextScalar = (data: Uint8Array, at: number): Uint8Array =>
  concat(data.slice(0, at), encodeScalar(parseScalar('z', data.slice(at, at + 32)) + 1n), data.slice(at + 32));
const nextPoint = (data: Uint8Array, at: number): Uint8Array =>
  concat(data.slice(0, at), add(parsePoint('R', data.slice(at, at + 32)), G).bytes, data.slice(at + 32));
const overScalar = (data: Uint8Array, at: number): Uint8Array =>
  concat(data.slice(0, at), littleEndian(parseScalar('z', data.slice(at, at + 32)) + L, 32), data.slice(at + 32));
const noPoint = (data: Uint8Array, at: number): Uint8Array =>
  concat(data.slice(0, at), new Uint8Array(32), data.slice(at + 32));

test('a withdrawal by the holder of the tag is accepted', () => {
  assert.equal(CONTROL_SIGNATURE.length, 64);
  verifyControl(CONTROL, P, CONTROL_SIGNATURE);
});

test('everything a later statement says is bound', () => {
  const digests = VARIANTS.map(controlStatement);
  assert.equal(new Set(digests.map(encodeHex)).size, VARIANTS.length);
  for (const other of digests.slice(1)) {
    assert.throws(() => verifyControl(other, P, CONTROL_SIGNATURE), ProofInvalid);
  }
});

test('a later statement by another tag, or changed, is refused', () => {
  assert.throws(() => verifyControl(CONTROL, member(2).tag.bytes, CONTROL_SIGNATURE), ProofInvalid);
  assert.throws(() => verifyControl(CONTROL, P, nextPoint(CONTROL_SIGNATURE, 0)), ProofInvalid);
  assert.throws(() => verifyControl(CONTROL, P, nextScalar(CONTROL_SIGNATURE, 32)), ProofInvalid);
});

test('a later statement with a field that is not canonical is refused by its name', () => {
  rejectsFormat(() => verifyControl(CONTROL, new Uint8Array(32), CONTROL_SIGNATURE), 'tag');
  rejectsFormat(() => verifyControl(CONTROL, P, noPoint(CONTROL_SIGNATURE, 0)), 'R');
  rejectsFormat(() => verifyControl(CONTROL, P, overScalar(CONTROL_SIGNATURE, 32)), 'z');
  rejectsFormat(() => verifyControl(CONTROL, P, CONTROL_SIGNATURE.slice(1)), "statement's signature");
});

test('a signature by name is accepted', () => {
  assert.equal(NAME_SIGNATURE.length, 128);
  verifyName(RING, 3, NAME, P, NAME_SIGNATURE);
});

test('everything a signature by name says is bound, the ring and the place too', () => {
  const elsewhere = parseRing({ ...ringParts(5), head: new Uint8Array(32) });
  const digests = [
    ...VARIANTS.map((said) => nameStatement(RING, 3, said)),
    nameStatement(RING, 2, SAID),
    nameStatement(elsewhere, 3, SAID),
  ];
  assert.equal(new Set(digests.map(encodeHex)).size, digests.length);
  for (const other of digests.slice(1)) {
    assert.throws(() => verifyName(RING, 3, other, P, NAME_SIGNATURE), ProofInvalid);
  }
});

test('a signature by name at another place, by another tag, or changed, is refused', () => {
  assert.throws(() => verifyName(RING, 2, NAME, P, NAME_SIGNATURE), ProofInvalid);
  assert.throws(() => verifyName(RING, 3, NAME, member(2).tag.bytes, NAME_SIGNATURE), ProofInvalid);
  for (const at of [0, 32]) {
    assert.throws(() => verifyName(RING, 3, NAME, P, nextPoint(NAME_SIGNATURE, at)), ProofInvalid);
  }
  for (const at of [64, 96]) {
    assert.throws(() => verifyName(RING, 3, NAME, P, nextScalar(NAME_SIGNATURE, at)), ProofInvalid);
  }
});

test('a row that copied the serial cannot claim the signature without the key of the tag', () => {
  // Eve's stub is s·G + r'·H with Ben's s: she knows r' but not x.
  const blinding = 12345n;
  const eve = add(multiply(BEN.s, G), multiply(blinding, H));
  const ring = parseRing({ ...ringParts(5), stubs: ringParts(5).stubs.with(4, eve.bytes) });
  const sd = nameStatement(ring, 4, SAID);
  const [k1, k2, guess] = [11n, 22n, 33n];
  const first = concat(multiply(k1, G).bytes, multiply(k2, H).bytes);
  const xi = challenge('name-challenge', sd, first);
  const data = concat(first, encodeScalar(k1 + xi * guess), encodeScalar(k2 + xi * blinding));
  assert.throws(() => verifyName(ring, 4, sd, P, data), ProofInvalid);
  verifyName(ring, 4, sd, P, concat(first, encodeScalar(k1 + xi * BEN.x), data.slice(96)));
});

test('a signature by name with a field that is not canonical is refused by its name', () => {
  rejectsFormat(() => verifyName(RING, 3, NAME, new Uint8Array(32), NAME_SIGNATURE), 'tag');
  rejectsFormat(() => verifyName(RING, 3, NAME, P, noPoint(NAME_SIGNATURE, 0)), 'R1');
  rejectsFormat(() => verifyName(RING, 3, NAME, P, noPoint(NAME_SIGNATURE, 32)), 'R2');
  rejectsFormat(() => verifyName(RING, 3, NAME, P, overScalar(NAME_SIGNATURE, 64)), 'z1');
  rejectsFormat(() => verifyName(RING, 3, NAME, P, overScalar(NAME_SIGNATURE, 96)), 'z2');
  rejectsFormat(() => verifyName(RING, 3, NAME, P, CONTROL_SIGNATURE), 'signature by name');
  rejectsFormat(() => verifyName(RING, 5, NAME, P, NAME_SIGNATURE), 'index');
  rejectsFormat(() => nameStatement(RING, -1, SAID), 'index');
});

test('an identifier or a previous digest of another length is refused', () => {
  for (const [field, said] of [
    ['letter', { ...SAID, letterId: LETTER.slice(1) }],
    ['prev', { ...SAID, prev: new Uint8Array(32) }],
  ] as const) {
    rejectsFormat(() => controlStatement(said), field);
    rejectsFormat(() => nameStatement(RING, 3, said), field);
  }
});

test('a secret that does not open the stub cannot sign by name', () => {
  assert.throws(() => signName(RING, 2, BEN, NAME), RangeError);
});
