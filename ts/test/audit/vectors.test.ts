/** The small record and its dishonest copies get the verdicts that Python gives them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from '../../src/audit/verify.ts';
import { utf8 } from '../../src/primitives/encoding.ts';
import { judge } from './judge-record.ts';
import { type Case, fetcher, readJson, smallFiles, spliced } from './small-record.ts';

const FILES = smallFiles();
const CASES = readJson<readonly Case[]>('faults.json');

test('the record has, field by field, the verdict that Python gives it', async () => {
  const { proofs, ...verdict } = await audit(fetcher(FILES));
  const { seconds, ...counted } = proofs;
  assert.equal(typeof seconds, 'number');
  assert.deepEqual({ ...verdict, proofs: counted }, readJson('small.json'));
});

for (const { name, splices, earlier, expect } of CASES) {
  test(`a copy is judged as it says: ${name}`, async () => {
    const demands = earlier === undefined ? {} : { earlier: utf8(earlier) };
    assert.deepEqual(await judge(spliced(FILES, splices), demands), expect);
  });
}
