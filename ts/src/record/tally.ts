/** The numbers of one letter, as a replay yields them. Nothing here is stored or asserted by anybody. */

import type { Letter, State } from './state.ts';

/** Signed, of enrolled, of entitled; by way of signing; withdrawn signatures are not among those signed. */
export interface Tally {
  readonly signed: number;
  /** Rows released by the letter's closing: later ones could not have signed. */
  readonly enrolled: number;
  readonly entitled: number;
  readonly named: number;
  readonly unnamed: number;
  readonly withdrawn: number;
  /** Of those by name, how many names have been erased. */
  readonly erased: number;
  /** Names and comments of signatures that stand, which organisers have hidden. */
  readonly struck: number;
  readonly threshold: number | null;
  readonly threshold_reached: number | null;
}

/** The letter's tally at the end of what has been replayed; its fields are named as in a verdict. */
export function tally(state: State, letter: Letter): Tally {
  const standing = [...letter.signatures.values()].filter(({ withdrawn }) => !withdrawn);
  const claims = standing.flatMap(({ row }) => (row === undefined ? [] : [state.roll.rows[row]!.claim]));
  const comments = standing.flatMap(({ comment }) => comment ?? []);
  return {
    signed: letter.signed,
    enrolled: state.roll.enrolledBy(letter.closing),
    entitled: state.entitledBy(letter.closing),
    named: letter.named,
    unnamed: letter.unnamed,
    withdrawn: letter.withdrawn,
    erased: claims.filter((claim) => state.erased.has(claim)).length,
    struck: [...claims, ...comments].filter((given) => state.struck.has(given)).length,
    threshold: letter.data.threshold,
    threshold_reached: letter.thresholdReached ?? null,
  };
}
