/** The vectors of spec/log.md, counted, so that an emptied file fails. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseStrictJson } from '../read-vectors.ts';
import { judgeLog } from './judge-log.ts';

const FOLDER = new URL('../../../vectors/log/', import.meta.url);
const COUNTS: Readonly<Record<string, number>> = {
  'bundle.json': 7,
  'checkpoint.json': 12,
  'consistency.json': 94,
  'inclusion.json': 132,
  'note.json': 17,
  'receipt.json': 21,
};

test('every file of vectors is read', () => {
  const files = readdirSync(fileURLToPath(FOLDER)).filter((name) => name.endsWith('.json'));
  assert.deepEqual(files.sort(), Object.keys(COUNTS).sort());
});

for (const [file, count] of Object.entries(COUNTS)) {
  test(`${file}: every case is judged as it says`, () => {
    const cases = parseStrictJson(readFileSync(new URL(file, FOLDER), 'utf8')) as Record<string, string>[];
    assert.equal(cases.length, count);
    for (const each of cases) {
      const { name, expect } = each;
      assert.equal(judgeLog(each), expect, name);
    }
  });
}
