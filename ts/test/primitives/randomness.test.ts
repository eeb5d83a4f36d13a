import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomBelow, randomBytes, randomScalar, randomWeight, shuffled } from '../../src/primitives/randomness.ts';
import { L } from '../../src/primitives/scalar.ts';

test('every value below a bound occurs and none at it', () => {
  for (const bound of [1, 2, 3, 5, 256, 257]) {
    const seen = new Set(Array.from({ length: bound * 20 }, () => Number(randomBelow(BigInt(bound)))));
    assert.equal(seen.size, bound);
    assert.equal(Math.max(...seen), bound - 1);
  }
  assert.throws(() => randomBelow(0n), RangeError);
});

test('scalars and weights reach the top of their ranges', () => {
  const scalars = Array.from({ length: 200 }, randomScalar);
  assert.ok(scalars.every((value) => value >= 0n && value < L));
  assert.ok(scalars.some((value) => value > (L * 9n) / 10n));
  const weights = Array.from({ length: 200 }, randomWeight);
  assert.ok(weights.every((value) => value >= 1n && value < 2n ** 128n));
  assert.ok(weights.some((value) => value > (2n ** 128n * 9n) / 10n));
  assert.equal(new Set(weights).size, 200);
});

test('more bytes than the platform gives at once are all drawn', () => {
  const data = randomBytes(200_000);
  for (let at = 0; at < data.length; at += 20_000) assert.ok(data.subarray(at, at + 64).some((byte) => byte !== 0));
});

test('shuffling keeps every item and reaches every order', () => {
  const orders = new Set(Array.from({ length: 300 }, () => shuffled('abc').join('')));
  assert.deepEqual([...orders].sort(), ['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
});
