/** What the log itself says: batches and erasures. */

import { CommitmentInvalid, Message, type RubanError, RuleBroken } from '../../errors.ts';
import type { BatchEntry, Erasure } from '../kinds.ts';
import type { Batch, Letter, State } from '../state.ts';
import { type Rule, requireAligned, requireTime } from './rule.ts';

/** How long an unnamed signature may be held back for company, at most. */
const LONGEST_WAIT_SECONDS = 86_400;

/** Announces how many members' entries follow, and the one time they all bear. */
export const batchRule: Rule<BatchEntry> = {
  check(state, { entry, index, time }) {
    const { first } = entry.data;
    if (first !== index + 1) throw new RuleBroken('first', `${index + 1}`, `${first}`);
    requireTime(state, time);
    requireAligned(state, 'time', time);
  },
  apply(state, { entry, index, time }) {
    state.batch = { index, time, left: entry.data.count, letters: new Set(), unnamed: new Map() };
    state.clock = time;
  },
};

/**
 * Whether `count` unnamed signatures of a letter may be released together at `time`.
 *
 * Enough of them; or all that is left at the closing; or fewer where one of them can have waited a day, since unnamed
 * signing opened or since the last release, which took everything there was. How long one really waited nobody records:
 * `time` is that of the window's end, up to a window before the release.
 */
function hasCompany(state: State, letter: Letter, selector: string, count: number, time: number): boolean {
  const { minimum, window } = state.opened.data;
  if (count >= minimum || time >= letter.closing) return true;
  const since = Math.max(letter.data.unnamed_from, letter.released.get(selector) ?? 0);
  return time + window - since >= LONGEST_WAIT_SECONDS;
}

/**
 * What is known once a batch is whole: points of the letters' series, thresholds reached, too few released.
 *
 * Returned is what is wrong with the batch; its entries keep their effect, since their members did nothing wrong.
 */
export function endBatch(state: State, batch: Batch): RubanError[] {
  const wrong: RubanError[] = [];
  for (const [id, counts] of [...batch.unnamed].sort()) {
    const letter = state.letters.get(id)!;
    for (const selector of [...counts.keys()].sort()) {
      const count = counts.get(selector)!;
      if (!hasCompany(state, letter, selector, count, batch.time)) {
        const least = new Message('at least {n} unnamed signatures of a letter together', {
          n: state.opened.data.minimum,
        });
        wrong.push(new RuleBroken('batch', least, `${count}`));
      }
      letter.released.set(selector, batch.time);
    }
  }
  for (const id of batch.letters) {
    const letter = state.letters.get(id)!;
    const { data, series, named, unnamed, withdrawn } = letter;
    if (series.at(-1)?.time === batch.time) series.pop();
    series.push({ time: batch.time, named, unnamed, withdrawn });
    if (data.threshold !== null && letter.signed >= data.threshold) letter.thresholdReached ??= batch.time;
  }
  return wrong;
}

/** Says which openings no longer exist. Nothing else changes: the count depends on tags alone. */
export const erasure: Rule<Erasure> = {
  check(state, { entry }) {
    for (const commitment of entry.data.commitments) {
      if (!state.commitments.has(commitment)) {
        throw new CommitmentInvalid('commitments', 'commitments of the record', commitment);
      }
    }
  },
  apply(state, { entry }) {
    for (const commitment of entry.data.commitments) state.erased.add(commitment);
  },
};
