/** The small record and its dishonest copies get the verdicts that Python gives them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, type Demands } from '../../src/audit/verify.ts';
import { RubanError } from '../../src/errors.ts';
import { utf8 } from '../../src/primitives/encoding.ts';
import { type Case, type Files, fetcher, readJson, smallFiles, spliced } from './small-record.ts';

const FILES = smallFiles();
const CASES = readJson<readonly Case[]>('faults.json');

/** What a case expects: its findings in order, and each letter's count; or the error of what cannot be audited. */
async function judge(files: Files, demands: Demands): Promise<unknown> {
  try {
    const { findings, letters } = await audit(fetcher(files), demands);
    return {
      findings: findings.map(({ step, error, entry }) => ({ step, error, entry })),
      signed: letters.map(({ tally }) => tally.signed),
    };
  } catch (error) {
    if (!(error instanceof RubanError)) throw error;
    return { raises: error.name };
  }
}

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
