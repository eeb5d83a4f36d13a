import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiding, hidingInRole } from '../../src/page/hiding.ts';
import type { Count } from '../../src/page/standing.ts';

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

const HOTEL = {
  ring: 20,
  named: 2,
  unnamed: 5,
  by_role: [
    { role: 'Cuisine', ring: 10, named: 1, unnamed: 2 },
    { role: 'Salle', ring: 10, named: 1, unnamed: 1 },
  ],
} as unknown as Count;

test('by role one hides among those with it, who signed as one of them or in proportion as one of all', () => {
  // Two of all have signed before, and this one as a cook: 3 + 2 · (9 − 3) / (18 − 4).
  const byRole = hidingInRole(HOTEL, 'Cuisine', true)!;
  assert.equal(byRole.among, 10);
  assert.ok(Math.abs(byRole.unnamed - (3 + 12 / 14)) < 1e-9);
  const asOneOfAll = hidingInRole(HOTEL, 'Cuisine', false)!;
  assert.ok(Math.abs(asOneOfAll.unnamed - (2 + (3 * 7) / 15)) < 1e-9);
  assert.equal(hidingInRole(HOTEL, 'Cave', false), undefined);
});

test('when all with a role have signed as one of them, everybody knows', () => {
  const by_role = [{ role: 'Cuisine', ring: 10, named: 1, unnamed: 8 }];
  assert.equal(hidingInRole({ ...HOTEL, unnamed: 8, by_role }, 'Cuisine', true)!.everybodyKnows, true);
});
