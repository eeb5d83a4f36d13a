/**
 * Signed notes (C2SP signed-note): a text, a blank line, and signature lines, of which only known ones count.
 *
 * A key here is a name and an Ed25519 public key; both give the key ID. Ruled by spec/log.md, section 5.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, Message, RubanError, SignatureInvalid } from '../errors.ts';
import { verifyEd25519 } from '../primitives/ed25519.ts';
import { concat, equalBytes, parseBase64, parseUtf8, utf8 } from '../primitives/encoding.ts';

export const MAX_NOTE_BYTES = 131_072;
export const MAX_SIGNATURES_COUNT = 16;
export const MAX_KEY_NAME_BYTES = 255;
export const KEY_ID_BYTES = 4;

const DASH = '— ';
/** What Python's `isspace` says of characters that are no control characters. JavaScript's `\s` has U+FEFF as well. */
const NO_NAME = /[\p{Cc} \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/u;
/** DEL and C1 too: a terminal that a note is printed on obeys U+009B as it obeys an escape sequence. */
const CONTROL = /[^\P{Cc}\n]/u;

/** One signature line: who says to have signed, which key, and what follows the key's ID. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A text that ends in a newline, and its signature lines in their order, known or not. */
export interface Note {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A name and a 32-byte Ed25519 public key, which together make the key ID. */
export interface VerifierKey {
  readonly name: string;
  readonly public: Uint8Array;
}

/** SHA-256(name ‖ newline ‖ 0x01 ‖ public key), its first four bytes. */
export function keyIdOf(key: VerifierKey): Uint8Array {
  return sha256(concat(utf8(`${key.name}\n\x01`), key.public)).slice(0, KEY_ID_BYTES);
}

/** The same text, if it may name a key: 1 to `most` bytes of UTF-8 without spaces, plus signs or control characters. */
export function parseKeyName(field: string, name: string, most = MAX_KEY_NAME_BYTES): string {
  const size = utf8(name).length;
  if (size < 1 || size > most) throw new FormatError(field, new Message('1 to {n} bytes', { n: most }), `${size}`);
  if (NO_NAME.test(name)) throw new FormatError(field, 'no space, plus sign or control character', 'one of them');
  return name;
}

/**
 * The text and signature lines of a note; FormatError unless these bytes are the only encoding of what is returned.
 *
 * Nothing is verified: until `verifyNote` or one of its callers has accepted, the text means nothing.
 */
export function parseNote(data: Uint8Array): Note {
  // 5.1 At most 128 KiB of UTF-8 without control characters other than newline.
  if (data.length > MAX_NOTE_BYTES) {
    throw new FormatError('note', new Message('at most {n} bytes', { n: MAX_NOTE_BYTES }), `${data.length}`);
  }
  const whole = parseUtf8('note', data);
  if (CONTROL.test(whole)) throw new FormatError('note', 'no control character but newline', 'one');
  // 5.2 The last blank line parts text and signatures; both end in a newline.
  const end = whole.lastIndexOf('\n\n');
  if (end < 0) throw new FormatError('note', 'a blank line before the signatures', 'none');
  if (end + 2 === whole.length || !whole.endsWith('\n')) {
    throw new FormatError('note', 'a signature line that ends in a newline', 'none');
  }
  // 5.3 One to sixteen signature lines.
  const lines = whole.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES_COUNT) {
    throw new FormatError(
      'note',
      new Message('at most {n} signatures', { n: MAX_SIGNATURES_COUNT }),
      `${lines.length}`,
    );
  }
  return { text: whole.slice(0, end + 1), signatures: lines.map(parseLine) };
}

function parseLine(line: string): NoteSignature {
  // 5.4 Em dash, space, key name, space, canonical base64 of the key's ID and at least one byte more.
  const [name, base64, more] = line.slice(DASH.length).split(' ');
  if (!line.startsWith(DASH) || base64 === undefined || more !== undefined) {
    throw new FormatError('signature line', '— name base64', 'another form');
  }
  parseKeyName('key name', name!);
  const data = parseBase64('signature', base64);
  if (data.length <= KEY_ID_BYTES) {
    throw new FormatError('signature', new Message('more than {n} bytes', { n: KEY_ID_BYTES }), `${data.length}`);
  }
  return { name: name!, keyId: data.slice(0, KEY_ID_BYTES), signature: data.slice(KEY_ID_BYTES) };
}

/**
 * Accept only if exactly one signature is by `key`, and it is that of the text.
 *
 * All others are ignored, those too that share only the name or only the ID with `key`. Throws SignatureInvalid.
 */
export function verifyNote(note: Note, key: VerifierKey): void {
  // 5.5 One line by this key, no second.
  const keyId = keyIdOf(key);
  const known = note.signatures.filter((line) => line.name === key.name && equalBytes(line.keyId, keyId));
  if (known.length !== 1) {
    throw new SignatureInvalid(
      'note',
      new Message('one signature by the key {key}', { key: key.name }),
      `${known.length}`,
    );
  }
  // 5.6 It verifies over the text with its last newline, without the blank line.
  try {
    verifyEd25519(key.public, utf8(note.text), known[0]!.signature);
  } catch (error) {
    if (!(error instanceof RubanError)) throw error;
    throw new SignatureInvalid('note', new Message('a valid signature by the key {key}', { key: key.name }), 'another');
  }
}
