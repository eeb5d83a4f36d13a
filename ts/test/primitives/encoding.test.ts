import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeBase64,
  encodeHex,
  integerFromLittleEndian,
  le64,
  littleEndian,
  parseBase64,
  parseDecimal,
  parseHex,
} from '../../src/primitives/encoding.ts';
import { encodeScalar, L, parseScalar, scalarFromUniform } from '../../src/primitives/scalar.ts';
import { rejectsFormat } from '../cast.ts';

const bytes = fc.uint8Array({ maxLength: 80 });

test('hexadecimal and base64 return what was encoded', () => {
  fc.assert(
    fc.property(bytes, (data) => {
      assert.deepEqual(parseHex('x', encodeHex(data)), data);
      assert.deepEqual(parseBase64('x', encodeBase64(data)), data);
    }),
  );
});

test('text that is accepted is what its bytes encode to', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0aAfF+/=Zg- \n'), maxLength: 8 });
  const accepted = (parse: () => Uint8Array): Uint8Array | undefined => {
    try {
      return parse();
    } catch {
      return undefined;
    }
  };
  fc.assert(
    fc.property(text, (candidate) => {
      const hex = accepted(() => parseHex('x', candidate));
      if (hex !== undefined) assert.equal(encodeHex(hex), candidate);
      const base64 = accepted(() => parseBase64('x', candidate));
      if (base64 !== undefined) assert.equal(encodeBase64(base64), candidate);
    }),
    { numRuns: 2000 },
  );
});

test('hexadecimal is lower case, in pairs and of the size asked for', () => {
  for (const text of ['AB', 'abc', '0x', 'é1', 'ab\n', '１２']) rejectsFormat(() => parseHex('x', text), 'x');
  rejectsFormat(() => parseHex('x', 'abab', 1), 'x');
});

test('base64 with stray bits, breaks, missing padding or another alphabet is refused', () => {
  for (const text of ['QR==', 'QQ', 'QQ=', 'QQ==\n', 'Q Q=', '_-8=', '====']) {
    rejectsFormat(() => parseBase64('x', text), 'x');
  }
});

test('a decimal has no sign, leading zero, separator, foreign digit or twentieth digit', () => {
  assert.equal(parseDecimal('x', '0'), 0n);
  assert.equal(parseDecimal('x', '9999999999999999999'), 9999999999999999999n);
  for (const text of ['', '00', '+1', '-1', '1_0', '１', ' 1', '1\n', '1e3', '10000000000000000000']) {
    rejectsFormat(() => parseDecimal('x', text), 'x');
  }
});

test('le64 takes unsigned 64-bit integers alone', () => {
  assert.equal(encodeHex(le64(0x0102)), '0201000000000000');
  assert.equal(encodeHex(le64(2n ** 64n - 1n)), 'ffffffffffffffff');
  for (const value of [-1, 0.5, 2 ** 53, Number.NaN, 2n ** 64n]) assert.throws(() => le64(value), RangeError);
});

test('little-endian integers return as they were and do not overflow their bytes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
      assert.equal(integerFromLittleEndian(littleEndian(value, 32)), value);
    }),
  );
  assert.throws(() => littleEndian(256n, 1), RangeError);
  assert.throws(() => littleEndian(-1n, 1), RangeError);
  assert.equal(integerFromLittleEndian(new Uint8Array()), 0n);
});

test('a scalar of l or above, or of another length, is refused', () => {
  assert.equal(parseScalar('z', encodeScalar(L - 1n)), L - 1n);
  rejectsFormat(() => parseScalar('z', littleEndian(L, 32)), 'z');
  rejectsFormat(() => parseScalar('z', littleEndian(2n ** 256n - 1n, 32)), 'z');
  rejectsFormat(() => parseScalar('z', new Uint8Array(31)), 'z');
  rejectsFormat(() => parseScalar('z', new Uint8Array(33)), 'z');
});

test('an accepted scalar encodes to the same bytes, and encoding reduces mod l', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -L, max: L * 4n }), (value) => {
      const encoded = encodeScalar(value);
      assert.deepEqual(encodeScalar(parseScalar('z', encoded)), encoded);
      assert.equal((parseScalar('z', encoded) - value) % L, 0n);
    }),
  );
});

test('64 uniform bytes are read whole', () => {
  assert.equal(scalarFromUniform(new Uint8Array(64).fill(255)), (2n ** 512n - 1n) % L);
  assert.throws(() => scalarFromUniform(new Uint8Array(32)), RangeError);
});
