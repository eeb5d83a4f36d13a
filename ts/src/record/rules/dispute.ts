/** What a recipient says who finds that somebody else used their code, and how the organisers settle it. */

import { Message, RuleBroken } from '../../errors.ts';
import { verifyQuorum } from '../entry.ts';
import type { Dispute as Disputed, DisputeSettled } from '../kinds.ts';
import { noteCommitments, type Rule, requireTime } from './rule.ts';

/** One more row that may not be its person's. It stands beside the count, and changes none. */
export const dispute: Rule<Disputed> = {
  check(state, { entry }) {
    const { id } = entry.data;
    if (state.disputes.has(id)) throw new RuleBroken('id', 'one that is not in the record yet', id);
    // Each speaks of a code that was used, and so of a row.
    const rows = state.roll.rows.length;
    if (state.disputes.size >= rows) {
      throw new RuleBroken('dispute', new Message('at most {n}, as many as there are rows', { n: rows }), 'one more');
    }
  },
  apply(state, { entry, time }) {
    state.disputes.set(entry.data.id, { at: time });
  },
};

/** Closed by the organisers' quorum, for a reason that everybody reads; it stays in the record. */
export const disputeSettled: Rule<DisputeSettled> = {
  check(state, { entry, time }) {
    const found = state.disputes.get(entry.data.id);
    verifyQuorum(state.opened.data, entry);
    requireTime(state, time);
    if (found === undefined || found.settled !== undefined) {
      throw new RuleBroken('id', 'that of an open dispute', entry.data.id);
    }
  },
  apply(state, { entry, index, time }) {
    const { id, reason } = entry.data;
    state.disputes.set(id, { ...state.disputes.get(id)!, settled: { at: time, reason } });
    state.clock = time;
    noteCommitments(state, index, [reason]);
  },
};
