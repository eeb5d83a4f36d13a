/** Commitments in the record to what lies beside it, and their openings (spec/record.md, 2). */

import { sha256 } from '@noble/hashes/sha2.js';
import { CommitmentInvalid, FormatError, Message } from '../errors.ts';
import { concat, encodeHex, parseUtf8, utf8 } from '../primitives/encoding.ts';
import { randomBytes } from '../primitives/randomness.ts';
import { checkText, encode, parseCanonical } from './canonical.ts';
import { bytesOf } from './entry.ts';
import { hex, object } from './schema.ts';

export const SALT_BYTES = 32;
export const MAX_PAYLOAD_BYTES = 65_536;
export const MAX_CLAIM_BYTES = 1024;
export const MAX_LINE_BYTES = 4096;
export const MAX_COMMENT_BYTES = 1000;
export const MAX_UPDATE_BYTES = 8192;
export const MAX_NAME_CHARACTERS = 200;

/** White space as Python's `strip` has it, which unlike JavaScript's leaves U+FEFF; control characters apart. */
const BLANK = ' \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\t\n\r';
const BLANK_ENDS = new RegExp(`^[${BLANK}]|[${BLANK}]$`);
const ALL_BLANK = new RegExp(`^[${BLANK}\\ufeff]*$`);

/** Salt and payload that open a commitment. */
export interface Opening {
  readonly salt: Uint8Array;
  readonly payload: Uint8Array;
}

/** An opening as JSON has it; its fields are checked by whoever reads it. */
export const openingSchema = { payload: hex(0, MAX_PAYLOAD_BYTES), salt: hex(SALT_BYTES) };

/** c = SHA-256(purpose ‖ salt ‖ payload), in hexadecimal. */
export function commitmentOf({ salt, payload }: Opening): string {
  return encodeHex(sha256(concat(utf8('ruban/commit/v1\0'), salt, payload)));
}

/** An opening of `text` in Unicode normal form C, with a fresh salt. */
export function commit(text: string): Opening {
  return { salt: randomBytes(SALT_BYTES), payload: utf8(text.normalize('NFC')) };
}

/** Accept only what opens `commitment`; CommitmentInvalid otherwise. */
export function verifyOpening(commitment: string, opening: Opening): void {
  if (commitmentOf(opening) !== commitment) {
    throw new CommitmentInvalid('opening', 'one that opens the commitment', 'another');
  }
}

function parseBounded(field: string, payload: Uint8Array, most: number): string {
  if (payload.length > most) {
    const got = new Message('{n} bytes', { n: payload.length });
    throw new FormatError(field, new Message('at most {n} bytes', { n: most }), got);
  }
  return parseUtf8(field, payload);
}

/**
 * The words of a short payload; FormatError unless at most 4 KiB of NFC text without control characters.
 *
 * A terminal or a page shows it, so nothing in it may steer one.
 */
export function parseLine(field: string, payload: Uint8Array): string {
  const text = parseBounded(field, payload, MAX_LINE_BYTES);
  checkText(field, text);
  return text;
}

/** The text of a letter: as `parseLine`, but for its length, and with tabs and ends of lines. */
export function parseText(field: string, payload: Uint8Array, most: number = MAX_PAYLOAD_BYTES): string {
  const text = parseBounded(field, payload, most);
  checkText(field, text.replace(/[\t\n\r]/g, ' '));
  return text;
}

/** The organisers' news: as a letter's text, at most 8 KiB. */
export function parseUpdate(field: string, payload: Uint8Array): string {
  return parseText(field, payload, MAX_UPDATE_BYTES);
}

/** A comment: as a letter's text, 1 to 1,000 bytes, not all white space. */
export function parseComment(field: string, payload: Uint8Array): string {
  const text = parseText(field, payload, MAX_COMMENT_BYTES);
  if (ALL_BLANK.test(text)) throw new FormatError(field, 'a comment', 'nothing but white space');
  return text;
}

/** The only payload of a row's claim. */
export function claimPayload(name: string, role?: string): Uint8Array {
  return encode(role === undefined ? { name } : { name, role });
}

/** Name and role of a claim's payload; FormatError unless it is exactly `claimPayload` of them. */
export function parseClaim(payload: Uint8Array): { name: string; role: string | undefined } {
  const { name, role, ...more } = parseCanonical('claim', payload, MAX_CLAIM_BYTES);
  const fits = typeof name === 'string' && (role === undefined || typeof role === 'string');
  if (!fits || Object.keys(more).length > 0) {
    throw new FormatError('claim', 'a name, and a role or none', 'other fields');
  }
  const { length } = [...name];
  if (length < 1 || length > MAX_NAME_CHARACTERS || BLANK_ENDS.test(name)) {
    throw new FormatError('claim name', new Message('1 to {n} characters', { n: MAX_NAME_CHARACTERS }), `${length}`);
  }
  return { name, role };
}

/** The opening of a line of `payloads/<N>`; FormatError on another form, CommitmentInvalid if c is not its own. */
export function parseOpening(line: Uint8Array): Opening & { c: string } {
  const fields = parseCanonical('payload line', line, 3 * MAX_PAYLOAD_BYTES, 1);
  object({ c: hex(32), ...openingSchema })('payload line', fields);
  const { c, payload, salt } = fields as Record<string, string>;
  const opening = { c: c!, payload: bytesOf(payload!), salt: bytesOf(salt!) };
  verifyOpening(opening.c, opening);
  return opening;
}
