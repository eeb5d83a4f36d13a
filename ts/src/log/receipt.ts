/**
 * What a submitter holds: the promise that an entry will be recorded by a time, and the proof that it was.
 *
 * A promise is a note by the receipt key, a proof is a C2SP tlog-proof. Ruled by spec/log.md, sections 7 and 8.
 */

import { CheckpointInvalid, FormatError, Message, SignatureInvalid } from '../errors.ts';
import { concat, encodeBase64, parseBase64, parseDecimal, parseUtf8, utf8 } from '../primitives/encoding.ts';
import { type Checkpoint, openCheckpoint, parseHash, parseLines, parseOrigin } from './checkpoint.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { MAX_NOTE_BYTES, parseNote, verifyNote } from './note.ts';

export const PROMISE_HEADER = 'ruban/receipt/v1';
export const PROOF_HEADER = 'c2sp.org/tlog-proof@v1';
export const MAX_PROOF_HASHES_COUNT = 63;
export const MAX_EXTRA_BYTES = 16_384;
export const MAX_PROOF_BYTES: number = MAX_NOTE_BYTES + 32_768;

/** The leaf with this hash will be in the log `origin` at `dueUnixSeconds` at the latest. */
export interface Promised {
  readonly origin: string;
  readonly leafHash: Uint8Array;
  readonly dueUnixSeconds: number;
}

/** A leaf's index, its path, the note of the checkpoint it leads to, and unauthenticated `extra` bytes if any. */
export interface TlogProof {
  readonly index: bigint;
  readonly path: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
  readonly extra?: Uint8Array | undefined;
}

/** What a promise's text says; FormatError unless it is the only encoding of that. */
export function parsePromise(text: string): Promised {
  // 7.1 Four lines: header, origin, leaf hash, time.
  const lines = parseLines('promise', text, 4);
  if (lines[0] !== PROMISE_HEADER) throw new FormatError('promise header', PROMISE_HEADER, 'another');
  const origin = parseOrigin('promise origin', lines[1]!);
  // 7.2 The leaf hash is base64 of 32 bytes.
  const hash = parseHash('promise leaf hash', lines[2]!);
  // 7.3 The time is decimal without leading zero, at most 2^53 − 1 seconds.
  const due = Number(parseDecimal('promise time', lines[3]!));
  if (!Number.isSafeInteger(due)) throw new FormatError('promise time', 'at most 2^53 − 1 seconds', lines[3]);
  return { origin, leafHash: hash, dueUnixSeconds: due };
}

/**
 * The promise in a note, only if `receiptKey` (32 bytes, Ed25519) signed it exactly once for the log `origin`.
 *
 * Throws SignatureInvalid if not; FormatError if the bytes are no note or the text is no promise.
 */
export function openPromise(data: Uint8Array, origin: string, receiptKey: Uint8Array): Promised {
  // 7.4 The note parses, the receipt key signed it once (5.5, 5.6), and it is about this log.
  const note = parseNote(data);
  verifyNote(note, { name: `${origin}/receipt`, public: receiptKey });
  const promise = parsePromise(note.text);
  if (promise.origin !== origin) throw new SignatureInvalid('promise origin', origin, promise.origin);
  return promise;
}

/** The text of a proof, its checkpoint verbatim at the end; FormatError if it would not parse. */
export function encodeTlogProof({ index, path, checkpoint, extra }: TlogProof): Uint8Array {
  const lines = [PROOF_HEADER, ...(extra ? [`extra ${encodeBase64(extra)}`] : []), `index ${index}`];
  const data = concat(utf8(`${[...lines, ...path.map(encodeBase64)].join('\n')}\n\n`), checkpoint);
  parseTlogProof(data);
  return data;
}

/** What a proof's text says, its checkpoint kept as bytes that parse as a note; FormatError unless canonical. */
export function parseTlogProof(data: Uint8Array): TlogProof {
  // 8.1 A bounded size; ASCII up to the first blank line, a note after it.
  if (data.length > MAX_PROOF_BYTES) {
    throw new FormatError('tlog-proof', new Message('at most {n} bytes', { n: MAX_PROOF_BYTES }), `${data.length}`);
  }
  const end = data.findIndex((byte, i) => byte === 10 && data[i + 1] === 10);
  if (end < 0 || data.subarray(0, end).some((byte) => byte > 127)) {
    throw new FormatError('tlog-proof', 'ASCII lines and a blank line', 'none');
  }
  const checkpoint = data.slice(end + 2);
  parseNote(checkpoint);
  // 8.2 The header line, then perhaps extra data, then the index.
  const [header, ...rest] = parseUtf8('tlog-proof', data.subarray(0, end)).split('\n');
  if (header !== PROOF_HEADER) throw new FormatError('tlog-proof header', PROOF_HEADER, 'another');
  const take = (prefix: string): string | undefined =>
    rest[0]?.startsWith(prefix) ? rest.shift()!.slice(prefix.length) : undefined;
  const base64 = take('extra ');
  const extra = base64 === undefined ? undefined : parseBase64('tlog-proof extra', base64);
  if (extra && extra.length > MAX_EXTRA_BYTES) {
    throw new FormatError(
      'tlog-proof extra',
      new Message('at most {n} bytes', { n: MAX_EXTRA_BYTES }),
      `${extra.length}`,
    );
  }
  const decimal = take('index ');
  if (decimal === undefined) throw new FormatError('tlog-proof', 'a line with the index', 'none');
  const index = parseDecimal('tlog-proof index', decimal);
  // 8.3 The path: at most 63 lines, each base64 of 32 bytes.
  if (rest.length > MAX_PROOF_HASHES_COUNT) {
    throw new FormatError(
      'tlog-proof path',
      new Message('at most {n} hashes', { n: MAX_PROOF_HASHES_COUNT }),
      `${rest.length}`,
    );
  }
  return { index, path: rest.map((line) => parseHash('tlog-proof path', line)), checkpoint, extra };
}

/**
 * Accept only if the leaf stands at the proof's index under a checkpoint of this log, which is returned.
 *
 * Throws CheckpointInvalid or InclusionInvalid; FormatError for malformed parts. Cosignatures are left to the caller.
 */
export function openTlogProof(proof: TlogProof, hash: Uint8Array, origin: string, logKey: Uint8Array): Checkpoint {
  // 8.4 The checkpoint is this log's (6.5, 6.6).
  const checkpoint = openCheckpoint(proof.checkpoint, origin, logKey);
  // 8.5 The path leads from the leaf to its root (section 2).
  verifyInclusion(hash, proof.index, checkpoint.size, proof.path, checkpoint.root);
  return checkpoint;
}

/** An entry that is in the log: its bytes, its index, and the checkpoint that shows it. */
export interface Included {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly checkpoint: Checkpoint;
}

/** The leaf that a proof brings as its extra data, only if it stands in this log; errors as `openTlogProof`. */
export function openLeaf(data: Uint8Array, origin: string, logKey: Uint8Array): Included {
  const proof = parseTlogProof(data);
  if (proof.extra === undefined) throw new FormatError('tlog-proof extra', 'the leaf', 'none');
  const checkpoint = openTlogProof(proof, leafHash(proof.extra), origin, logKey);
  if (proof.index > Number.MAX_SAFE_INTEGER) throw new CheckpointInvalid('checkpoint size', 'below 2^53', 'more');
  return { leaf: proof.extra, index: Number(proof.index), checkpoint };
}
