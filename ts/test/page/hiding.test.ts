import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiding } from '../../src/page/hiding.ts';

test('whoever looks at 710 of 770, all unnamed, is right in 92 of 100 cases', () => {
  const figures = hiding(770, 0, 709);
  assert.equal(figures.unnamed, 710);
  assert.equal(Math.round(100 * figures.now), 92);
  assert.equal(figures.everybodyKnows, false);
});

test('when all without a name have signed, everybody knows', () => {
  const figures = hiding(60, 20, 39);
  assert.equal(figures.others, 40);
  assert.equal(figures.everybodyKnows, true);
  assert.equal(figures.everybodyWill, true);
});

test('if it ends like 710 of 770 with many names, the end can be worse than now', () => {
  const figures = hiding(770, 300, 10);
  assert.equal(figures.unnamed, 11);
  assert.equal(figures.atTheEnd, 410 / 470);
  assert.equal(hiding(770, 715, 0).everybodyWill, false);
});

test('a small group is said to be one', () => {
  assert.equal(hiding(19, 0, 0).few, true);
  assert.equal(hiding(20, 0, 0).few, false);
});

test('figures stay sensible when the server counts what cannot be', () => {
  const figures = hiding(10, 12, 30);
  assert.equal(figures.others, 1);
  assert.ok(figures.now <= 1);
});
