/** RFC 9496, appendix A, and the check values of spec/proof.md, 1. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sha512 } from '@noble/hashes/sha2.js';
import { encodeHex, parseHex, utf8 } from '../../src/primitives/encoding.ts';
import {
  add,
  G,
  IDENTITY,
  multiply,
  multiplyBase,
  parsePoint,
  pointFromUniform,
  subtract,
  vartimeMultiscalar,
} from '../../src/primitives/group.ts';
import { L } from '../../src/primitives/scalar.ts';
import { H, K } from '../../src/proof/generators.ts';
import { rejectsFormat } from '../cast.ts';
import { parseStrictJson } from '../read-vectors.ts';

interface Rfc9496 {
  readonly multiples_of_the_generator: readonly string[];
  readonly bad_encodings: readonly { readonly why: string; readonly encodings: readonly string[] }[];
  readonly one_way_map: readonly { readonly label: string; readonly input: string; readonly point: string }[];
  readonly one_way_map_to_one_point: { readonly inputs: readonly string[]; readonly point: string };
}

const FILE = new URL('../../../vectors/third_party/rfc9496.json', import.meta.url);
const RFC = parseStrictJson(readFileSync(FILE, 'utf8')) as Rfc9496;

test('small multiples of the generator have the encodings of RFC 9496 A.1', () => {
  assert.equal(RFC.multiples_of_the_generator.length, 16);
  RFC.multiples_of_the_generator.forEach((encoding, k) => {
    assert.equal(encodeHex(multiplyBase(BigInt(k)).bytes), encoding);
    assert.equal(encodeHex(vartimeMultiscalar([[BigInt(k), G]]).bytes), encoding);
    if (k > 0) assert.ok(parsePoint('point', parseHex('point', encoding, 32)).equals(multiplyBase(BigInt(k))));
  });
});

test('every bad encoding of RFC 9496 A.2 is refused', () => {
  const bad = RFC.bad_encodings.flatMap(({ encodings }) => encodings);
  assert.equal(bad.length, 29);
  for (const encoding of bad) rejectsFormat(() => parsePoint('P', parseHex('hex', encoding)), 'P');
});

test('a point with its top bit set is no second encoding of it', () => {
  const encoded = G.bytes;
  encoded[31]! |= 0x80;
  rejectsFormat(() => parsePoint('P', encoded), 'P');
});

test('the identity, a missing and a trailing byte are no point', () => {
  rejectsFormat(() => parsePoint('P', new Uint8Array(32)), 'P');
  rejectsFormat(() => parsePoint('P', G.bytes.slice(1)), 'P');
  rejectsFormat(() => parsePoint('P', new Uint8Array([...G.bytes, 0])), 'P');
});

test('the one-way map gives the points of RFC 9496 A.3', () => {
  assert.equal(RFC.one_way_map.length, 7);
  for (const { label, input, point } of RFC.one_way_map) {
    assert.equal(encodeHex(sha512(utf8(label))), input);
    assert.equal(encodeHex(pointFromUniform(parseHex('input', input, 64)).bytes), point);
  }
  assert.equal(RFC.one_way_map_to_one_point.inputs.length, 4);
  for (const input of RFC.one_way_map_to_one_point.inputs) {
    const { bytes } = pointFromUniform(parseHex('input', input, 64));
    assert.equal(encodeHex(bytes), RFC.one_way_map_to_one_point.point);
  }
  assert.throws(() => pointFromUniform(new Uint8Array(63)), RangeError);
});

test('the generators are those of the check values', () => {
  assert.equal(encodeHex(H.bytes), 'd63f54660d110549e3d8d9269e5acbca57ec5033b9348e2d6a6b239bd0f1470e');
  assert.equal(encodeHex(K[0]![0]![0]!.bytes), 'f6e2991a666147f495c0fb5ce865b665c407735911dd42b74d322fca5f640153');
  assert.equal(encodeHex(K[1]![6]![3]!.bytes), '9e621cc220d83bacb273714964a654635909ea790a1dd2bc64578f3838277f3b');
});

test('scalars are taken mod l, zero and negative ones too', () => {
  assert.ok(multiply(0n, H).isIdentity());
  assert.ok(multiply(L, H).isIdentity());
  assert.ok(multiply(5n, IDENTITY).isIdentity());
  assert.ok(add(multiply(-1n, H), H).isIdentity());
  assert.ok(subtract(H, H).isIdentity());
});

test('the sum of many products is the sum one by one', () => {
  const terms = [3n, 0n, L - 1n, 2n ** 251n, -7n].map((scalar, i) => [scalar, K[0]![i]![i % 4]!] as const);
  const slow = terms.reduce((sum, [scalar, point]) => add(sum, multiply(scalar, point)), IDENTITY);
  assert.ok(vartimeMultiscalar(terms).equals(slow));
  assert.ok(vartimeMultiscalar([]).isIdentity());
});

test('changing the bytes a point gave out leaves the point as it was', () => {
  const encoded = G.bytes;
  const point = parsePoint('P', encoded);
  encoded.fill(0);
  point.bytes.fill(0);
  assert.deepEqual(point.bytes, G.bytes);
});
