/** What a replay of the record knows after each entry. Only `replay` changes it; everybody else reads. */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, Message, RuleBroken } from '../errors.ts';
import { encodeHex, utf8 } from '../primitives/encoding.ts';
import { parseRing, type Ring, Selector } from '../proof/ring.ts';
import type { GroupOpened, LetterOpened, RollAttested } from './kinds.ts';

/** Rings remembered between entries: each can hold 4,096 stubs, and a record may ask for one with every entry. */
export const MAX_RINGS_KEPT = 32;

/** What `group.opened` said. */
export interface Group {
  readonly data: GroupOpened;
  readonly rollId: Uint8Array;
}

/** E as it was stated from some entry on. */
export interface StatedElectorate {
  readonly at: number;
  readonly entitled: number;
  readonly date: string;
  readonly source: string;
}

/** A row of the roll, but for its stubs, which lie in the roll's columns. `time` is that of the batch that brought it. */
export interface Row {
  readonly claim: string;
  readonly role: string | undefined;
  readonly time: number;
}

/** A frozen roll: the first `rows` rows. */
export interface Epoch {
  readonly index: number;
  readonly head: Uint8Array;
  readonly rows: number;
  /** How many of them bear each role. */
  readonly roles: ReadonlyMap<string, number>;
  readonly time: number;
}

/** The rows in log order, their stubs by slot, and the running digests of the columns. */
export class Roll {
  readonly rows: Row[] = [];
  readonly columns: Uint8Array[][] = [];
  readonly stubs = new Set<string>();
  readonly epochs = new Map<number, Epoch>();
  /** How many rows bear each role. */
  readonly roles = new Map<string, number>();
  newestEpoch: Epoch | undefined;
  /** Time of the batch that brought the oldest row not yet in an epoch. */
  unfixedSince: number | undefined;
  readonly #digests: ReturnType<typeof sha256.create>[] = [];
  readonly #roles = sha256.create();

  /** Append a row that the rules have accepted. */
  add(row: Row, stubs: readonly Uint8Array[]): void {
    stubs.forEach((stub, slot) => {
      this.columns[slot] ??= [];
      this.#digests[slot] ??= sha256.create();
      this.columns[slot].push(stub);
      this.#digests[slot].update(stub);
      this.stubs.add(encodeHex(stub));
    });
    this.#roles.update(utf8(`${row.role ?? ''}\n`));
    if (row.role !== undefined) this.roles.set(row.role, (this.roles.get(row.role) ?? 0) + 1);
    this.rows.push(row);
    this.unfixedSince ??= row.time;
  }

  /** Fix all rows so far. */
  fix(epoch: Epoch): void {
    this.epochs.set(epoch.index, epoch);
    this.newestEpoch = epoch;
    this.unfixedSince = undefined;
  }

  /** Rows released at `time` or before: they stand in the order of their times. */
  enrolledBy(time: number): number {
    return this.rows.filter((row) => row.time <= time).length;
  }

  /** Per slot, the SHA-256 of the stubs in row order. */
  columnDigests(): string[] {
    return this.#digests.map((digest) => encodeHex(digest.clone().digest()));
  }

  /** SHA-256 of each row's role and a line feed. */
  rolesDigest(): string {
    return encodeHex(this.#roles.clone().digest());
  }

  /** Rows that no epoch holds yet. */
  get unfixed(): number {
    return this.rows.length - (this.newestEpoch?.rows ?? 0);
  }
}

/** A signature that counts, and what its tag said last. */
export interface Recorded {
  readonly index: number;
  readonly epoch: number;
  readonly selector: string;
  seq: number;
  /** Digest of the tag's last record. */
  prev: Uint8Array;
  /** Number of the row that it names. */
  row: number | undefined;
  withdrawn: boolean;
  comment: string | undefined;
  /** Index of the batch that brought the tag's last record. */
  batch: number;
}

/** What was counted at the end of a batch. */
export interface Point {
  readonly time: number;
  readonly named: number;
  readonly unnamed: number;
  readonly withdrawn: number;
}

/** Organisers' news on a letter. */
export interface News {
  readonly at: number;
  readonly texts: readonly { readonly lang: string; readonly text: string }[];
}

/** Names and comments that organisers hid for abuse. */
export interface Strike {
  readonly at: number;
  readonly commitments: readonly string[];
  readonly reason: string;
}

/** A letter and everything counted for it. Maps and sets are keyed by tag or commitment in hex. */
export class Letter {
  readonly id: string;
  readonly idBytes: Uint8Array;
  readonly data: LetterOpened;
  closing: number;
  extended = false;
  /** `cancel` or `supersede` once the organisers said so. */
  ended: 'cancel' | 'supersede' | undefined;
  supersededBy: string | undefined;
  readonly reasons: string[] = [];
  readonly updates: News[] = [];
  readonly strikes: Strike[] = [];
  /** Whether `letter.closed` stands in the record. */
  closed = false;
  readonly signatures = new Map<string, Recorded>();
  /** Commitments to comments that a later one of the same signer has replaced. */
  readonly oldComments = new Set<string>();
  named = 0;
  unnamed = 0;
  withdrawn = 0;
  thresholdReached: number | undefined;
  /** Per selector, the time of the last batch that brought unnamed signatures. */
  readonly released = new Map<string, number>();
  readonly series: Point[] = [];

  constructor(id: Uint8Array, data: LetterOpened) {
    this.idBytes = id;
    this.id = encodeHex(id);
    this.data = data;
    this.closing = data.closing;
  }

  /** Signatures that stand: withdrawn ones are not counted. */
  get signed(): number {
    return this.named + this.unnamed;
  }
}

/** The batch being read: how many of its entries are still to come, and what it has brought. */
export interface Batch {
  readonly index: number;
  readonly time: number;
  left: number;
  readonly letters: Set<string>;
  /** Unnamed signatures by letter, then selector. */
  readonly unnamed: Map<string, Map<string, number>>;
}

/** Everything that the record says so far. Begin with `new State()` and let `replay` advance it. */
export class State {
  size = 0;
  /** The latest time in the record: no later entry may bear an earlier one. */
  clock = 0;
  group: Group | undefined;
  /** E as first stated, and each time it was corrected. */
  readonly electorates: StatedElectorate[] = [];
  readonly roll = new Roll();
  /** Second parties: the commitment to the name of each, by its key. */
  readonly attesters = new Map<string, { readonly name: string; readonly at: number }>();
  /** What they said of the roll, in the order of the log. */
  readonly attestations: RollAttested[] = [];
  /** What those said whose codes others used, by identifier. */
  readonly disputes = new Map<string, { readonly at: number; readonly settled?: { at: number; reason: string } }>();
  readonly letters = new Map<string, Letter>();
  readonly tags = new Set<string>();
  batch: Batch | undefined;
  readonly erased = new Set<string>();
  /** Commitments to names and comments that organisers hid. */
  readonly struck = new Set<string>();
  /** Every commitment of an entry with effect, and the index of the first that bears it. */
  readonly commitments = new Map<string, number>();
  unknown = 0;
  readonly #rings = new Map<string, { ring: Ring; rows: readonly number[] }>();

  /** The group; RuleBroken before `group.opened`. */
  get opened(): Group {
    if (this.group === undefined) throw new RuleBroken('entry 0', 'group.opened', 'another kind');
    return this.group;
  }

  /** The batch that is being read. */
  get openBatch(): Batch | undefined {
    return this.batch !== undefined && this.batch.left > 0 ? this.batch : undefined;
  }

  /** The one ring of epoch, slot and selector; RuleBroken without such an epoch, FormatError without a ring. */
  ring(epochIndex: number, slot: number, selector: string): Ring {
    return this.#ringWithRows(epochIndex, slot, selector).ring;
  }

  /** The row at a place of a ring; errors as `ring`, and FormatError if there is no such place. */
  rowAt(epochIndex: number, slot: number, selector: string, place: number): number {
    const { rows } = this.#ringWithRows(epochIndex, slot, selector);
    const row = rows[place];
    if (row === undefined) {
      throw new FormatError('index', new Message('a place below {n}', { n: rows.length }), `${place}`);
    }
    return row;
  }

  #ringWithRows(epochIndex: number, slot: number, selector: string): { ring: Ring; rows: readonly number[] } {
    const key = `${epochIndex}/${slot}/${selector}`;
    const found = this.#rings.get(key) ?? this.#makeRing(epochIndex, slot, selector);
    // The last one used goes to the end: the first is the one to forget.
    this.#rings.delete(key);
    this.#rings.set(key, found);
    if (this.#rings.size > MAX_RINGS_KEPT) this.#rings.delete(this.#rings.keys().next().value!);
    return found;
  }

  #makeRing(epochIndex: number, slot: number, selector: string): { ring: Ring; rows: readonly number[] } {
    const epoch = this.roll.epochs.get(epochIndex);
    if (epoch === undefined) throw new RuleBroken('epoch', 'the index of an epoch in the record', `${epochIndex}`);
    const parsed = Selector.parse(selector);
    const fitting: number[] = [];
    for (let row = 0; row < epoch.rows; row++) {
      if (parsed.role === undefined || this.roll.rows[row]!.role === parsed.role) fitting.push(row);
    }
    const { rollId } = this.opened;
    const rows = parsed.members(rollId, fitting);
    const column = this.roll.columns[slot]!;
    const stubs = rows.map((row) => column[row]!);
    return { ring: parseRing({ rollId, head: epoch.head, selector, slot, stubs }), rows };
  }

  /** E as it was last stated at `time` or before, which is not before the group was opened. */
  entitledBy(time: number): number {
    return this.electorates.findLast((stated) => stated.at <= time)!.entitled;
  }

  /**
   * Commitments of the group whose openings every reader needs.
   *
   * Its name, organisers and second parties, where each E comes from, how each second party compared, and how
   * disputes were settled.
   */
  groupOpenings(): Set<string> {
    const { title, organisers } = this.opened.data;
    return new Set([
      title,
      ...organisers.map(({ name }) => name),
      ...this.electorates.map(({ source }) => source),
      ...[...this.attesters.values()].map(({ name }) => name),
      ...this.attestations.map(({ method }) => method),
      ...[...this.disputes.values()].flatMap(({ settled }) => settled?.reason ?? []),
    ]);
  }

  /**
   * Commitments whose openings a reader of these letters needs, the group's with them.
   *
   * A name or comment is needed while the signature that gave it stands and organisers have not struck it. With
   * `withdrawn`, those that were withdrawn, struck or replaced are there too: all that anybody has ever published.
   */
  requiredOpenings(letters: Iterable<Letter>, withdrawn = false): Set<string> {
    const needed = this.groupOpenings();
    const add = (some: Iterable<string>): void => {
      for (const commitment of some) needed.add(commitment);
    };
    for (const letter of letters) {
      for (const text of letter.data.texts) add(textCommitments(text));
      add(letter.reasons);
      for (const news of letter.updates) add(news.texts.map(({ text }) => text));
      add(letter.strikes.map(({ reason }) => reason));
      const given = [...this.given(letter, withdrawn)];
      // From these alone: a comment may copy the commitment of anything, and is then struck without harm to it.
      add(withdrawn ? given : given.filter((commitment) => !this.struck.has(commitment)));
      if (withdrawn) add(letter.oldComments);
    }
    return needed;
  }

  /** Commitments to the names and newest comments of a letter's standing signatures; or of withdrawn ones too. */
  given(letter: Letter, withdrawn: boolean): Set<string> {
    const given = new Set<string>();
    for (const recorded of letter.signatures.values()) {
      if (recorded.withdrawn && !withdrawn) continue;
      if (recorded.row !== undefined) given.add(this.roll.rows[recorded.row]!.claim);
      if (recorded.comment !== undefined) given.add(recorded.comment);
    }
    return given;
  }
}

/** All that a reader of a letter in one language needs the openings of. */
export function textCommitments({ title, text, addressee, demands }: LetterOpened['texts'][number]): string[] {
  return [title, text, addressee, ...demands];
}
