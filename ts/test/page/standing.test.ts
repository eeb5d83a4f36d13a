import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Count, clockIsWrong, standOf, wishTime } from '../../src/page/standing.ts';

const COUNT: Count = {
  letter: '00',
  index: 7,
  size: 100,
  signed: 3,
  named: 1,
  by_role: [],
  ring: 20,
  unnamed: 2,
  withdrawn: 0,
  enrolled: 30,
  entitled: 40,
  epoch: 50,
  opening: 1000,
  closing: 9000,
  unnamed_from: 2000,
  closed: false,
  paused: false,
  next_release: null,
  next_epoch: 4000,
  now: 3000,
};
const TERMS = { ways: ['name', 'unnamed'], ring_min: 10, unnamed_from: 2000 };
const SEAT = { among: 30, used: false };

test('whoever is on the list can sign an open letter either way', () => {
  assert.deepEqual(standOf(COUNT, TERMS, SEAT), { is: 'ready', unnamed: 'yes', name: true });
});

test('a closed letter takes nothing, not even from who could sign it', () => {
  assert.equal(standOf({ ...COUNT, closed: true }, TERMS, SEAT).is, 'closed');
  assert.equal(standOf({ ...COUNT, now: COUNT.closing }, TERMS, SEAT).is, 'closed');
});

test('before the opening the page says when it is', () => {
  assert.deepEqual(standOf({ ...COUNT, now: 999 }, TERMS, SEAT), { is: 'wait', why: 'opening', at: 1000 });
});

test('who enrolled after the list was made waits for the next signing time', () => {
  assert.deepEqual(standOf(COUNT, TERMS, undefined), { is: 'wait', why: 'epoch', at: 4000 });
  assert.deepEqual(standOf({ ...COUNT, next_epoch: null }, TERMS, undefined), {
    is: 'wait',
    why: 'epoch',
    at: undefined,
  });
});

test('the same member on a second device has signed already', () => {
  assert.equal(standOf(COUNT, TERMS, { ...SEAT, used: true }).is, 'used');
});

test('signing without a name waits until enough can hide it, and until its hour', () => {
  assert.deepEqual(standOf(COUNT, TERMS, { ...SEAT, among: 9 }), { is: 'ready', unnamed: 'few', name: true });
  assert.deepEqual(standOf({ ...COUNT, now: 1999 }, TERMS, SEAT), { is: 'ready', unnamed: 'later', name: true });
});

test('a way that the letter does not offer is not offered', () => {
  const stand = standOf(COUNT, { ...TERMS, ways: ['unnamed'] }, SEAT);
  assert.deepEqual(stand, { is: 'ready', unnamed: 'yes', name: false });
  assert.deepEqual(standOf(COUNT, { ...TERMS, ways: ['name'] }, SEAT), { is: 'ready', unnamed: 'no', name: true });
});

test('a clock is wrong once it is more than two minutes off, either way', () => {
  assert.equal(clockIsWrong(COUNT, 3120), false);
  assert.equal(clockIsWrong(COUNT, 3121), true);
  assert.equal(clockIsWrong(COUNT, 2879), true);
});

test('a kept choice is carried out after its time and in the first half of what is left', () => {
  assert.equal(wishTime(4000, 9000, 0), 4000);
  assert.ok(wishTime(4000, 9000, 0.999999) <= 6500);
  assert.ok(wishTime(4000, 10_000_000, 0.999999) <= 4000 + 6 * 3600);
  assert.equal(wishTime(9500, 9000, 0.5), 9500);
});
