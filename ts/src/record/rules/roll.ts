/** The roll: rows, and the epochs that fix them. */

import { FormatError, Message, RuleBroken } from '../../errors.ts';
import { parsePublicKey } from '../../primitives/ed25519.ts';
import { EnrolmentClaim } from '../../proof/enrol.ts';
import { bodyOf, bytesOf, epochHead } from '../entry.ts';
import type { RollCheckpoint, RollRow } from '../kinds.ts';
import type { State } from '../state.ts';
import { noteCommitments, type Rule, requireAligned, requireTime } from './rule.ts';

const OLDEST_ROW_WAITS_SECONDS = 86_400;
const EPOCH_MINIMUM = 10;
const REHEARSAL_EPOCH_MINIMUM = 2;

/** A member's row: stubs nobody has used, with the proof that they can be opened. */
export const rollRow: Rule<RollRow> = {
  claim(state, { entry }) {
    const { data, rollId } = state.opened;
    const { stubs, proof } = entry.data;
    if (stubs.length !== data.slots) {
      throw new FormatError('stubs', new Message('{n} stubs', { n: data.slots }), `${stubs.length}`);
    }
    return EnrolmentClaim.parse(rollId, bodyOf(entry.data), stubs.map(bytesOf), bytesOf(proof));
  },
  check(state, { entry }) {
    const { key, way, role, stubs } = entry.data;
    const { ways_in, roles } = state.opened.data;
    const { entitled } = state.electorates.at(-1)!;
    // "710 of 770" means nothing if there are 800 rows.
    if (state.roll.rows.length >= entitled) {
      throw new RuleBroken('roll.row', new Message('at most {n} rows, the entitled', { n: entitled }), 'one more');
    }
    parsePublicKey('key', bytesOf(key));
    if (!ways_in.includes(way)) throw new RuleBroken('way', "one of the group's ways in", way);
    if ((role !== undefined) !== roles.length > 0 || (role !== undefined && !roles.includes(role))) {
      throw new RuleBroken('role', "one of the group's roles, if it has any", JSON.stringify(role));
    }
    for (const stub of stubs) {
      if (state.roll.stubs.has(stub)) throw new RuleBroken('stubs', 'stubs that no row has used', stub);
    }
  },
  apply(state, { entry, index, time }) {
    const { claim, role, stubs } = entry.data;
    state.roll.add({ claim, role, time }, stubs.map(bytesOf));
    noteCommitments(state, index, [claim]);
  },
};

function epochMinimum(state: State): number {
  const { window, rehearsal } = state.opened.data;
  if (window === 0) return 1;
  return rehearsal ? REHEARSAL_EPOCH_MINIMUM : EPOCH_MINIMUM;
}

/**
 * Whether an epoch is to be logged at `time`; the auditor finds fault with any other.
 *
 * Enough new rows, or the oldest of them has waited a day, or a closing is at most two windows away. While an open
 * letter has announced an epoch that is not yet logged, at the announced hours only; the last of them takes whatever
 * there is, and after it the ordinary rule holds again, also for a letter that was extended.
 */
export function epochDue(state: State, time: number): boolean {
  const { roll } = state;
  if (roll.unfixed === 0) return false;
  const enough = roll.unfixed >= epochMinimum(state);
  const since = roll.newestEpoch?.time ?? 0;
  const open = [...state.letters.values()].filter((letter) => !letter.closed);
  const announced = open.map(({ data }) => data.epochs_at).filter((hours) => hours.length > 0 && hours.at(-1)! > since);
  if (announced.length > 0 && roll.newestEpoch !== undefined) {
    return announced.some((hours) => {
      const passed = hours.filter((hour) => since < hour && hour <= time);
      return passed.length > 0 && (enough || passed.includes(hours.at(-1)!));
    });
  }
  const waited = roll.unfixedSince !== undefined && time - roll.unfixedSince >= OLDEST_ROW_WAITS_SECONDS;
  return enough || waited || open.some((letter) => letter.closing - time <= 2 * state.opened.data.window);
}

/** An epoch. Every field is derived; one that differs is a finding. */
export const rollCheckpoint: Rule<RollCheckpoint> = {
  check(state, { entry, time }) {
    const { roll } = state;
    const { rows, columns, roles } = entry.data;
    requireTime(state, time);
    requireAligned(state, 'at', time);
    if (!epochDue(state, time)) throw new RuleBroken('roll.checkpoint', 'an epoch that is due', 'one that is not');
    if (rows !== roll.rows.length) throw new RuleBroken('rows', `${roll.rows.length}`, `${rows}`);
    if (columns.join() !== roll.columnDigests().join()) {
      throw new RuleBroken('columns', "the digests of the rows' stubs", 'others');
    }
    if (roles !== roll.rolesDigest()) throw new RuleBroken('roles', "the digest of the rows' roles", 'another');
  },
  apply(state, { entry, index, time }) {
    const { rows, roles } = state.roll;
    state.roll.fix({ index, head: epochHead(entry.leaf), rows: rows.length, roles: new Map(roles), time });
    state.clock = time;
  },
};
