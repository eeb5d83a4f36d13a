/**
 * The openings beside a record: each opens a commitment that somebody published, and none that is needed is missing.
 *
 * Ruled by spec/record.md, 2 and 7.8.
 */

import { CommitmentInvalid, FetchFailed, FormatError, Message, RubanError } from '../errors.ts';
import { type Source, TILE_WIDTH_COUNT } from '../log/tiles.ts';
import { MAX_OPENING_BYTES, MAX_OPENINGS_COUNT, MAX_PAYLOADS_BYTES, payloadsPath } from '../published.ts';
import { parseClaim, parseComment, parseLine, parseOpening, parseText, parseUpdate } from '../record/commitment.ts';
import type { Letter, State } from '../record/state.ts';

/** Told what does not hold, and of which entry. */
export type Found = (error: RubanError, index?: number) => void;

/** A name, and a role if the claim bears one. */
export type Claimed = ReturnType<typeof parseClaim>;

/** What the openings say, as far as anybody will be shown it; all by commitment in hex. */
export interface Openings {
  readonly seen: Set<string>;
  /** Titles, demands, addressees, reasons. */
  readonly lines: Map<string, string>;
  readonly updates: Map<string, string>;
  readonly claims: Map<string, Claimed>;
}

/** The openings of the record's first `bundles` entry bundles, each of them checked. */
export async function readOpenings(source: Source, bundles: number, state: State, found: Found): Promise<Openings> {
  const openings: Openings = { seen: new Set(), lines: new Map(), updates: new Map(), claims: new Map() };
  const uses = usesOf(state);
  const published = state.requiredOpenings(state.letters.values(), true);
  for (let number = 0; number < bundles; number++) {
    const where = payloadsPath(number);
    let previous = '';
    for (const line of await linesOf(source, where, found)) {
      let opening: ReturnType<typeof parseOpening>;
      try {
        opening = parseOpening(line);
      } catch (error) {
        if (!(error instanceof RubanError)) throw error;
        found(error);
        continue;
      }
      const { c, payload } = opening;
      if (c <= previous) found(new FormatError(where, 'openings once each, sorted by c', 'another order'));
      previous = c;
      const place = state.commitments.get(c);
      const wrong = misplaced(state, c, place, number, published);
      if (wrong !== undefined) {
        found(new CommitmentInvalid(where, wrong, c), place);
        continue;
      }
      openings.seen.add(c);
      try {
        // A commitment may serve twice; its payload must then have both forms.
        if (uses.bodies.has(c)) parseText('payload', payload);
        if (uses.lines.has(c)) openings.lines.set(c, parseLine('payload', payload));
        if (uses.updates.has(c)) openings.updates.set(c, parseUpdate('payload', payload));
        if (uses.comments.has(c)) parseComment('payload', payload);
        if (uses.claims.has(c)) openings.claims.set(c, parseClaim(payload));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        found(error, place);
      }
    }
  }
  return openings;
}

/** What each commitment of the record is used for. */
function usesOf(state: State) {
  const letters = [...state.letters.values()];
  const signatures = letters.flatMap((letter) => [...letter.signatures.values()]);
  const lines = state.groupOpenings();
  for (const { data, reasons, strikes } of letters) {
    const said = data.texts.flatMap(({ title, addressee, demands }) => [title, addressee, ...demands]);
    for (const line of [...said, ...reasons, ...strikes.map(({ reason }) => reason)]) lines.add(line);
  }
  return {
    lines,
    bodies: new Set(letters.flatMap(({ data }) => data.texts.map(({ text }) => text))),
    updates: new Set(letters.flatMap(({ updates }) => updates.flatMap(({ texts }) => texts.map(({ text }) => text)))),
    claims: new Set(signatures.flatMap(({ row }) => (row === undefined ? [] : [state.roll.rows[row]!.claim]))),
    comments: new Set([
      ...signatures.flatMap(({ comment }) => comment ?? []),
      ...letters.flatMap(({ oldComments }) => [...oldComments]),
    ]),
  };
}

/** The lines of a payloads file up to the first that cannot be one. */
async function linesOf(source: Source, where: string, found: Found): Promise<Uint8Array[]> {
  let data: Uint8Array;
  try {
    data = await source.read(where, MAX_PAYLOADS_BYTES);
  } catch (error) {
    if (!(error instanceof FetchFailed || error instanceof FormatError)) throw error;
    found(error);
    return [];
  }
  const lines: Uint8Array[] = [];
  for (let start = 0; start < data.length; ) {
    const end = data.indexOf(10, start);
    if (end < 0 || end - start > MAX_OPENING_BYTES || lines.length === MAX_OPENINGS_COUNT) {
      const most = new Message('at most {n} lines, each ended by a line feed', { n: MAX_OPENINGS_COUNT });
      found(new FormatError(where, most, 'something else'));
      break;
    }
    lines.push(data.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/** What an opening should have been, if it has no business here. */
function misplaced(
  state: State,
  commitment: string,
  place: number | undefined,
  number: number,
  published: ReadonlySet<string>,
): string | undefined {
  if (place === undefined || Math.floor(place / TILE_WIDTH_COUNT) !== number) {
    return "openings of this bundle's entries";
  }
  if (state.erased.has(commitment)) return 'no opening that the record says was erased';
  // Whoever publishes the claim of a row that has signed nothing by name exposes somebody.
  return published.has(commitment) ? undefined : 'openings that somebody has published';
}

/** Find each opening that a reader of the group and these letters needs and that is neither there nor erased. */
export function checkNeeded(openings: Openings, state: State, letters: readonly Letter[], found: Found): void {
  const missing = [...state.requiredOpenings(letters)].filter((c) => !openings.seen.has(c) && !state.erased.has(c));
  const placed = missing.sort().map((c) => ({ c, place: state.commitments.get(c) }));
  for (const { c, place } of placed.sort((left, right) => (left.place ?? 0) - (right.place ?? 0))) {
    found(new CommitmentInvalid('opening', new Message('one for {c}, or its erasure', { c }), 'none'), place);
  }
}
