/** How well somebody who signs without a name is hidden: the twin of `ruban.cli.hiding`. No cryptography changes it. */

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
  const others = Math.max(1, among - named);
  const unnamed = Math.min(others, unnamedBefore + 1);
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
