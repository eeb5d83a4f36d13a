import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { encodeHex } from '../../src/primitives/encoding.ts';
import { MemberSecret, SlotSecret } from '../../src/proof/secret.ts';
import { member, ROLL } from '../cast.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, i) => 7 * i);

test('slot 3 of the zero seed has the tag and stub of the check values', () => {
  const secret = MemberSecret.fromSeed(ROLL, new Uint8Array(32)).slot(3);
  assert.equal(encodeHex(secret.tag.bytes), 'e668c9287956d0f9ab54c56ee9ef9052623500d7f7c09d68ee0e51c785732929');
  assert.equal(encodeHex(secret.stub.bytes), 'be08b089ac330d8b82c2e175384be9320922cc5bbe2815065942141e0606701c');
});

test('slots, rolls and seeds give unrelated stubs, row keys and claim salts', () => {
  const own = MemberSecret.fromSeed(ROLL, SEED);
  const elsewhere = MemberSecret.fromSeed(new Uint8Array(32), SEED);
  const stubs = [own.slot(0), own.slot(1), elsewhere.slot(0), member(0, 0)].map((s) => encodeHex(s.stub.bytes));
  assert.equal(new Set(stubs).size, 4);
  assert.notDeepEqual(own.rowKey, elsewhere.rowKey);
  assert.notDeepEqual(own.claimSalt, elsewhere.claimSalt);
  assert.notDeepEqual(own.claimSalt, own.rowSeed);
});

test('an erased slot cannot be signed for, the others can', () => {
  const fresh = MemberSecret.freshPerSlot(ROLL, 3);
  const slots = new Map(fresh.slots);
  slots.delete(1);
  const kept = new MemberSecret(ROLL, { slots, rowSeed: fresh.rowSeed, claimSalt: fresh.claimSalt });
  assert.throws(() => kept.slot(1), RangeError);
  assert.ok(kept.slot(2).stub.equals(fresh.slot(2).stub));
  assert.ok(!fresh.slot(0).tag.equals(fresh.slot(1).tag));
});

test('a fresh secret is new each time and complete', () => {
  const [first, second] = [MemberSecret.fresh(ROLL), MemberSecret.fresh(ROLL)];
  assert.notDeepEqual(first.seed, second.seed);
  assert.deepEqual(MemberSecret.fromSeed(ROLL, first.seed!).rowKey, first.rowKey);
});

test('material of a wrong length is refused', () => {
  assert.throws(() => MemberSecret.fromSeed(ROLL, new Uint8Array(31)), RangeError);
  assert.throws(() => new SlotSecret(ROLL, 0, new Uint8Array(191)), RangeError);
});

test('nonces depend on the salt, the statement and the secret, and repeat for none', () => {
  const first = (secret: SlotSecret, statement: number, salt?: number): bigint => {
    const fixed = salt === undefined ? undefined : new Uint8Array(32).fill(salt);
    return secret.nonces(new Uint8Array(64).fill(statement), fixed).next().value;
  };
  const draws = [
    first(member(0), 0, 0),
    first(member(1), 0, 0),
    first(member(0), 1, 0),
    first(member(0), 0, 1),
    first(member(0), 0),
    first(member(0), 0),
  ];
  assert.equal(new Set(draws).size, draws.length);
  assert.equal(first(member(0), 0, 0), draws[0]);
  const sequence = member(0).nonces(new Uint8Array(64));
  assert.notEqual(sequence.next().value, sequence.next().value);
  assert.throws(() => member(0).nonces(new Uint8Array(64), new Uint8Array(31)).next(), RangeError);
});

test('secrets show nothing in a log or in JSON', () => {
  const secret = MemberSecret.fromSeed(ROLL, SEED);
  const slot = secret.slot(0);
  for (const shown of [inspect(secret), inspect(slot), JSON.stringify(secret), JSON.stringify({ slot })]) {
    assert.match(shown, /concealed/);
    assert.ok(!shown.includes(slot.x.toString()) && !shown.includes(encodeHex(SEED)) && shown.length < 60);
  }
});
