/** Which names and comments a letter shows: those that stand, and that nobody has struck or erased. */

import type { Letter, Recorded, State } from './state.ts';

function mayBeRead(state: State, letter: Letter, of: (recorded: Recorded) => string | undefined): string[] {
  return [...letter.signatures.values()].flatMap((recorded) => {
    const commitment = recorded.withdrawn ? undefined : of(recorded);
    return commitment === undefined || state.struck.has(commitment) || state.erased.has(commitment) ? [] : [commitment];
  });
}

/** Commitment to the claim of each signature by name whose name may be shown, in the order of the log. */
export function shownNames(state: State, letter: Letter): string[] {
  return mayBeRead(state, letter, ({ row }) => (row === undefined ? undefined : state.roll.rows[row]!.claim));
}

/** Commitment of each comment that may be shown, in the order of the signatures. */
export function shownComments(state: State, letter: Letter): string[] {
  return mayBeRead(state, letter, ({ comment }) => comment);
}
