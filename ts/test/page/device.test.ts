import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarFile } from '../../src/page/calendar.ts';
import { pauseSeconds } from '../../src/page/courier.ts';
import { lock, unlock } from '../../src/page/pin.ts';

test('a reminder says nothing but its title', () => {
  const file = calendarFile('Reminder', 1_795_478_400, 1_795_000_000, '1234');
  assert.match(file, /^BEGIN:VCALENDAR\r\n/);
  assert.match(file, /\r\nDTSTART:20261124T000000Z\r\nDTEND:20261124T001500Z\r\nSUMMARY:Reminder\r\n/);
  assert.doesNotMatch(file, /letter|sign|http|ruban/i);
});

test('what is behind a PIN comes back with that PIN alone', async () => {
  const locked = await lock('2468', [{ title: 'To the board' }]);
  assert.deepEqual(await unlock('2468', locked), [{ title: 'To the board' }]);
  assert.equal(await unlock('2469', locked), undefined);
});

test('what is behind a PIN cannot be read in the store', async () => {
  const { bytes } = await lock('2468', ['To the board']);
  assert.doesNotMatch(Buffer.from(bytes).toString('latin1'), /board/);
});

test('the page looks again soon at first, and every half minute later', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 20].map(pauseSeconds), [1, 1, 1, 2, 4, 8, 16, 30, 30]);
});
