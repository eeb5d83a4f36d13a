/** The shape of a rule. */

import { Message, RuleBroken } from '../../errors.ts';
import type { Claim } from '../../proof/batch.ts';
import type { Entry } from '../entry.ts';
import type { Data } from '../kinds.ts';
import type { State } from '../state.ts';

/** An entry where it stands: its index in the log, and the time that it bears or that its batch gives it. */
export interface Placed<D extends Data = Data> {
  readonly entry: Entry<D>;
  readonly index: number;
  readonly time: number;
}

/** What one kind of entry must obey. */
export interface Rule<D extends Data> {
  /**
   * The proof's equations, parsed, where the kind has a proof. Throws if the entry refers to nothing there is.
   *
   * Depends on letters and epochs only, never on other members' entries, so that the proofs of a whole log can be
   * judged before any of them counts.
   */
  claim?(state: State, placed: Placed<D>): Claim;
  /** Throw unless the entry is allowed where it stands, its proof apart. */
  check(state: State, placed: Placed<D>): void;
  /** Change the state as a checked entry does. */
  apply(state: State, placed: Placed<D>): void;
}

/** Times never fall: RuleBroken for one before the latest in the record. */
export function requireTime(state: State, time: number): void {
  if (time < state.clock) {
    throw new RuleBroken('time', new Message('{time} or later', { time: state.clock }), `${time}`);
  }
}

/** RuleBroken unless `time` is the end of a window. */
export function requireAligned(state: State, field: string, time: number): void {
  const { window } = state.opened.data;
  if (window !== 0 && time % window !== 0) {
    throw new RuleBroken(field, new Message('a multiple of the window of {n} s', { n: window }), `${time}`);
  }
}

/** Remember which entry bore a commitment first. */
export function noteCommitments(state: State, index: number, commitments: readonly string[]): void {
  for (const commitment of commitments) {
    if (!state.commitments.has(commitment)) state.commitments.set(commitment, index);
  }
}
