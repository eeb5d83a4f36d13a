import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeHex } from '../../src/primitives/encoding.ts';
import { G } from '../../src/primitives/group.ts';
import { digitsFor, MAX_RING, parseRing, type RingParts, Selector } from '../../src/proof/ring.ts';
import { member, ROLL, rejectsFormat, ringOf, ringParts } from '../cast.ts';

const withStub = (stub: Uint8Array): RingParts => ({ ...ringParts(3), stubs: ringParts(3).stubs.with(1, stub) });

test('m is the least number of digits, at least one', () => {
  const expected = { 1: 1, 4: 1, 5: 2, 16: 2, 17: 3, 64: 3, 65: 4, 1024: 5, 1025: 6, 4096: 6 };
  for (const [size, m] of Object.entries(expected)) assert.equal(digitsFor(Number(size)), m);
  for (const size of [0, -1, MAX_RING + 1, Number.NaN]) rejectsFormat(() => digitsFor(size), 'ring size');
});

test('everything that fixes a ring changes its digest', () => {
  const base = ringParts(3);
  const other = new Uint8Array(32);
  const variants: RingParts[] = [
    base,
    { ...base, rollId: other },
    { ...base, head: other },
    { ...base, selector: 'role:nurse' },
    { ...base, selector: 'all#0/2' },
    { ...base, slot: 3 },
    { ...base, stubs: base.stubs.toReversed() },
    { ...base, stubs: base.stubs.slice(1) },
    ringParts(4),
  ];
  assert.equal(new Set(variants.map((parts) => encodeHex(parseRing(parts).digest))).size, variants.length);
});

test('an empty ring, one too large, and a stub that stands twice are refused', () => {
  rejectsFormat(() => ringOf(0), 'ring size');
  const stubs = new Array<Uint8Array>(MAX_RING + 1).fill(G.bytes);
  rejectsFormat(() => parseRing({ ...ringParts(1), stubs }), 'ring size');
  rejectsFormat(() => parseRing(withStub(member(0).stub.bytes)), 'ring');
});

test('a stub that is the identity, not canonical or short is refused by its place', () => {
  for (const stub of [new Uint8Array(32), new Uint8Array(32).fill(255), new Uint8Array(31)]) {
    rejectsFormat(() => parseRing(withStub(stub)), 'stub 1');
  }
});

test('a roll or head of another length is refused', () => {
  rejectsFormat(() => parseRing({ ...ringParts(1), rollId: new Uint8Array(31) }), 'roll');
  rejectsFormat(() => parseRing({ ...ringParts(1), head: new Uint8Array(64) }), 'head');
});

test('a slot that is no number from 0 to 2^53 − 1 is refused', () => {
  for (const slot of [-1, 0.5, 2 ** 53, Number.NaN]) rejectsFormat(() => parseRing({ ...ringParts(1), slot }), 'slot');
});

test('a ring keeps what it was made from, whatever happens to those bytes later', () => {
  const stubs = ringParts(2).stubs.map((stub) => Uint8Array.from(stub));
  const ring = parseRing({ ...ringParts(2), stubs });
  stubs[0]!.fill(0);
  assert.deepEqual(ring.stubs[0]!.bytes, member(0).stub.bytes);
});

test('a selector has one text form', () => {
  for (const text of ['all', 'role:nurse', 'role:élu·e du personnel', 'all#0/2', 'role:nurse#1/2']) {
    assert.equal(Selector.parse(text).encode(), text);
  }
});

test('other selectors are refused', () => {
  for (const text of [
    '',
    'All',
    'all ',
    'all\n',
    'role:',
    'nurse',
    'role:a#b',
    'role:e\u0301lu',
    'role:\ud800',
    `role:${'é'.repeat(33)}`,
    'all#0/1',
    'all#2/2',
    'all#00/2',
    'all#0/02',
    'all#-1/2',
    'all#0/2#0/2',
  ]) {
    rejectsFormat(() => Selector.parse(text), 'selector');
  }
});

test('up to 4,096 rows make one ring in row order', () => {
  const rows = Array.from({ length: MAX_RING }, (_, row) => row);
  assert.deepEqual(new Selector().members(ROLL, rows), rows);
  rejectsFormat(() => Selector.parse('all#0/2').members(ROLL, rows), 'selector');
});

test('more rows fall into blocks of nearly equal size that hold each row once', () => {
  const rows = Array.from({ length: 2 * MAX_RING + 1 }, (_, row) => row);
  const blocks = [0, 1, 2].map((t) => Selector.parse(`all#${t}/3`).members(ROLL, rows));
  assert.deepEqual(
    blocks.map((block) => block.length),
    [2731, 2731, 2731],
  );
  assert.deepEqual(
    blocks.flat().toSorted((left, right) => left - right),
    rows,
  );
  assert.notDeepEqual(blocks[0], rows.slice(0, 2731));
  rejectsFormat(() => Selector.parse('all').members(ROLL, rows), 'selector');
});
