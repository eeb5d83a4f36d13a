import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkerError } from '../../src/page/calls.ts';
import { DeniedError, Unreachable } from '../../src/page/net.ts';
import { problemOf } from '../../src/page/problem.ts';

const denied = (error: string): DeniedError =>
  new DeniedError({ error, field: 'f', expected: 'one', got: 'another', hint: null }, 409, undefined);
const found = (kind: string, field = '', got = ''): WorkerError => new WorkerError({ kind, field, got });

for (const [error, name] of [
  ['InvitationUnknown', 'code-unknown'],
  ['InvitationSpent', 'code-spent'],
  ['InvitationExpired', 'code-expired'],
  ['TagReused', 'tag-used'],
  ['LetterClosed', 'closed'],
  ['LetterNotOpen', 'not-open'],
  ['IntakePaused', 'paused'],
  ['ProofInvalid', 'stale'],
  ['CommitmentInvalid', 'name-other'],
] as const) {
  test(`the server's ${error} has its own sentence`, () => assert.deepEqual(problemOf(denied(error)), { name }));
}

test('an error without a sentence of its own is said as the server said it', () => {
  assert.deepEqual(problemOf(denied('FormatError')), { name: 'server', said: 'one — another' });
});

test('a server that is away loses nothing', () => {
  assert.deepEqual(problemOf(new Unreachable()), { name: 'offline' });
  assert.deepEqual(problemOf(found('FetchFailed', 'proof/0', 'none')), { name: 'offline' });
});

test('a record that forgot something is told from one that does not hold together', () => {
  assert.equal(problemOf(found('Inconsistent')).name, 'record-changed');
  for (const kind of ['InclusionInvalid', 'CheckpointInvalid', 'QuorumMissing', 'VerificationError', 'FormatError']) {
    assert.equal(problemOf(found(kind, 'column')).name, 'record');
  }
});

test('a secret that does not fit says in what', () => {
  assert.equal(problemOf(found('FormatError', 'word 7')).name, 'words-wrong');
  assert.equal(problemOf(found('FormatError', 'secret file')).name, 'file-wrong');
  assert.equal(problemOf(found('Refused', 'secret group')).name, 'secret-other');
  assert.equal(problemOf(found('Refused', 'secret slot')).name, 'secret-gone');
});
