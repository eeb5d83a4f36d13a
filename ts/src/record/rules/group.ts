/** The group: `group.opened`, always entry 0. */

import { FormatError, Message, RuleBroken } from '../../errors.ts';
import { rollId, verifyQuorum } from '../entry.ts';
import type { Electorate, GroupOpened } from '../kinds.ts';
import type { StatedElectorate } from '../state.ts';
import { noteCommitments, type Placed, type Rule } from './rule.ts';

const LOOPBACK = /^(?:localhost|127\.0\.0\.1)(?::[0-9]+)?(?:\/|$)/;
const DAY_SECONDS = 86_400;
export const REHEARSAL_MINIMUM = 2;
/** Unnamed signatures released together, at least, outside rehearsals and demonstrations. */
export const MINIMUM = 5;

/** Whether a log of this origin can only be reached from its own machine. */
export function isLoopback(origin: string): boolean {
  return LOOPBACK.test(origin);
}

/** E as an entry states it. */
export function electorateOf({ entry, time }: Placed<GroupOpened | Electorate>): StatedElectorate {
  const { electorate, electorate_date, electorate_source } = entry.data;
  return { at: time, entitled: electorate, date: electorate_date, source: electorate_source };
}

/** FormatError for a day that no calendar has. */
export function checkDate(text: string, field = 'electorate_date'): void {
  const day = new Date(`${text}T00:00:00Z`);
  // The year 0 is one for JavaScript alone; a day past the month's end becomes one of the next month.
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text || text.startsWith('0000')) {
    throw new FormatError(field, 'a day of the calendar', text);
  }
}

/** Entry 0, and no other. */
export const groupOpened: Rule<GroupOpened> = {
  check(_state, { entry, index }) {
    const { data } = entry;
    const { organisers, quorum, window, minimum } = data;
    if (index !== 0) throw new RuleBroken('group.opened', 'at index 0 only', `${index}`);
    if (new Set(organisers.map(({ key }) => key)).size !== organisers.length) {
      throw new FormatError('organisers', 'every key once', 'one that stands twice');
    }
    if (quorum > organisers.length) {
      throw new RuleBroken('quorum', new Message('at most {n} organisers', { n: organisers.length }), `${quorum}`);
    }
    let least = data.rehearsal ? REHEARSAL_MINIMUM : MINIMUM;
    if (window === 0) {
      if (!isLoopback(data.origin)) {
        throw new RuleBroken('window', 'more than 0 seconds, but on a loopback origin', '0');
      }
      least = 1;
    } else if (DAY_SECONDS % window !== 0 || window < 60) {
      throw new RuleBroken('window', 'a divisor of a day, at least 60 seconds', `${window}`);
    }
    if (minimum < least) throw new RuleBroken('minimum', new Message('{n} or more', { n: least }), `${minimum}`);
    checkDate(data.electorate_date);
    verifyQuorum(data, entry);
  },
  apply(state, placed) {
    const { leaf, data } = placed.entry;
    state.group = { data, rollId: rollId(leaf) };
    state.electorates.push(electorateOf(placed));
    state.clock = placed.time;
    const names = data.organisers.map(({ name }) => name);
    noteCommitments(state, placed.index, [data.title, data.electorate_source, ...names]);
  },
};
