/** Names and comments that organisers hide for abuse, with their reason; the count stands. */

import { RuleBroken } from '../../errors.ts';
import { verifyQuorum } from '../entry.ts';
import type { Struck } from '../kinds.ts';
import { findLetter } from './letter.ts';
import { noteCommitments, type Rule, requireTime } from './rule.ts';

/** Any one organiser may hide what a signer of this letter gave to be read, once, and nothing else. */
export const struck: Rule<Struck> = {
  check(state, { entry, time }) {
    const letter = findLetter(state, entry.data.letter);
    verifyQuorum(state.opened.data, entry, 1);
    requireTime(state, time);
    const given = state.given(letter, true);
    for (const commitment of entry.data.commitments) {
      if (!given.has(commitment)) {
        throw new RuleBroken('commitments', 'names and comments of this letter', commitment);
      }
      if (state.struck.has(commitment) || state.erased.has(commitment)) {
        throw new RuleBroken('commitments', 'what is neither struck nor erased yet', commitment);
      }
    }
  },
  apply(state, { entry, index, time }) {
    const { letter, commitments, reason } = entry.data;
    for (const commitment of commitments) state.struck.add(commitment);
    findLetter(state, letter).strikes.push({ at: time, commitments, reason });
    state.clock = time;
    noteCommitments(state, index, [reason]);
  },
};
