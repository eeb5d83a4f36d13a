/** What comes of auditing a record, as far as the vectors say it. */

import { audit, type Demands } from '../../src/audit/verify.ts';
import { RubanError } from '../../src/errors.ts';
import { type Files, fetcher } from './small-record.ts';

/** Its findings in order, and each letter's count; or the error of what cannot be audited. */
export async function judge(files: Files, demands: Demands): Promise<unknown> {
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
