/** The same vectors as the Python side, whoever made them. An unknown kind, field or key fails. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectedOf, judge } from './judge-vectors.ts';
import { parseStrictJson, parseVectors, readVectors } from './read-vectors.ts';

const FOLDER = fileURLToPath(new URL('../../vectors', import.meta.url));

for (const [file, vectors] of readVectors(FOLDER)) {
  test(`${file}: every case ends as it says`, () => {
    for (const vector of vectors) assert.equal(judge(vector), expectedOf(vector), `${vector.kind}: ${vector.name}`);
  });
}

test('a stated value that is not the one computed is found', () => {
  const [sample] = readVectors(FOLDER).get('secret.json')!;
  const entry = { ...Object.fromEntries(sample!.fields), stub: 'aa'.repeat(32) };
  assert.equal(judge(parseVectors(JSON.stringify([entry]))[0]!), 'proof');
});

test('a folder that is missing or empty fails', () => {
  assert.throws(() => readVectors(fileURLToPath(new URL('no-such-folder', import.meta.url))));
  assert.throws(() => readVectors(fileURLToPath(new URL('proof', import.meta.url))), /no vectors/);
});

test('a vector file with a doubled key, a fraction, no case, or two of a name is refused', () => {
  for (const text of ['{"a":1,"a":1}', '[1.5]', '[1.0]', '[9007199254740993]', '[1', '{"a":1}{"b":1}']) {
    assert.throws(() => parseStrictJson(text), text);
  }
  assert.deepEqual(parseStrictJson(' { "a" : [ "\\u00e9 \\" , 1.0" , -1 , true , null ] } '), {
    a: ['é " , 1.0', -1, true, null],
  });
  for (const text of ['[]', '{}', '[1]', '[{"name":"a"}]', '[{"name":"a","kind":"b"},{"name":"a","kind":"b"}]']) {
    assert.throws(() => parseVectors(text), text);
  }
});

test('an unknown kind, a missing field and a field too many are refused', () => {
  const judged = (entry: object): unknown => judge(parseVectors(JSON.stringify([entry]))[0]!);
  assert.throws(() => judged({ name: 'a', kind: 'spell' }), /unknown kind/);
  assert.throws(() => judged({ name: 'a', kind: 'proof' }), /missing fields/);
  const [sample] = readVectors(FOLDER).get('proof-ts.json')!;
  const entry = Object.fromEntries(sample!.fields);
  judged(entry);
  assert.throws(() => judged({ ...entry, colour: 'red' }), /unknown fields \[colour\]/);
  assert.throws(() => judged({ ...entry, expect: 'maybe' }), /unknown expectation/);
  assert.throws(() => judged({ ...entry, slot: '3' }), /slot is odd/);
});
