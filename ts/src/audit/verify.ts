/**
 * Recount a record, trusting nobody: the nine steps of spec/record.md, 7.
 *
 * Findings are collected, never thrown, so that one fault does not hide another and the rest is still counted. Only a
 * source without a readable group or checkpoint cannot be audited at all.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import {
  CheckpointInvalid,
  CommitmentInvalid,
  FetchFailed,
  FormatError,
  Inconsistent,
  Message,
  QuorumMissing,
  type RubanError,
  SignatureInvalid,
} from '../errors.ts';
import { type Checkpoint, openCheckpoint } from '../log/checkpoint.ts';
import { leafHash, Tree } from '../log/merkle.ts';
import { encodePath, MAX_BUNDLE_BYTES, MAX_TILE_BYTES, parseBundle, pathsOf, type Source } from '../log/tiles.ts';
import { concat, encodeHex, equalBytes, parseHex, parseUtf8 } from '../primitives/encoding.ts';
import { BatchInvalid, verifyBatch } from '../proof/batch.ts';
import {
  CHECKPOINT,
  MAX_CHECKPOINT_BYTES,
  MAX_SETTINGS_BYTES,
  parseSettings,
  SETTINGS,
  type Settings,
} from '../published.ts';
import { type Finding, finish, type Obligation, replay } from '../record/replay.ts';
import { State } from '../record/state.ts';
import { GrowingTiles, type GrownTile } from './growing.ts';
import { checkNeeded, type Found, type Openings, readOpenings } from './openings.ts';
import { type AuditFinding, findingOf, letterVerdict, type Verdict } from './report.ts';

/** Proofs in one multi-scalar multiplication: enough to share a ring's terms, few enough to keep memory flat. */
export const PROOFS_AT_ONCE = 512;
/** Entries of a record, at most: whoever signs a checkpoint may claim any size. */
export const MAX_ENTRIES = 10_000_000;
/** Findings kept, with their evidence; more are only counted. */
export const MAX_FINDINGS = 1000;
/** Which rows fail, then which signatures, then the count (`replay`): no record needs another. */
export const MAX_REPLAYS = 3;
/** How often a record that grew while it was read is read again. */
export const MAX_READINGS = 3;

/** The file of a record at `path`; FetchFailed if it is not there, FormatError if it is longer than `maxBytes`. */
export type FetchFile = (path: string, maxBytes: number) => Promise<Uint8Array>;

/** Told what is being done, how much of it, of how much. */
export type Progress = (what: 'recount' | 'proofs', done: number, total: number) => void;

/** What the reader already knows and wants to see confirmed. */
export interface Demands {
  readonly origin?: string | undefined;
  readonly logKey?: Uint8Array | undefined;
  /** A checkpoint note seen before: the record must continue it. */
  readonly earlier?: Uint8Array | undefined;
}

/**
 * The verdict on everything that `fetchFile` gives.
 *
 * Throws FormatError, FetchFailed or CheckpointInvalid where there is no signed record to audit, or where `demands` are
 * not those of this record.
 */
export async function audit(
  fetchFile: FetchFile,
  demands: Demands = {},
  onProgress: Progress = () => {},
): Promise<Verdict> {
  const source = { read: fetchFile };
  for (let reading = 1; ; reading++) {
    const run = await Audit.begin(source, demands, onProgress);
    const verdict = await run.whole();
    // Openings are published for the newest checkpoint: a record that has grown meanwhile is no finding.
    if (verdict.holds || reading === MAX_READINGS) return verdict;
    if (equalBytes(await source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES), run.note)) return verdict;
  }
}

/** Which step finds it: 5 for signatures of organisers, 6 for the roll, 7 for what members say, else 4. */
function stepOf({ kind, error }: Finding): number {
  if (error instanceof SignatureInvalid || error instanceof QuorumMissing) return 5;
  if (kind === 'roll.row' || kind === 'roll.checkpoint') return 6;
  return kind === 'signature' || kind === 'statement' ? 7 : 4;
}

/** The findings of one replay, each with the leaf it is about: so many, and how many more. */
class Replayed {
  readonly kept: { finding: Finding; leaf: Uint8Array | undefined }[] = [];
  more = 0;

  add(finding: Finding, leaf?: Uint8Array): void {
    if (this.kept.length < MAX_FINDINGS) this.kept.push({ finding, leaf });
    else this.more += 1;
  }
}

class Audit {
  readonly note: Uint8Array;
  readonly #source: Source;
  readonly #progress: Progress;
  readonly #settings: Settings;
  readonly #checkpoint: Checkpoint;
  readonly #size: number;
  readonly #earlierNote: Uint8Array | undefined;
  readonly #earlier: Checkpoint | undefined;
  readonly #findings: AuditFinding[] = [];
  #leftOut = 0;
  /** SHA-256 of each entry bundle read: every replay must be of the same bytes. */
  readonly #digests: Uint8Array[] = [];
  /** Entries whose proof has been judged, and whether it holds. */
  readonly #judged = new Map<number, boolean>();
  #proofMilliseconds = 0;

  private constructor(
    source: Source,
    progress: Progress,
    settings: Settings,
    note: Uint8Array,
    earlierNote: Uint8Array | undefined,
  ) {
    const logKey = parseHex('log key', settings.log_key);
    this.#source = source;
    this.#progress = progress;
    this.#settings = settings;
    this.note = note;
    this.#checkpoint = openCheckpoint(note, settings.origin, logKey);
    if (this.#checkpoint.size > MAX_ENTRIES) {
      const most = new Message('at most {n} entries', { n: MAX_ENTRIES });
      throw new FormatError('checkpoint size', most, `${this.#checkpoint.size}`);
    }
    this.#size = Number(this.#checkpoint.size);
    this.#earlierNote = earlierNote;
    this.#earlier = earlierNote && openCheckpoint(earlierNote, settings.origin, logKey);
  }

  static async begin(source: Source, { origin, logKey, earlier }: Demands, progress: Progress): Promise<Audit> {
    // 7.1 Checkpoint and keys.
    const settings = parseSettings(await source.read(SETTINGS, MAX_SETTINGS_BYTES));
    for (const [name, wanted, got] of [
      ['origin', origin, settings.origin],
      ['log key', logKey && encodeHex(logKey), settings.log_key],
    ] as const) {
      if (wanted !== undefined && wanted !== got) throw new CheckpointInvalid(name, wanted, got);
    }
    const note = await source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES);
    return new Audit(source, progress, settings, note, earlier);
  }

  async whole(): Promise<Verdict> {
    // 7.2 and 7.3 go with the first replay; 7.4 to 7.7 begin again where proofs fail: their entries have no effect.
    let rejected: ReadonlySet<number> = new Set();
    let { state, replayed } = await this.#recount(rejected, true);
    for (let again = 1; again < MAX_REPLAYS; again++) {
      const failed = new Set([...this.#judged].flatMap(([index, holds]) => (holds ? [] : [index])));
      // What has failed once stays so: only a longer list is another.
      if (failed.size === rejected.size) break;
      rejected = failed;
      ({ state, replayed } = await this.#recount(rejected, false));
    }
    for (const { finding, leaf } of replayed.kept) {
      this.#found(stepOf(finding), finding.error, finding.index, finding.kind, leaf && encodeHex(leaf));
    }
    this.#leftOut += replayed.more;
    if (state.group === undefined) throw new FormatError('entry 0', 'a group.opened that holds', 'another entry');
    // 7.1 The entries decide who may sign; ruban.json only says where to begin.
    const { origin, log_key, receipt_key } = state.group.data;
    const said = this.#settings;
    if (said.origin !== origin || said.log_key !== log_key || said.receipt_key !== receipt_key) {
      this.#found(1, new CheckpointInvalid(SETTINGS, 'origin and keys of group.opened', 'others'));
    }
    // 7.8 Openings.
    const { openings, included } = await this.#openings(state);
    // 7.9 The verdict.
    return this.#verdict(state, openings, included);
  }

  #found(step: number, error: RubanError, index?: number, kind?: string, evidence?: string): void {
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push(findingOf(step, error, { index, kind, evidence }));
    else this.#leftOut += 1;
  }

  /**
   * The entries, bundle by bundle; a missing or damaged one ends the record there, as a finding.
   *
   * FetchFailed if a later reading gives other bytes than the first: two records must not be mixed in one verdict.
   */
  async *#bundles(first: boolean): AsyncGenerator<Uint8Array[], void> {
    for (const path of pathsOf(this.#size)) {
      if (!first && path.index === this.#digests.length) return;
      const where = encodePath(path);
      let data: Uint8Array;
      let leaves: Uint8Array[];
      try {
        data = await this.#source.read(where, MAX_BUNDLE_BYTES);
        leaves = parseBundle(data, path.width);
      } catch (error) {
        if (!first || !(error instanceof FetchFailed || error instanceof FormatError)) throw error;
        this.#found(2, error);
        return;
      }
      const digest = sha256(data);
      if (first) this.#digests.push(digest);
      else if (!equalBytes(digest, this.#digests[path.index]!)) {
        throw new FetchFailed(where, 'the same bytes at each reading', 'others');
      }
      yield leaves;
    }
  }

  async #recount(rejected: ReadonlySet<number>, first: boolean): Promise<{ state: State; replayed: Replayed }> {
    const state = new State();
    const [tree, tiles, replayed] = [new Tree(), new GrowingTiles(), new Replayed()];
    const waiting: Obligation[] = [];
    for await (const leaves of this.#bundles(first)) {
      if (first) await this.#hash(tree, tiles, leaves);
      // 7.4, 7.5 and 7.6 Form, order, times; signatures of organisers; the roll.
      const start = state.size;
      const { findings, obligations } = replay(state, leaves, rejected);
      for (const finding of findings) replayed.add(finding, leaves[finding.index - start]);
      // 7.7 Proofs, many at once.
      waiting.push(...obligations.filter(({ index }) => !this.#judged.has(index)));
      while (waiting.length >= PROOFS_AT_ONCE) this.#discharge(waiting.splice(0, PROOFS_AT_ONCE));
      this.#progress('recount', state.size, this.#size);
    }
    if (waiting.length > 0) {
      this.#discharge(waiting);
      this.#progress('proofs', this.#judged.size, this.#judged.size);
    }
    for (const ended of finish(state)) replayed.add(ended);
    if (first) {
      // 7.2 Size and root are the signed ones; the tiles are those of the same tree.
      const { root } = this.#checkpoint;
      if (tree.size === this.#size && !equalBytes(tree.root(), root)) {
        this.#found(2, new CheckpointInvalid('root', encodeHex(root), encodeHex(tree.root())));
      }
      for (const tile of tiles.partial()) await this.#checkTile(tile);
      this.#checkSize();
    }
    return { state, replayed };
  }

  /** 7.2 and 7.3 for some entries more. */
  async #hash(tree: Tree, tiles: GrowingTiles, leaves: readonly Uint8Array[]): Promise<void> {
    for (const leaf of leaves) {
      const hashed = leafHash(leaf);
      tree.append(hashed);
      for (const tile of tiles.add(hashed)) await this.#checkTile(tile);
      // 7.3 Consistency with an earlier checkpoint: the same entries must give its root.
      const earlier = this.#earlier;
      if (earlier !== undefined && BigInt(tree.size) === earlier.size && !equalBytes(tree.root(), earlier.root)) {
        const expected = 'one that continues the earlier one';
        this.#found(3, new Inconsistent('checkpoint', expected, undefined, this.#bothNotes()));
      }
    }
  }

  /** 7.3 A record shorter than one seen before is an old copy or hides its end; both notes may well be true. */
  #checkSize(): void {
    const earlier = this.#earlier;
    if (earlier === undefined || earlier.size <= this.#checkpoint.size) return;
    const least = new Message('{n} or more, as seen before', { n: `${earlier.size}` });
    this.#found(3, new CheckpointInvalid('checkpoint size', least, `${this.#size}`, this.#bothNotes()));
  }

  #bothNotes(): string {
    return `${parseUtf8('checkpoint', this.#earlierNote!)}\n${parseUtf8('checkpoint', this.note)}`;
  }

  async #checkTile({ path, hashes }: GrownTile): Promise<void> {
    const where = encodePath(path);
    try {
      const data = await this.#source.read(where, MAX_TILE_BYTES);
      if (!equalBytes(data, concat(...hashes))) {
        this.#found(2, new FormatError(where, 'the hashes of the entries', 'others'));
      }
    } catch (error) {
      if (!(error instanceof FetchFailed || error instanceof FormatError)) throw error;
      this.#found(2, error);
    }
  }

  #discharge(obligations: readonly Obligation[]): void {
    const started = performance.now();
    let culprits: readonly number[] = [];
    try {
      verifyBatch(obligations.map(({ claim }) => claim));
    } catch (error) {
      if (!(error instanceof BatchInvalid)) throw error;
      culprits = error.culprits;
    }
    const failed = new Set(culprits);
    obligations.forEach(({ index }, place) => {
      this.#judged.set(index, !failed.has(place));
    });
    this.#proofMilliseconds += performance.now() - started;
  }

  /** 7.8 What the openings say, and the letters whose openings the publisher says are here. */
  async #openings(state: State): Promise<{ openings: Openings; included: ReadonlySet<string> }> {
    const found: Found = (error, index) => this.#found(8, error, index);
    const chosen = this.#settings.openings ?? [...state.letters.keys()];
    for (const id of chosen) {
      if (!state.letters.has(id)) found(new FormatError(SETTINGS, 'letters of the record', id));
    }
    const openings = await readOpenings(this.#source, this.#digests.length, state, found);
    const letters = chosen.flatMap((id) => state.letters.get(id) ?? []);
    checkNeeded(openings, state, letters, found);
    for (const letter of state.letters.values()) {
      for (const { row: number, index } of letter.signatures.values()) {
        const row = number === undefined ? undefined : state.roll.rows[number]!;
        const claim = row && openings.claims.get(row.claim);
        if (claim !== undefined && claim.role !== row?.role) {
          found(new CommitmentInvalid('claim role', `${row?.role}`, `${claim.role}`), index);
        }
      }
    }
    return { openings, included: new Set(letters.map(({ id }) => id)) };
  }

  #verdict(state: State, { lines, ...more }: Openings, included: ReadonlySet<string>): Verdict {
    const { data, rollId } = state.opened;
    const electorates = state.electorates.map(({ at, entitled, date, source }) => {
      return { at, electorate: entitled, date, source: lines.get(source) ?? null };
    });
    const newest = electorates.at(-1)!;
    return {
      holds: this.#findings.length === 0,
      group: {
        title: lines.get(data.title) ?? null,
        origin: data.origin,
        roll: encodeHex(rollId),
        log_key: data.log_key,
        window_seconds: data.window,
        time_protected: data.window > 0,
        rehearsal: data.rehearsal,
        electorate_date: newest.date,
        electorate_source: newest.source,
        electorates,
      },
      record: {
        entries: this.#size,
        root: encodeHex(this.#checkpoint.root),
        log_signatures: 1,
        witnesses: 0,
        unknown_entries: state.unknown,
        as_of: state.clock,
      },
      attestations: state.attestations.map((said) => {
        const { name, at } = state.attesters.get(said.key)!;
        const { key, date, epoch, rows, entitled, invited, found, spent } = said;
        const words = { by: lines.get(name) ?? null, named_at: at, method: lines.get(said.method) ?? null };
        return { ...words, key, date, epoch, rows, entitled, invited, found, spent };
      }),
      disputes: {
        open: [...state.disputes.values()].filter(({ settled }) => settled === undefined).length,
        settled: [...state.disputes.values()].flatMap(({ settled }) => {
          return settled === undefined ? [] : [{ at: settled.at, reason: lines.get(settled.reason) ?? null }];
        }),
      },
      proofs: {
        verified: [...this.#judged.values()].filter((holds) => holds).length,
        seconds: Math.round(this.#proofMilliseconds) / 1000,
      },
      letters: [...state.letters.values()].map((letter) => {
        return letterVerdict(state, letter, { lines, ...more }, included.has(letter.id));
      }),
      findings: this.#findings,
      findings_left_out: this.#leftOut,
    };
  }
}
