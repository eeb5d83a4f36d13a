/** The examples of spec/log.md, read by the twin. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CheckpointInvalid, InclusionInvalid, SignatureInvalid } from '../../src/errors.ts';
import { openCheckpoint } from '../../src/log/checkpoint.ts';
import { leafHash, rootOf } from '../../src/log/merkle.ts';
import { encodeTlogProof, openLeaf, openPromise, openTlogProof, parseTlogProof } from '../../src/log/receipt.ts';
import { parseBundle, parseTile } from '../../src/log/tiles.ts';
import { encodeHex, parseHex, utf8 } from '../../src/primitives/encoding.ts';
import { rejectsFormat } from '../cast.ts';
import { parseVkey } from './judge-log.ts';

const SPEC = readFileSync(new URL('../../../spec/log.md', import.meta.url), 'utf8');
const ORIGIN = 'ruban.example/lettre';

function example(name: string): string {
  const found = new RegExp(`\`\`\`${name}\\n([^]*?)\`\`\`\\n`).exec(SPEC);
  assert.ok(found, name);
  return found[1]!;
}

const [LOG, RECEIPT] = example('vkeys').trim().split('\n').map(parseVkey) as [
  ReturnType<typeof parseVkey>,
  ReturnType<typeof parseVkey>,
];

test('the checkpoint of the specification opens, and is that of its entries and tile', () => {
  const checkpoint = openCheckpoint(utf8(example('checkpoint')), ORIGIN, LOG.public);
  assert.equal(checkpoint.size, 3n);
  const entries = parseBundle(parseHex('bundle', example('bundle').trim()), 3);
  assert.deepEqual(entries, ['one', 'two', 'three'].map(utf8));
  const hashes = parseTile(parseHex('tile', example('tile').replaceAll('\n', '')), 3);
  assert.deepEqual(hashes.map(encodeHex), entries.map(leafHash).map(encodeHex));
  assert.deepEqual(rootOf(hashes), checkpoint.root);
});

test('a checkpoint of another log or by another key is refused', () => {
  const note = utf8(example('checkpoint'));
  assert.throws(() => openCheckpoint(note, 'ruban.example/autre', LOG.public), CheckpointInvalid);
  assert.throws(() => openCheckpoint(note, ORIGIN, RECEIPT.public), CheckpointInvalid);
});

test('the promise of the specification opens with the receipt key alone', () => {
  const promise = openPromise(utf8(example('promise')), ORIGIN, RECEIPT.public);
  assert.equal(promise.dueUnixSeconds, 1795338000);
  assert.deepEqual(promise.leafHash, leafHash(utf8('two')));
  assert.throws(() => openPromise(utf8(example('promise')), ORIGIN, LOG.public), SignatureInvalid);
});

test('the proof of the specification shows its entry and no other, and is written back as it was', () => {
  const data = utf8(example('tlog-proof'));
  const proof = parseTlogProof(data);
  assert.equal(openTlogProof(proof, leafHash(utf8('two')), ORIGIN, LOG.public).size, 3n);
  assert.throws(() => openTlogProof(proof, leafHash(utf8('one')), ORIGIN, LOG.public), InclusionInvalid);
  assert.deepEqual(encodeTlogProof(proof), data);
  const withExtra = encodeTlogProof({ ...proof, extra: utf8('two') });
  assert.deepEqual(encodeTlogProof(parseTlogProof(withExtra)), withExtra);
});

test('a proof that brings its leaf shows it; one that brings another leaf, or none, does not', () => {
  const proof = parseTlogProof(utf8(example('tlog-proof')));
  const opened = openLeaf(encodeTlogProof({ ...proof, extra: utf8('two') }), ORIGIN, LOG.public);
  assert.deepEqual([opened.leaf, opened.index, opened.checkpoint.size], [utf8('two'), 1, 3n]);
  const other = encodeTlogProof({ ...proof, extra: utf8('three') });
  assert.throws(() => openLeaf(other, ORIGIN, LOG.public), InclusionInvalid);
  rejectsFormat(() => openLeaf(encodeTlogProof(proof), ORIGIN, LOG.public), 'tlog-proof extra');
});

test('a proof that would not parse is not written', () => {
  const proof = parseTlogProof(utf8(example('tlog-proof')));
  rejectsFormat(() => encodeTlogProof({ ...proof, checkpoint: utf8('no note') }), 'note');
  rejectsFormat(() => encodeTlogProof({ ...proof, path: [new Uint8Array(31)] }), 'tlog-proof path');
});
