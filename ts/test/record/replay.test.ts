/** Rules that no copy of the vectors' record breaks; those that one breaks are judged in ../audit/vectors.test.ts. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../src/primitives/encoding.ts';
import { letterPhase } from '../../src/record/phase.ts';
import { type Finding, finish } from '../../src/record/replay.ts';
import { tally } from '../../src/record/tally.ts';
import { committed, NOON, Writer, written } from './writer.ts';

function finds(findings: readonly Finding[], ...wanted: string[]): void {
  const found = findings.map(({ error }) => `${error.name} ${error.field}`);
  assert.deepEqual(found, wanted);
}

test('two signatures by name are counted, one of them withdrawn', () => {
  const writer = written();
  const letter = writer.opened(0);
  finds(writer.batch(writer.byName(letter, 0), writer.byName(letter, 1)));
  const [tag] = letter.signatures.keys();
  finds(writer.batch(writer.withdrawal(letter, tag!)));
  const { signed, named, withdrawn, enrolled, entitled } = tally(writer.state, letter);
  assert.deepEqual([signed, named, withdrawn, enrolled, entitled], [1, 1, 1, 2, 4]);
});

test('a tag that stands under one letter cannot sign another', () => {
  const writer = written();
  const [first, second] = [writer.opened(0), writer.opened(1)];
  const signed = writer.byName(first, 0);
  finds(writer.batch(signed));
  const { tag } = signed;
  finds(writer.batch({ ...writer.byName(second, 0), tag: tag! }), 'TagReused tag');
  finds(writer.batch(signed), 'TagReused tag');
});

test('an epoch before the letter’s first cannot sign', () => {
  const writer = written();
  finds(writer.batch(writer.row(), writer.row()));
  finds(writer.epoch());
  finds(writer.letter());
  const [early] = [...writer.state.roll.epochs.keys()];
  finds(writer.batch(writer.byName(writer.opened(2), 0, { epoch: early! })), 'RuleBroken epoch');
});

test('a stub that stands on the roll cannot stand there again', () => {
  const writer = written();
  const copied = encodeHex(writer.state.roll.columns[1]![0]!);
  const { stubs, ...row } = writer.row();
  finds(writer.batch({ ...row, stubs: (stubs as string[]).with(1, copied) }), 'RuleBroken stubs');
});

test('no more rows than entitled, and never an electorate below the rows', () => {
  const writer = written();
  finds(writer.batch(writer.row(), writer.row(), writer.row()), 'RuleBroken roll.row');
  const later = { kind: 'electorate', electorate_date: '2026-12-01', electorate_source: committed(3), at: NOON };
  finds(writer.signed({ ...later, electorate: 3 }), 'RuleBroken electorate');
  finds(writer.signed({ ...later, electorate: 5, electorate_date: '2026-02-29' }), 'FormatError electorate_date');
  finds(writer.signed({ ...later, electorate: 5, electorate_date: '0000-01-01' }), 'FormatError electorate_date');
  finds(writer.signed({ ...later, electorate: 5 }));
  finds(writer.batch(writer.row()));
});

test('a letter is extended once', () => {
  const writer = written();
  const change = { kind: 'letter.changed', letter: writer.opened(0).id, reason: committed(8), at: NOON };
  finds(writer.signed({ ...change, action: 'extend', closing: NOON + 2000 }));
  finds(writer.signed({ ...change, action: 'extend', closing: NOON + 3000 }), 'RuleBroken action');
  assert.equal(writer.opened(0).closing, NOON + 2000);
});

test('a cancelled letter cannot be changed, and a letter is not replaced by itself', () => {
  const writer = written();
  const [first, second] = [writer.opened(0).id, writer.opened(1).id];
  const change = { kind: 'letter.changed', reason: committed(8), at: NOON, closing: NOON };
  finds(writer.signed({ ...change, letter: second, action: 'supersede', by: second }), 'RuleBroken by');
  finds(writer.signed({ ...change, letter: second, action: 'supersede', by: first }));
  finds(writer.signed({ ...change, letter: second, action: 'cancel' }), 'LetterClosed letter');
  assert.equal(letterPhase(writer.state, writer.opened(1), NOON), 'superseded');
});

test('a letter closes no earlier than it says, and once', () => {
  const writer = written();
  const closed = { kind: 'letter.closed', letter: writer.opened(0).id };
  finds(writer.write({ ...closed, at: NOON + 999 }), 'RuleBroken at');
  finds(writer.write({ ...closed, at: NOON + 1000 }));
  finds(writer.write({ ...closed, at: NOON + 1000 }), 'LetterClosed letter');
  finds(writer.batch(writer.byName(writer.opened(0), 0)), 'LetterClosed time');
});

test('a tag says one thing a batch', () => {
  const writer = written();
  const letter = writer.opened(0);
  finds(writer.batch(writer.byName(letter, 0)));
  const tag = [...letter.signatures.keys()][0]!;
  const first = writer.withdrawal(letter, tag, { action: 'comment', text: committed(9) });
  const batch = { kind: 'batch', first: writer.state.size + 1, count: 2, time: NOON };
  finds(writer.write(batch));
  finds(writer.write(first));
  finds(writer.write(writer.withdrawal(letter, tag)), 'RuleBroken tag');
  finds(writer.batch(writer.withdrawal(letter, tag)));
});

test('a batch that the end cuts short is found', () => {
  const writer = written();
  writer.write({ kind: 'batch', first: writer.state.size + 1, count: 3, time: NOON });
  finds(finish(writer.state), 'RuleBroken batch');
});

test('nothing comes before the group, and a window of 0 is for a machine’s own address', () => {
  finds(new Writer().write({ kind: 'letter.closed', letter: committed(1), at: NOON }), 'RuleBroken entry 0');
  finds(new Writer().open({ origin: 'localhost.example' }), 'RuleBroken window');
  finds(new Writer().open({ window: 7 }), 'RuleBroken window');
  finds(new Writer().open({ quorum: 2 }), 'RuleBroken quorum');
});
