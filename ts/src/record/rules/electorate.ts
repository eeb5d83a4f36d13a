/** A later E: how many are entitled, where that was stated wrongly or has changed. */

import { Message, RuleBroken } from '../../errors.ts';
import { verifyQuorum } from '../entry.ts';
import type { Electorate } from '../kinds.ts';
import { checkDate, electorateOf } from './group.ts';
import { noteCommitments, type Rule, requireTime } from './rule.ts';

/** E from now on; letters that have closed keep theirs. Never fewer than there are on the roll. */
export const electorate: Rule<Electorate> = {
  check(state, { entry, time }) {
    verifyQuorum(state.opened.data, entry);
    requireTime(state, time);
    checkDate(entry.data.electorate_date);
    const rows = state.roll.rows.length;
    if (entry.data.electorate < rows) {
      const least = new Message('{n} or more, as many as are on the roll', { n: rows });
      throw new RuleBroken('electorate', least, `${entry.data.electorate}`);
    }
  },
  apply(state, placed) {
    state.electorates.push(electorateOf(placed));
    state.clock = placed.time;
    noteCommitments(state, placed.index, [placed.entry.data.electorate_source]);
  },
};
