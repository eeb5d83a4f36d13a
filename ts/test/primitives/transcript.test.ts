import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha512 } from '@noble/hashes/sha2.js';
import { encodeHex, utf8 } from '../../src/primitives/encoding.ts';
import { SUITE, TAGS, transcript } from '../../src/primitives/transcript.ts';

test('a transcript is the hash of every length, label and value', () => {
  const name = `${SUITE}/serial`;
  const expected = Uint8Array.of(
    ...[name.length, ...utf8(name)],
    ...[4, ...utf8('roll'), 2, 0, 0, 0, 0, 0, 0, 0, 7, 8],
    ...[4, ...utf8('slot'), 0, 0, 0, 0, 0, 0, 0, 0],
    ...[1, ...utf8('P'), 1, 0, 0, 0, 0, 0, 0, 0, 9],
  );
  assert.deepEqual(transcript('serial', Uint8Array.of(7, 8), new Uint8Array(), Uint8Array.of(9)), sha512(expected));
});

test('bytes moved from one field to the next give another transcript', () => {
  const [a, b, ab, none] = [utf8('a'), utf8('b'), utf8('ab'), new Uint8Array()];
  const digests = [transcript('challenge', a, b), transcript('challenge', ab, none), transcript('challenge', none, ab)];
  assert.equal(new Set(digests.map(encodeHex)).size, 3);
});

test('two tags over the same fields give different transcripts', () => {
  const tags = ['challenge', 'enrol-challenge', 'control-challenge', 'name-challenge'] as const;
  const digests = tags.map((tag) => encodeHex(transcript(tag, utf8('sd'), utf8('first'))));
  assert.equal(new Set(digests).size, tags.length);
});

test('a field too few is refused', () => {
  // @ts-expect-error: the compiler refuses it as well
  assert.throws(() => transcript('serial', new Uint8Array()), TypeError);
});

test('the tags are those of the protocol', () => {
  assert.equal(
    Object.keys(TAGS).join(' '),
    'roll epoch letter ring statement challenge serial enrol-statement enrol-challenge control-statement ' +
      'control-challenge name-statement name-challenge',
  );
});
