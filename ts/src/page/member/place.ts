/** A letter, and the member's place among those enrolled, derived from the record as spec/proof.md, 4 bids. */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, Message, Refused, RuleBroken, VerificationError } from '../../errors.ts';
import { encodeHex, equalBytes } from '../../primitives/encoding.ts';
import { POINT_BYTES } from '../../primitives/group.ts';
import { MAX_RING, parseRing, type Ring, Selector } from '../../proof/ring.ts';
import { epochHead, letterId, parseEntryOf, verifyQuorum } from '../../record/entry.ts';
import type { LetterOpened } from '../../record/kinds.ts';
import type { Group } from './record.ts';

const MAX_COLUMN_BYTES = 100_000 * POINT_BYTES;
const NO_STUB = new Uint8Array(POINT_BYTES);

/** A letter that the organisers' quorum has opened. */
export interface OpenedLetter {
  readonly id: Uint8Array;
  readonly index: number;
  readonly data: LetterOpened;
}

/** The ring of an epoch that holds the member's stub, and where. */
export interface Place {
  readonly epoch: number;
  readonly selector: string;
  readonly ring: Ring;
  readonly index: number;
}

/** The letter `id`, logged at `index`; a VerificationError or FormatError if the record has another there. */
export async function readLetter(group: Group, index: number, id: string): Promise<OpenedLetter> {
  const leaf = await group.leaf(index);
  const entry = parseEntryOf('letter.opened', leaf);
  const own = letterId(leaf);
  if (encodeHex(own) !== id) throw new RuleBroken('letter', 'the one that this page is about', 'another');
  verifyQuorum(group.opened, entry);
  return { id: own, index, data: entry.data };
}

function parseColumn(data: Uint8Array, rows: number): Uint8Array[] {
  if (data.length !== rows * POINT_BYTES) {
    throw new FormatError('column', new Message('{n} rows', { n: rows }), 'another number of them');
  }
  return Array.from({ length: rows }, (_, row) => data.slice(row * POINT_BYTES, (row + 1) * POINT_BYTES));
}

/** The stubs of a slot in an epoch, row by row, as its digest in the log has them. */
async function readColumn(group: Group, epoch: number, slot: number) {
  const leaf = await group.leaf(epoch);
  const { data } = parseEntryOf('roll.checkpoint', leaf);
  const bytes = await group.source.read(`roll/${epoch}/${slot}`, MAX_COLUMN_BYTES);
  const column = parseColumn(bytes, data.rows);
  if (encodeHex(sha256(bytes)) !== data.columns[slot]) {
    throw new VerificationError('column', 'the list that the record fixes', 'another');
  }
  return { head: epochHead(leaf), column };
}

/** The ring that holds `stub`, made of a column; undefined if the stub is not in it. */
export function placeIn(
  rollId: Uint8Array,
  head: Uint8Array,
  epoch: number,
  slot: number,
  column: readonly Uint8Array[],
  stub: Uint8Array,
): Place | undefined {
  const rows = column.flatMap((one, row) => (equalBytes(one, NO_STUB) ? [] : [row]));
  const blocks = Math.max(1, Math.ceil(rows.length / MAX_RING));
  for (let block = 0; block < blocks; block++) {
    const selector = new Selector({ block, blocks });
    const stubs = selector.members(rollId, rows).map((row) => column[row]!);
    const index = stubs.findIndex((one) => equalBytes(one, stub));
    if (index < 0) continue;
    // parseRing refuses a stub that stands twice, and anything that is no point.
    const ring = parseRing({ rollId, head, selector: selector.encode(), slot, stubs });
    return { epoch, selector: selector.encode(), ring, index };
  }
  return undefined;
}

/** The member's place in `epoch`; undefined if the epoch is older than the member's row. */
export async function findPlace(
  group: Group,
  letter: OpenedLetter,
  epoch: number,
  stub: Uint8Array,
): Promise<Place | undefined> {
  if (epoch < letter.data.epoch) throw new Refused('epoch', 'one of the letter', 'an earlier one');
  const { head, column } = await readColumn(group, epoch, letter.data.slot);
  return placeIn(group.rollId, head, epoch, letter.data.slot, column, stub);
}

/** Whether `tag` is among those recorded under a letter, as the server lists them. */
export async function isUsed(group: Group, letter: OpenedLetter, tag: Uint8Array): Promise<boolean> {
  const tags = await group.source.read(`tags/${letter.index}`, MAX_COLUMN_BYTES);
  for (let at = 0; at + POINT_BYTES <= tags.length; at += POINT_BYTES) {
    if (equalBytes(tags.subarray(at, at + POINT_BYTES), tag)) return true;
  }
  return false;
}
