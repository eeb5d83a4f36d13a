/** Canonical JSON, commitments, submissions and secret files: one encoding each, whatever is done to it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommitmentInvalid, FormatError } from '../../src/errors.ts';
import { concat, equalBytes, utf8 } from '../../src/primitives/encoding.ts';
import { MemberSecret } from '../../src/proof/secret.ts';
import { encode, parseCanonical } from '../../src/record/canonical.ts';
import {
  claimPayload,
  commit,
  commitmentOf,
  parseClaim,
  parseComment,
  parseOpening,
  parseText,
  verifyOpening,
} from '../../src/record/commitment.ts';
import { parseEntry, parseEntryOf } from '../../src/record/entry.ts';
import { encodeSecretFile, parseSecretFile } from '../../src/record/secret_file.ts';
import { encodeSubmission, parseSubmission } from '../../src/record/submission.ts';
import { readText } from '../audit/small-record.ts';
import { flipped } from '../cast.ts';

const ENTRIES = readText('entries.txt').split('\n').slice(0, -1).map(utf8);
const ROLL = new Uint8Array(32).fill(9);

function refuses(text: string): void {
  assert.throws(() => parseCanonical('text', utf8(text), 100), FormatError, text);
}

test('what is read is written again byte for byte', () => {
  for (const text of ['{}', '{"a":[1,-2,true,null,{"b":"é\u2028"}]}', '{"a":9007199254740991}']) {
    assert.equal(new TextDecoder().decode(encode(parseCanonical('text', utf8(text), 100))), text);
  }
});

test('another spelling of the same value is refused', () => {
  for (const text of [
    '{ }',
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{"a":"\\u0041"}',
    '{"a":"\\/"}',
    '{"a":1.0}',
    '{"a":1e2}',
  ]) {
    refuses(text);
  }
  for (const text of ['{"a":-0}', '\ufeff{}', '{}\n', '']) refuses(text);
});

test('values that no entry can hold are refused', () => {
  for (const text of ['[]', '1', '{"a":1.5}', '{"a":9007199254740992}', '{"a":"\\ud800"}', '{"a":"e\u0301"}'])
    refuses(text);
  for (const text of ['{"a":"\u0085"}', '{"A":1}', '{"__proto__":1}', '{"a":[[[[]]]]}', `{"${'a'.repeat(25)}":1}`])
    refuses(text);
  refuses(`{"a":"${'a'.repeat(100)}"}`);
});

test('every entry of the vectors is read, and written again as it stands', () => {
  for (const leaf of ENTRIES) assert.ok(equalBytes(encode(parseEntry(leaf).data as never), leaf));
});

test('an entry of another kind than the one wanted is refused', () => {
  assert.equal(parseEntryOf('group.opened', ENTRIES[0]!).data.slots, 3);
  assert.throws(() => parseEntryOf('letter.opened', ENTRIES[0]!), FormatError);
});

test('a commitment is opened by its salt and payload alone', () => {
  const opening = commit('e\u0301');
  const c = commitmentOf(opening);
  assert.deepEqual(opening.payload, utf8('é'));
  verifyOpening(c, opening);
  assert.throws(() => verifyOpening(c, { ...opening, salt: flipped(opening.salt, 3) }), CommitmentInvalid);
  assert.throws(() => verifyOpening(c, { ...opening, payload: utf8('e') }), CommitmentInvalid);
});

test('a claim has one form', () => {
  assert.deepEqual(parseClaim(claimPayload('Ada', 'Salle')), { name: 'Ada', role: 'Salle' });
  assert.equal(parseClaim(claimPayload('😀'.repeat(200))).role, undefined);
  for (const name of ['', ' Ada', 'Ada\u00a0', '😀'.repeat(201)]) {
    assert.throws(() => parseClaim(claimPayload(name)), FormatError);
  }
  assert.throws(() => parseClaim(utf8('{"name":"Ada","role":null}')), FormatError);
  assert.throws(() => parseClaim(utf8('{"age":1,"name":"Ada"}')), FormatError);
});

test('a comment is a text of 1 to 1,000 bytes that shows something', () => {
  assert.equal(parseComment('comment', utf8('\tYes.\n')), '\tYes.\n');
  for (const text of ['', ' \n', '\ufeff\u3000', 'a'.repeat(1001), 'a\u001b']) {
    assert.throws(() => parseComment('comment', utf8(text)), FormatError);
  }
});

test('a text with a character that steers a terminal is refused', () => {
  for (const text of ['\u009b', '\u0000', '\u007f']) assert.throws(() => parseText('text', utf8(text)), FormatError);
});

test('a line of openings whose commitment is not its own is refused', () => {
  const [line] = readText('small/payloads/000').split('\n');
  assert.equal(parseOpening(utf8(line!)).c, line!.slice(6, 70));
  const other = line!.replace(/"salt":"./, (found) => (found.endsWith('0') ? '"salt":"1' : '"salt":"0'));
  assert.throws(() => parseOpening(utf8(other)), CommitmentInvalid);
});

test('a submission comes back, with one line feed at most', () => {
  const submission = { leaf: ENTRIES[3]!, openings: [commit('Ada')] };
  const text = encodeSubmission(submission);
  assert.deepEqual(parseSubmission(text), submission);
  assert.deepEqual(parseSubmission(concat(text, utf8('\n'))), submission);
  for (const tail of ['\n\n', ' ', '}']) {
    assert.throws(() => parseSubmission(concat(text, utf8(tail))), FormatError);
  }
  assert.throws(() => parseSubmission(utf8('{"entry":"","open":[],"time":1}')), FormatError);
});

test('a secret file of either form comes back', () => {
  for (const secret of [MemberSecret.fresh(ROLL), MemberSecret.freshPerSlot(ROLL, 3)]) {
    const read = parseSecretFile(encodeSecretFile(secret));
    assert.deepEqual([read.seed, read.rowSeed, read.claimSalt], [secret.seed, secret.rowSeed, secret.claimSalt]);
    assert.deepEqual(read.slot(2).stub.bytes, secret.slot(2).stub.bytes);
  }
});

test('a secret file whose keys do not follow from its seed is refused, and the refusal shows none of it', () => {
  const text = new TextDecoder().decode(encodeSecretFile(MemberSecret.fresh(ROLL)));
  const other = text.replace(/"row_key":"[0-9a-f]{64}"/, `"row_key":"${'ab'.repeat(32)}"`);
  for (const spoilt of [other, text.replace('"seed"', '"seeds"'), text.replace(/[0-9a-f]{2}"/, '"')]) {
    assert.throws(
      () => parseSecretFile(utf8(spoilt)),
      (error) => error instanceof FormatError && !/[0-9a-f]{16}/.test(error.message),
    );
  }
});
