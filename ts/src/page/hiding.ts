/** How well somebody who signs without a name is hidden: the twin of `ruban.cli.hiding`. No cryptography changes it. */

import type { Count } from './standing.ts';

/** The letter of November 2023, in the last count that the press reported: what a success looks like. */
export const ENDED_LIKE: readonly [signed: number, of: number] = [710, 770];
/** Below this many, a reader who knows the group will often guess right whatever the proof hides. */
export const FEW = 20;
/** Above this share of the enrolled, having enrolled says much of having signed. */
export const CROWDED_PERCENT = 80;

/** Of N among whom the signer hides: those who have signed by name, and without, the signer counted among these. */
export interface Hiding {
  readonly among: number;
  readonly named: number;
  readonly unnamed: number;
  /** N − k. */
  readonly others: number;
  /** What a guess is right in, of 1. */
  readonly now: number;
  readonly atTheEnd: number;
  readonly everybodyKnows: boolean;
  readonly everybodyWill: boolean;
  readonly few: boolean;
}

/** The figures with one more unnamed signature over a ring of `among`. */
export function hiding(among: number, named: number, unnamedBefore: number): Hiding {
  return figures(among, named, unnamedBefore + 1);
}

/**
 * The figures with one more signature, by role or as one of all, for somebody who knows the signer's role.
 *
 * Who signs as one of all belongs to those with the role in proportion; undefined if the letter has no such role.
 */
export function hidingInRole(count: Count, role: string, byRole: boolean): Hiding | undefined {
  const own = count.by_role.find((one) => one.role === role);
  if (own === undefined) return undefined;
  const asRoles = count.by_role.reduce((sum, one) => sum + one.unnamed, byRole ? 1 : 0);
  const asRole = own.unnamed + (byRole ? 1 : 0);
  const asOneOfAll = count.unnamed + 1 - asRoles;
  const others = Math.max(0, count.ring - count.named - asRoles);
  const withRole = Math.max(0, own.ring - own.named - asRole);
  return figures(own.ring, own.named, asRole + (others > 0 ? (asOneOfAll * withRole) / others : 0));
}

function figures(among: number, named: number, withThis: number): Hiding {
  const others = Math.max(1, among - named);
  const unnamed = Math.min(others, withThis);
  const [signed, of] = ENDED_LIKE;
  const inProportion = Math.floor((2 * among * signed + of) / (2 * of));
  const end = Math.min(others, Math.max(unnamed, inProportion - named));
  return {
    among,
    named,
    unnamed,
    others,
    now: unnamed / others,
    atTheEnd: end / others,
    everybodyKnows: unnamed >= others,
    everybodyWill: end >= others,
    few: among < FEW,
  };
}
