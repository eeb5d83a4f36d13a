import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leafHash } from '../../src/log/merkle.ts';
import { openLeaf } from '../../src/log/receipt.ts';
import { standingOf } from '../../src/page/member/history.ts';
import { findLeaf, receiptOf } from '../../src/page/member/inclusion.ts';
import { comment, prepareUnnamed, signByName, stepForward, withdraw } from '../../src/page/member/make.ts';
import { findPlaces, isUsed, readLetter } from '../../src/page/member/place.ts';
import { Group } from '../../src/page/member/record.ts';
import { findRow } from '../../src/page/member/row.ts';
import { concat, encodeHex, parseUtf8, utf8 } from '../../src/primitives/encoding.ts';
import { MemberSecret } from '../../src/proof/secret.ts';
import { verifyProof } from '../../src/proof/verify.ts';
import { bodyOf, bytesOf, parseEntryOf } from '../../src/record/entry.ts';
import { MEMBERS, SmallRecord, stubs } from './record.ts';

const ME = MEMBERS[3]!;
const MINE = ME.slot(0);

async function opened(record: SmallRecord) {
  const group = await Group.open(record);
  const letter = await readLetter(group, record.letter, record.letterId);
  return { group, letter };
}

async function placed(record: SmallRecord) {
  const { group, letter } = await opened(record);
  const places = (await findPlaces(group, letter, record.epoch, MINE.stub.bytes))!;
  return { group, letter, places, place: places.all };
}

function isError(name: string): (error: unknown) => boolean {
  return (error) => (error as Error).name === name;
}

test('a place is the row number in the whole column', async () => {
  const { place } = await placed(new SmallRecord());
  assert.equal(place.index, 3);
  assert.equal(place.ring.stubs.length, 12);
});

test('nothing that is asked for says who asks', async () => {
  const [one, other] = [new SmallRecord(), new SmallRecord()];
  for (const [record, member] of [
    [one, MEMBERS[0]!],
    [other, MEMBERS[11]!],
  ] as const) {
    const { group, letter } = await opened(record);
    await findPlaces(group, letter, record.epoch, member.slot(0).stub.bytes);
    await isUsed(group, letter, member.slot(0).tag.bytes);
  }
  assert.deepEqual(one.asked, other.asked);
});

test('a column that the record does not fix is refused: invented rows would leave one of ten', async () => {
  const record = new SmallRecord();
  const invented = stubs();
  invented[5] = MEMBERS[5]!.slot(1).stub.bytes;
  record.files.set(`roll/${record.epoch}/0`, concat(...invented));
  await assert.rejects(placed(record), (error: Error) => /column/.test(error.message));
});

test('a column with another number of rows is refused', async () => {
  const record = new SmallRecord();
  record.files.set(`roll/${record.epoch}/0`, concat(...stubs().slice(1)));
  await assert.rejects(placed(record), isError('FormatError'));
});

test('a stub that stands twice is refused', async () => {
  const rows = stubs();
  rows[5] = rows[6]!;
  await assert.rejects(placed(new SmallRecord({ rows })), isError('FormatError'));
});

test('a row whose owner has not this secret gives no place', async () => {
  const { group, letter } = await opened(new SmallRecord());
  assert.equal(await findPlaces(group, letter, 13, MEMBERS[3]!.slot(1).stub.bytes), undefined);
});

test('an epoch before the letter is refused', async () => {
  const { group, letter } = await opened(new SmallRecord());
  await assert.rejects(findPlaces(group, letter, 5, MINE.stub.bytes), isError('Refused'));
});

test('another letter at that place is refused', async () => {
  const record = new SmallRecord();
  const group = await Group.open(record);
  await assert.rejects(readLetter(group, record.letter, '11'.repeat(32)), isError('RuleBroken'));
});

test('a checkpoint of another key is refused', async () => {
  const record = new SmallRecord();
  record.publish(new Uint8Array(32).fill(9));
  await assert.rejects(Group.open(record), isError('CheckpointInvalid'));
});

test('another group than the one enrolled with is refused', async () => {
  await assert.rejects(Group.open(new SmallRecord(), '22'.repeat(32)), isError('Inconsistent'));
});

test('a record that forgot what it held is refused, one that grew is not', async () => {
  const record = new SmallRecord();
  const { mark } = await Group.open(record);
  record.add(record.leaves[1]!);
  record.publish();
  await Group.open(record, undefined, mark);
  record.leaves[2] = record.leaves[3]!;
  record.publish();
  await assert.rejects(Group.open(record, undefined, mark), isError('Inconsistent'));
});

test('a ring below the letter’s minimum makes no unnamed signature', async () => {
  const { letter, place } = await placed(new SmallRecord({ ringMin: 13 }));
  assert.throws(() => prepareUnnamed(letter, place, MINE), isError('RuleBroken'));
});

test('a tag that stands under the letter is seen', async () => {
  const record = new SmallRecord();
  record.files.set(`tags/${record.letter}`, concat(MEMBERS[1]!.slot(0).tag.bytes, MINE.tag.bytes));
  const { group, letter } = await opened(record);
  assert.equal(await isUsed(group, letter, MINE.tag.bytes), true);
  assert.equal(await isUsed(group, letter, MEMBERS[2]!.slot(0).tag.bytes), false);
});

/** Twelve of each role, in turn: the member with the secret works in the kitchen's neighbour, the dining room. */
const HOTEL = Array.from({ length: 12 }, (_, row) => (row % 2 === 0 ? 'Cuisine' : 'Salle'));

test('a place by role is the place among the rows that bear it', async () => {
  const { letter, places } = await placed(new SmallRecord({ roles: HOTEL }));
  const role = places.role!;
  assert.deepEqual([role.name, role.having, role.others], ['Salle', 6, 6]);
  assert.deepEqual([role.place.selector, role.place.index, role.place.ring.stubs.length], ['role:Salle', 1, 6]);
  const { data } = parseEntryOf(
    'signature',
    prepareUnnamed(letter, role.place, MINE, undefined, 6)(() => undefined).leaf,
  );
  assert.ok('proof' in data);
  verifyProof(role.place.ring, letter.id, bodyOf(data), bytesOf(data.proof));
});

test('a list of roles that the record does not fix is refused: one alone in a role would be known', async () => {
  const record = new SmallRecord({ roles: HOTEL });
  record.files.set(
    `roll/${record.epoch}/roles`,
    utf8(HOTEL.map((role, row) => `${row === 3 ? role : 'Cuisine'}\n`).join('')),
  );
  await assert.rejects(placed(record), (error: Error) => /roles/.test(error.message));
});

test('whoever may sign by role asks for what all others ask for, whichever their role', async () => {
  const record = new SmallRecord({ roles: HOTEL });
  const other = new SmallRecord({ roles: HOTEL });
  for (const [of, member] of [
    [record, MEMBERS[2]!],
    [other, ME],
  ] as const) {
    const { group, letter } = await opened(of);
    await findPlaces(group, letter, of.epoch, member.slot(0).stub.bytes);
  }
  assert.deepEqual(record.asked, other.asked);
});

test('a role that the letter does not list gives no place by role', async () => {
  const roles = HOTEL.map((role) => (role === 'Salle' ? '' : role));
  const { places } = await placed(new SmallRecord({ roles }));
  assert.equal(places.role, undefined);
});

test('an entry with the tag of a member and a selector that is none stands in nobody’s way', async () => {
  const record = new SmallRecord({ roles: HOTEL });
  const { group, letter, place } = await placed(record);
  const { leaf } = prepareUnnamed(letter, place, MINE)(() => undefined);
  const forged = parseUtf8('leaf', leaf).replace('"selector":"all"', '"selector":"role:#"');
  record.add(utf8(forged));
  record.publish();
  await group.refresh();
  assert.equal(await standingOf(group, letter, MINE), undefined);
});

test('a signature by role is found again, and steps forward in its ring', async () => {
  const record = new SmallRecord({ roles: HOTEL });
  const { group, letter, places } = await placed(record);
  const { place } = places.role!;
  record.add(prepareUnnamed(letter, place, MINE, undefined, 6)(() => undefined).leaf);
  record.publish();
  await group.refresh();
  const standing = (await standingOf(group, letter, MINE))!;
  assert.deepEqual([standing.place.selector, standing.place.index], ['role:Salle', 1]);
  const forward = stepForward(letter, standing, ME, MINE, 'Member 3', 'Salle');
  const { data } = parseEntryOf('statement', forward.leaf);
  assert.equal('selector' in data && data.selector, 'role:Salle');
});

test('an unnamed signature holds over its ring, with progress up to the end', async () => {
  const { letter, place } = await placed(new SmallRecord());
  let share = 0;
  const { leaf, openings } = prepareUnnamed(
    letter,
    place,
    MINE,
  )((told) => {
    share = told;
  });
  const { data } = parseEntryOf('signature', leaf);
  assert.equal(share, 1);
  assert.equal(openings.length, 0);
  assert.ok('proof' in data);
  verifyProof(place.ring, letter.id, bodyOf(data), bytesOf(data.proof));
});

test('what stands for a member is found again by the secret alone, through every later statement', async () => {
  const record = new SmallRecord();
  const { group, letter, place } = await placed(record);
  const grow = async (leaf: Uint8Array) => {
    record.add(leaf);
    record.publish();
    await group.refresh();
    return standingOf(group, letter, MINE);
  };
  assert.equal(await standingOf(group, letter, MINE), undefined);
  const unnamed = await grow(prepareUnnamed(letter, place, MINE)(() => undefined).leaf);
  assert.deepEqual([unnamed?.seq, unnamed?.named, unnamed?.withdrawn], [0, false, false]);
  const said = await grow(comment(letter, unnamed!, MINE, 'Well said.').leaf);
  assert.deepEqual([said?.seq, said?.named], [1, false]);
  const named = await grow(stepForward(letter, said!, ME, MINE, 'Ada').leaf);
  assert.deepEqual([named?.seq, named?.named], [2, true]);
  const gone = await grow(withdraw(letter, named!, MINE).leaf);
  assert.deepEqual([gone?.seq, gone?.withdrawn], [3, true]);
  assert.throws(() => withdraw(letter, gone!, MINE), isError('Refused'));
});

test('a signature by name opens the claim, and is not taken for another member’s', async () => {
  const record = new SmallRecord();
  const { group, letter, place } = await placed(record);
  const { leaf, openings } = signByName(letter, place, ME, MINE, 'Ada');
  assert.equal(openings.length, 1);
  record.add(leaf);
  record.publish();
  await group.refresh();
  assert.equal((await standingOf(group, letter, MINE))?.named, true);
  assert.equal(await standingOf(group, letter, MEMBERS[4]!.slot(0)), undefined);
});

test('entries that are not those of the checkpoint are refused', async () => {
  const record = new SmallRecord();
  const { group, letter } = await opened(record);
  const path = `tile/entries/000.p/${record.leaves.length}`;
  const bundle = record.files.get(path)!.slice();
  bundle[bundle.length - 4]! ^= 1;
  record.files.set(path, bundle);
  await assert.rejects(standingOf(group, letter, MINE), isError('CheckpointInvalid'));
});

test('an entry is seen in the record by whole tiles, and its receipt holds', async () => {
  const record = new SmallRecord();
  const { group, place, letter } = await placed(record);
  const since = record.leaves.length;
  const { leaf } = prepareUnnamed(letter, place, MINE)(() => undefined);
  assert.equal(await findLeaf(group, leafHash(leaf), since), undefined);
  record.add(leaf);
  record.add(record.leaves[2]!);
  record.publish();
  await group.refresh();
  const found = (await findLeaf(group, leafHash(leaf), since))!;
  const receipt = openLeaf(receiptOf(group, leaf, found), group.opened.origin, group.logKey);
  assert.deepEqual([receipt.index, encodeHex(receipt.leaf)], [since, encodeHex(leaf)]);
});

test('a comment is 1 to 1,000 bytes and no blank', async () => {
  const record = new SmallRecord();
  const { group, letter, place } = await placed(record);
  record.add(prepareUnnamed(letter, place, MINE)(() => undefined).leaf);
  record.publish();
  await group.refresh();
  const standing = (await standingOf(group, letter, MINE))!;
  for (const text of ['', '   ', 'é'.repeat(501)]) {
    assert.throws(() => comment(letter, standing, MINE, text), isError('FormatError'));
  }
  assert.equal(comment(letter, standing, MINE, 'é'.repeat(500)).openings[0]!.payload.length, utf8('é').length * 500);
});

test('a member finds their own row by their secret, with its role, and reads what everybody reads', async () => {
  const record = new SmallRecord({ roles: HOTEL, honest: true });
  const { group } = await opened(record);
  assert.deepEqual(await findRow(group, ME, 'Member 3'), { role: 'Salle' });
  assert.equal(await findRow(group, MemberSecret.fresh(group.rollId), undefined), undefined);
  assert.ok(record.asked.every((path) => /^(?:proof|tile|checkpoint)/.test(path)));
});

test('a row that is bound to another name than was agreed to is found out', async () => {
  const { group } = await opened(new SmallRecord({ honest: true }));
  await assert.rejects(findRow(group, ME, 'Somebody Else'), isError('CommitmentInvalid'));
});

test('a row with a stub that the secret does not make is found out, but for slots that were erased', async () => {
  const { group } = await opened(new SmallRecord({ honest: true }));
  const { slots } = MemberSecret.freshPerSlot(group.rollId, 1);
  const { rowSeed, claimSalt } = ME;
  const mixed = new MemberSecret(group.rollId, { slots, rowSeed, claimSalt });
  await assert.rejects(findRow(group, mixed, undefined), isError('CommitmentInvalid'));
  const erased = new MemberSecret(group.rollId, { slots: new Map(), rowSeed, claimSalt });
  assert.deepEqual(await findRow(group, erased, 'Member 3'), { role: undefined });
});

test('entries that are not those of the checkpoint are refused', async () => {
  const record = new SmallRecord({ honest: true });
  const { group } = await opened(record);
  for (const [path, data] of record.files) if (path.startsWith('tile/entries')) data[data.length - 5]! ^= 1;
  await assert.rejects(findRow(group, ME, undefined), isError('CheckpointInvalid'));
});
