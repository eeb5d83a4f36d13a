/** The numbers of one letter, as a replay yields them. Nothing here is stored or asserted by anybody. */

import { Selector } from '../proof/ring.ts';
import type { Letter, Recorded, State } from './state.ts';

/** The numbers of those with one role. */
export interface RoleTally {
  readonly role: string;
  /** Rows that bear it, released by the letter's closing. */
  readonly enrolled: number;
  readonly named: number;
  /** Signatures that stand as one of them; who signs as one of all may bear the role as well. */
  readonly unnamed: number;
}

/** Signed, of enrolled, of entitled; by way of signing; withdrawn signatures are not among those signed. */
export interface Tally {
  readonly signed: number;
  /** Rows released by the letter's closing: later ones could not have signed. */
  readonly enrolled: number;
  readonly entitled: number;
  readonly named: number;
  /** Those by role are among them. */
  readonly unnamed: number;
  /** For each role whose members may sign as such, in the letter's order. */
  readonly by_role: readonly RoleTally[];
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
    by_role: letter.data.selectors.flatMap((selector) => {
      const { role } = Selector.parse(selector);
      return role === undefined ? [] : [roleTally(state, letter, role, standing)];
    }),
    withdrawn: letter.withdrawn,
    erased: claims.filter((claim) => state.erased.has(claim)).length,
    struck: [...claims, ...comments].filter((given) => state.struck.has(given)).length,
    threshold: letter.data.threshold,
    threshold_reached: letter.thresholdReached ?? null,
  };
}

function roleTally(state: State, letter: Letter, role: string, standing: readonly Recorded[]): RoleTally {
  const having = state.roll.rows.filter((row) => row.role === role && row.time <= letter.closing);
  const named = standing.filter(({ row }) => row !== undefined && state.roll.rows[row]!.role === role);
  const unnamed = standing.filter(({ row, selector }) => row === undefined && Selector.parse(selector).role === role);
  return { role, enrolled: having.length, named: named.length, unnamed: unnamed.length };
}
