/** A letter, and the member's place among those enrolled, derived from the record as spec/proof.md, 4 bids. */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, Message, Refused, RuleBroken, VerificationError } from '../../errors.ts';
import { encodeHex, equalBytes, parseUtf8 } from '../../primitives/encoding.ts';
import { POINT_BYTES } from '../../primitives/group.ts';
import { MAX_RING, parseRing, type Ring, Selector } from '../../proof/ring.ts';
import { epochHead, letterId, parseEntryOf, verifyQuorum } from '../../record/entry.ts';
import { type LetterOpened, leastRing } from '../../record/kinds.ts';
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

/** An epoch's stubs of one slot, row by row, and the rows' roles where somebody may sign by them. */
export interface Column {
  readonly epoch: number;
  readonly head: Uint8Array;
  readonly stubs: readonly Uint8Array[];
  readonly roles: readonly (string | undefined)[];
}

/** The roles of an epoch, row by row, as their digest in the log has them. All of them: never "my row's". */
async function readRoles(group: Group, epoch: number, digest: string): Promise<string[]> {
  const bytes = await group.source.read(`roll/${epoch}/roles`, MAX_COLUMN_BYTES);
  if (encodeHex(sha256(bytes)) !== digest) {
    throw new VerificationError('roles', 'the list that the record fixes', 'another');
  }
  return parseUtf8('roles', bytes).split('\n').slice(0, -1);
}

/** The stubs of a slot in an epoch, as their digest in the log has them. */
async function readColumn(group: Group, epoch: number, slot: number, withRoles: boolean): Promise<Column> {
  const leaf = await group.leaf(epoch);
  const { data } = parseEntryOf('roll.checkpoint', leaf);
  const bytes = await group.source.read(`roll/${epoch}/${slot}`, MAX_COLUMN_BYTES);
  const stubs = parseColumn(bytes, data.rows);
  if (encodeHex(sha256(bytes)) !== data.columns[slot]) {
    throw new VerificationError('column', 'the list that the record fixes', 'another');
  }
  return { epoch, head: epochHead(leaf), stubs, roles: withRoles ? await readRoles(group, epoch, data.roles) : [] };
}

/** The ring of all, or of those with `role`, that holds `stub`, made of a column; undefined if the stub is not in it. */
export function placeIn(
  rollId: Uint8Array,
  slot: number,
  { epoch, head, stubs: column, roles }: Column,
  stub: Uint8Array,
  role?: string,
): Place | undefined {
  const fits = (row: number): boolean => role === undefined || roles[row] === role;
  const rows = column.flatMap((one, row) => (equalBytes(one, NO_STUB) || !fits(row) ? [] : [row]));
  const blocks = Math.max(1, Math.ceil(rows.length / MAX_RING));
  for (let block = 0; block < blocks; block++) {
    const selector = new Selector(role === undefined ? { block, blocks } : { role, block, blocks });
    const stubs = selector.members(rollId, rows).map((row) => column[row]!);
    const index = stubs.findIndex((one) => equalBytes(one, stub));
    if (index < 0) continue;
    // parseRing refuses a stub that stands twice, and anything that is no point.
    const ring = parseRing({ rollId, head, selector: selector.encode(), slot, stubs });
    return { epoch, selector: selector.encode(), ring, index };
  }
  return undefined;
}

/** The member's place among all, and among those with the same role where the letter may be signed by it. */
export interface Places {
  readonly all: Place;
  readonly role:
    | {
        readonly name: string;
        readonly having: number;
        readonly others: number;
        readonly enough: boolean;
        readonly place: Place;
      }
    | undefined;
}

/** The member's places in `epoch`; undefined if the epoch is older than the member's row. */
export async function findPlaces(
  group: Group,
  { data }: OpenedLetter,
  epoch: number,
  stub: Uint8Array,
): Promise<Places | undefined> {
  if (epoch < data.epoch) throw new Refused('epoch', 'one of the letter', 'an earlier one');
  const column = await readColumn(group, epoch, data.slot, data.selectors.length > 1);
  const all = placeIn(group.rollId, data.slot, column, stub);
  if (all === undefined) return undefined;
  const name = column.roles[column.stubs.findIndex((one) => equalBytes(one, stub))];
  if (!name || !data.selectors.includes(`role:${name}`)) return { all, role: undefined };
  const having = column.roles.filter((one) => one === name).length;
  const place = placeIn(group.rollId, data.slot, column, stub, name)!;
  const others = column.roles.length - having;
  // Those without the role as well: else the one tells of the other.
  const enough = Math.min(having, others) >= leastRing(group.opened);
  return { all, role: { name, having, others, enough, place } };
}

/** Whether `tag` is among those recorded under a letter, as the server lists them. */
export async function isUsed(group: Group, letter: OpenedLetter, tag: Uint8Array): Promise<boolean> {
  const tags = await group.source.read(`tags/${letter.index}`, MAX_COLUMN_BYTES);
  for (let at = 0; at + POINT_BYTES <= tags.length; at += POINT_BYTES) {
    if (equalBytes(tags.subarray(at, at + POINT_BYTES), tag)) return true;
  }
  return false;
}
