/** What a member sends, as a small text that anybody may carry (spec/record.md, 4). */

import { FormatError } from '../errors.ts';
import { encodeHex, parseUtf8, utf8 } from '../primitives/encoding.ts';
import { encode, parseCanonical } from './canonical.ts';
import { MAX_PAYLOAD_BYTES, type Opening, openingSchema } from './commitment.ts';
import { bytesOf } from './entry.ts';
import { MAX_ENTRY_BYTES } from './kinds.ts';
import { listOf, object } from './schema.ts';

export const MAX_SUBMISSION_BYTES: number = 2 * MAX_ENTRY_BYTES + 4 * MAX_PAYLOAD_BYTES;

/** What a member sends: an entry, and the openings of the commitments in it that are to be public. */
export interface Submission {
  readonly leaf: Uint8Array;
  readonly openings: readonly Opening[];
}

const SCHEMA = object({
  entry: (field, value) => {
    if (typeof value !== 'string') throw new FormatError(field, 'a string', 'another value');
  },
  open: listOf(object(openingSchema), 0, Number.POSITIVE_INFINITY),
});

/** The text that anybody may carry: {"entry": string, "open": [{"payload", "salt"}]}. */
export function encodeSubmission({ leaf, openings }: Submission): Uint8Array {
  const open = openings.map(({ payload, salt }) => ({ payload: encodeHex(payload), salt: encodeHex(salt) }));
  return encode({ entry: parseUtf8('entry', leaf), open });
}

/** The text without its one last line feed, if it has one. */
export function withoutLineFeed(data: Uint8Array): Uint8Array {
  return data[data.length - 1] === 10 ? data.subarray(0, -1) : data;
}

/**
 * The submission of a text; FormatError unless it is exactly what `encodeSubmission` makes, a final line feed apart.
 *
 * The entry itself is parsed by whoever admits it.
 */
export function parseSubmission(data: Uint8Array): Submission {
  const value = parseCanonical('submission', withoutLineFeed(data), MAX_SUBMISSION_BYTES, 3);
  SCHEMA('submission', value);
  const { entry, open } = value as { entry: string; open: { payload: string; salt: string }[] };
  return {
    leaf: utf8(entry),
    openings: open.map(({ payload, salt }) => ({ payload: bytesOf(payload), salt: bytesOf(salt) })),
  };
}
