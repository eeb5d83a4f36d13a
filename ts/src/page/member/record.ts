/**
 * The record as a member's device reads it: a few entries with their proofs, whole columns, and nothing that says who asks.
 *
 * Everything that comes back has been checked against the log's key; the newest checkpoint grows out of those seen before.
 */

import { CheckpointInvalid, FetchFailed, FormatError, Inconsistent, Message, RubanError } from '../../errors.ts';
import { type Checkpoint, openCheckpoint } from '../../log/checkpoint.ts';
import { consistencyProof, leafHash, Tree, verifyConsistency } from '../../log/merkle.ts';
import { MAX_NOTE_BYTES } from '../../log/note.ts';
import { openLeaf, parseTlogProof } from '../../log/receipt.ts';
import { encodePath, hashesInTiles, MAX_BUNDLE_BYTES, parseBundle, pathsOf, type Source } from '../../log/tiles.ts';
import { encodeHex, equalBytes, parseUtf8, utf8 } from '../../primitives/encoding.ts';
import { bytesOf, type Entry, parseEntry, parseEntryOf, rollId, verifyQuorum } from '../../record/entry.ts';
import type { GroupOpened } from '../../record/kinds.ts';

const MAX_PROOF_FILE_BYTES = 196_608;

/** A group's record over the network: `base` is the path under which it lies. */
export function sourceAt(base: string): Source {
  const seen = new Map<string, Promise<Uint8Array>>();
  const get = async (path: string, maxBytes: number): Promise<Uint8Array> => {
    let answer: Response;
    try {
      answer = await fetch(`${base}/${path}`, { credentials: 'omit', redirect: 'error' });
    } catch {
      throw new FetchFailed(path, 'an answer', 'none');
    }
    if (!answer.ok) throw new FetchFailed(path, 'the file', `${answer.status}`);
    const data = new Uint8Array(await answer.arrayBuffer());
    if (data.length > maxBytes) throw new FormatError(path, new Message('at most {n} bytes', { n: maxBytes }), 'more');
    return data;
  };
  return {
    read: (path, maxBytes) => {
      // Tiles never change; a proof of consistency asks for the same ones many times.
      if (!path.startsWith('tile/')) return get(path, maxBytes);
      const known = seen.get(path) ?? get(path, maxBytes);
      seen.set(path, known);
      known.catch(() => seen.delete(path));
      return known;
    },
  };
}

/** A group whose first entry stands in its log. */
export class Group {
  readonly source: Source;
  readonly opened: GroupOpened;
  readonly rollId: Uint8Array;
  readonly logKey: Uint8Array;
  /** The newest checkpoint seen. */
  checkpoint: Checkpoint;
  /** The note of a checkpoint that has been accepted: the next visit must find a record that grew out of it. */
  mark = '';

  private constructor(source: Source, opened: GroupOpened, roll: Uint8Array, checkpoint: Checkpoint) {
    this.source = source;
    this.opened = opened;
    this.rollId = roll;
    this.logKey = bytesOf(opened.log_key);
    this.checkpoint = checkpoint;
  }

  /**
   * The group at `source`; RuleBroken if `roll` is known and another, Inconsistent if the record no longer holds what it
   * held under `mark`, a checkpoint that this device has seen.
   */
  static async open(source: Source, roll?: string, mark?: string): Promise<Group> {
    const data = await source.read('proof/0', MAX_PROOF_FILE_BYTES);
    // The first entry says which key signs; whoever has enrolled knows its identifier and so needs to trust nobody.
    const opened = parseEntryOf('group.opened', extraOf(data));
    const { origin, log_key } = opened.data;
    const { leaf, index, checkpoint } = openLeaf(data, origin, bytesOf(log_key));
    if (index !== 0) throw new FormatError('group.opened', 'the first entry', `${index}`);
    verifyQuorum(opened.data, opened);
    const group = new Group(source, opened.data, rollId(leaf), checkpoint);
    if (roll !== undefined && roll !== encodeHex(group.rollId)) {
      throw new Inconsistent('group', 'the one that this device enrolled with', 'another');
    }
    if (mark !== undefined) await group.advance(openCheckpoint(utf8(mark), origin, group.logKey));
    group.mark = parseUtf8('checkpoint', parseTlogProof(data).checkpoint);
    return group;
  }

  /** Let another checkpoint of this log be true as well; Inconsistent if it cannot be. */
  async advance(other: Checkpoint): Promise<void> {
    const [older, newer] = other.size < this.checkpoint.size ? [other, this.checkpoint] : [this.checkpoint, other];
    if (older.size === newer.size) {
      if (!equalBytes(older.root, newer.root)) throw new Inconsistent('checkpoint', 'one root for one size', 'two');
      return;
    }
    const read = hashesInTiles(this.source, Number(newer.size));
    const path = await consistencyProof(read, Number(older.size), Number(newer.size));
    verifyConsistency(older.size, newer.size, path, older.root, newer.root);
    this.checkpoint = newer;
  }

  /** The leaf at `index`, one that is no member's, with proof that it stands there. */
  async leaf(index: number): Promise<Uint8Array> {
    const data = await this.source.read(`proof/${index}`, MAX_PROOF_FILE_BYTES);
    const found = openLeaf(data, this.opened.origin, this.logKey);
    if (found.index !== index) throw new FormatError('proof', `that of entry ${index}`, `${found.index}`);
    await this.advance(found.checkpoint);
    return found.leaf;
  }

  /**
   * Every well-formed entry of the checkpoint, in order. Once all are read: CheckpointInvalid if they are not its own.
   *
   * Whoever stops before knows nothing. A malformed entry has no effect: whoever recounts the record reports it.
   */
  async *entries(): AsyncGenerator<{ readonly index: number; readonly leaf: Uint8Array; readonly entry: Entry }> {
    const tree = new Tree();
    const { size, root } = this.checkpoint;
    for (const path of pathsOf(Number(size))) {
      for (const leaf of parseBundle(await this.source.read(encodePath(path), MAX_BUNDLE_BYTES), path.width)) {
        const index = tree.size;
        tree.append(leafHash(leaf));
        const entry = wellFormed(leaf);
        if (entry !== undefined) yield { index, leaf, entry };
      }
    }
    if (!equalBytes(tree.root(), root)) throw new CheckpointInvalid('entries', 'those of the checkpoint', 'others');
  }

  /** Ask for the newest checkpoint. */
  async refresh(): Promise<void> {
    const note = await this.source.read('checkpoint', MAX_NOTE_BYTES);
    await this.advance(openCheckpoint(note, this.opened.origin, this.logKey));
    if (this.checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new CheckpointInvalid('checkpoint size', 'below 2^53', 'more');
    }
    this.mark = parseUtf8('checkpoint', note);
  }
}

function wellFormed(leaf: Uint8Array): Entry | undefined {
  try {
    return parseEntry(leaf);
  } catch (error) {
    if (error instanceof RubanError) return undefined;
    throw error;
  }
}

/** The leaf that a proof brings, before anything of it is believed. */
function extraOf(data: Uint8Array): Uint8Array {
  const { extra } = parseTlogProof(data);
  if (extra === undefined) throw new FormatError('proof', 'an entry', 'none');
  return extra;
}
