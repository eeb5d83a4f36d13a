import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { SignatureInvalid } from '../../src/errors.ts';
import { parsePublicKey, publicKey, sign, verifyEd25519 } from '../../src/primitives/ed25519.ts';
import { concat, encodeHex, integerFromLittleEndian, littleEndian, parseHex } from '../../src/primitives/encoding.ts';
import { encodeScalar, L, scalarFromUniform } from '../../src/primitives/scalar.ts';
import { flipped, rejectsFormat } from '../cast.ts';

const SEED = parseHex('seed', '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
const KEY = parseHex('key', '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
const MESSAGE = Uint8Array.of(0x72);
const SIGNATURE = parseHex(
  'signature',
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
);

test('the second test of RFC 8032 §7.1 holds', () => {
  assert.deepEqual(publicKey(SEED), KEY);
  assert.equal(encodeHex(sign(SEED, MESSAGE)), encodeHex(SIGNATURE));
  verifyEd25519(KEY, MESSAGE, SIGNATURE);
});

test('another message, key or signature byte is refused', () => {
  assert.throws(() => verifyEd25519(KEY, Uint8Array.of(0x73), SIGNATURE), SignatureInvalid);
  assert.throws(() => verifyEd25519(publicKey(new Uint8Array(32)), MESSAGE, SIGNATURE), SignatureInvalid);
  for (let place = 0; place < 64; place++) {
    assert.throws(() => verifyEd25519(KEY, MESSAGE, flipped(SIGNATURE, place)), SignatureInvalid);
  }
});

test('the second signature that s + l would give is refused', () => {
  const s = integerFromLittleEndian(SIGNATURE.slice(32));
  const other = concat(SIGNATURE.slice(0, 32), littleEndian(s + L, 32));
  assert.throws(() => verifyEd25519(KEY, MESSAGE, other), SignatureInvalid);
});

test('a signature that holds only after multiplying by the cofactor is refused', () => {
  const torsion = ed25519.Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05');
  const R = ed25519.Point.BASE.multiply(77n).add(torsion);
  const secret = ed25519.utils.getExtendedPublicKey(SEED).scalar;
  const k = scalarFromUniform(sha512(concat(R.toBytes(), KEY, MESSAGE)));
  const data = concat(R.toBytes(), encodeScalar(77n + k * secret));
  assert.ok(ed25519.verify(data, MESSAGE, KEY), 'the library accepts it, which is why its check is not used');
  assert.throws(() => verifyEd25519(KEY, MESSAGE, data), SignatureInvalid);
});

test('keys of a wrong length, not canonical or of small order are refused', () => {
  for (const key of [
    KEY.slice(1),
    new Uint8Array([...KEY, 0]),
    new Uint8Array(32),
    Uint8Array.of(1, ...new Uint8Array(31)),
    littleEndian(2n ** 255n - 19n, 32),
    parseHex('key', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  ]) {
    rejectsFormat(() => parsePublicKey('row key', key), 'row key');
  }
  rejectsFormat(() => verifyEd25519(KEY, MESSAGE, SIGNATURE.slice(1)), 'signature');
});
