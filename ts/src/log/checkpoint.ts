/**
 * Checkpoints (C2SP tlog-checkpoint): origin, size and root of the log, signed by its key.
 *
 * Ruban's checkpoints have no extension lines, and the key is named like the origin. Ruled by spec/log.md, section 6.
 */

import { CheckpointInvalid, FormatError, Message, SignatureInvalid } from '../errors.ts';
import { equalBytes, parseBase64, parseDecimal } from '../primitives/encoding.ts';
import { EMPTY_ROOT, HASH_BYTES, MAX_SIZE_ENTRIES } from './merkle.ts';
import { parseKeyName, parseNote, verifyNote } from './note.ts';

export const MAX_ORIGIN_BYTES = 240;

/** Which log (`origin`), how many entries (`size`), and the 32-byte root over them. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: bigint;
  readonly root: Uint8Array;
}

/** The same text, if it may be a log's origin: a key name of at most 240 bytes; FormatError otherwise. */
export function parseOrigin(field: string, text: string): string {
  return parseKeyName(field, text, MAX_ORIGIN_BYTES);
}

/** The lines of a text that has exactly `count`, each ended by a newline; FormatError otherwise. */
export function parseLines(field: string, text: string, count: number): string[] {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length !== count) {
    throw new FormatError(field, new Message('{n} lines', { n: count }), 'another number of them');
  }
  return lines;
}

/** The 32 bytes of canonical base64; FormatError otherwise. */
export function parseHash(field: string, text: string): Uint8Array {
  const hash = parseBase64(field, text);
  if (hash.length !== HASH_BYTES) {
    throw new FormatError(field, '32 bytes', new Message('{n} bytes', { n: hash.length }));
  }
  return hash;
}

/** What a checkpoint's text says; FormatError unless it is the only encoding of that. */
export function parseCheckpoint(text: string): Checkpoint {
  // 6.1 Three lines, each ended by a newline; extension lines are refused, because no monitor can check them.
  const lines = parseLines('checkpoint', text, 3);
  // 6.2 The origin may name a key, with room for a suffix.
  const origin = parseOrigin('checkpoint origin', lines[0]!);
  // 6.3 The size is decimal without leading zero, below 2^63.
  const size = parseDecimal('checkpoint size', lines[1]!);
  if (size > MAX_SIZE_ENTRIES) throw new FormatError('checkpoint size', 'below 2^63', lines[1]);
  // 6.4 The root is base64 of 32 bytes, and that of nothing if the size is zero.
  const root = parseHash('checkpoint root', lines[2]!);
  if (size === 0n && !equalBytes(root, EMPTY_ROOT)) {
    throw new FormatError('checkpoint root', 'the root of the empty tree', lines[2]);
  }
  return { origin, size, root };
}

/**
 * The checkpoint in a note, only if `origin` is its log and `logKey` (32 bytes, Ed25519) signed it exactly once.
 *
 * Throws CheckpointInvalid if not; FormatError if the bytes are no note or the text is no checkpoint.
 */
export function openCheckpoint(data: Uint8Array, origin: string, logKey: Uint8Array): Checkpoint {
  // 6.5 The note parses, the log's key signed it once (5.5, 5.6); nothing of the text is used before that.
  const note = parseNote(data);
  try {
    verifyNote(note, { name: origin, public: logKey });
  } catch (error) {
    if (!(error instanceof SignatureInvalid)) throw error;
    throw new CheckpointInvalid('checkpoint signature', error.expected, error.got);
  }
  const checkpoint = parseCheckpoint(note.text);
  // 6.6 The origin is the expected one, character by character.
  if (checkpoint.origin !== origin) throw new CheckpointInvalid('checkpoint origin', origin, checkpoint.origin);
  return checkpoint;
}
