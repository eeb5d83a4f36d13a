/** How a letter stands for whoever reads it. */

import type { Letter, State } from './state.ts';

/** The state of a letter that is in the record. Whether it was extended stands beside it. */
export type Phase = 'not_yet_open' | 'open' | 'threshold_missed' | 'closed' | 'cancelled' | 'superseded';

/**
 * How the letter stands at `now`, which for an auditor is the record's own clock.
 *
 * Signing ends at the closing, but what was acknowledged by then is counted afterwards: a threshold is missed only once
 * the record itself has passed the closing, even if nobody writes `letter.closed`.
 */
export function letterPhase(state: State, letter: Letter, now: number): Phase {
  if (letter.ended !== undefined) return letter.ended === 'cancel' ? 'cancelled' : 'superseded';
  const counted = letter.closed || state.clock > letter.closing;
  if (counted && letter.data.threshold !== null && letter.thresholdReached === undefined) return 'threshold_missed';
  if (counted || now >= letter.closing) return 'closed';
  return now < letter.data.opening ? 'not_yet_open' : 'open';
}
