/** The file in which a member keeps a secret, and `ruban sign` reads it (spec/proof.md, 3). */

import { FormatError } from '../errors.ts';
import { concat, encodeHex, equalBytes } from '../primitives/encoding.ts';
import { SUITE } from '../primitives/transcript.ts';
import { MAX_SLOTS } from '../proof/enrol.ts';
import { MemberSecret, SEED_BYTES, SLOT_MATERIAL_BYTES } from '../proof/secret.ts';
import { encode, parseCanonical } from './canonical.ts';
import { bytesOf } from './entry.ts';
import { choice, hex, int, listOf, object } from './schema.ts';
import { withoutLineFeed } from './submission.ts';

export const MAX_SECRET_FILE_BYTES = 65_536;

interface Fields {
  readonly roll: string;
  readonly row_key: string;
  readonly claim_salt: string;
  readonly seed?: string;
  readonly slots?: readonly { readonly slot: number; readonly material: string }[];
}

const SCHEMA = object(
  {
    suite: choice(SUITE),
    roll: hex(32),
    row_key: hex(32),
    claim_salt: hex(32),
    seed: hex(SEED_BYTES),
    slots: listOf(object({ slot: int(0, MAX_SLOTS - 1), material: hex(SLOT_MATERIAL_BYTES) }), 0, MAX_SLOTS),
  },
  ['seed', 'slots'],
);

/** The file's bytes: canonical JSON and a line feed. */
export function encodeSecretFile(secret: MemberSecret): Uint8Array {
  const slots = [...secret.slots].sort(([left], [right]) => left - right);
  const kept =
    secret.seed === undefined
      ? { slots: slots.map(([slot, material]) => ({ slot, material: encodeHex(material) })) }
      : { seed: encodeHex(secret.seed) };
  const fields = {
    suite: SUITE,
    roll: encodeHex(secret.rollId),
    row_key: encodeHex(secret.rowSeed),
    claim_salt: encodeHex(secret.claimSalt),
    ...kept,
  };
  return concat(encode(fields), Uint8Array.of(10));
}

/** The secret of a file; FormatError, which never shows any of it, unless it is exactly of that form. */
export function parseSecretFile(data: Uint8Array): MemberSecret {
  const text = withoutLineFeed(data);
  const value = parseCanonical('secret file', text, MAX_SECRET_FILE_BYTES);
  SCHEMA('secret file', value);
  const { roll, row_key, claim_salt, seed, slots } = value as unknown as Fields;
  if ((seed === undefined) === (slots === undefined)) {
    throw new FormatError('secret file', 'either a seed or slots', 'both or neither');
  }
  const secret = new MemberSecret(
    bytesOf(roll),
    seed === undefined
      ? {
          slots: new Map(slots!.map(({ slot, material }) => [slot, bytesOf(material)])),
          rowSeed: bytesOf(row_key),
          claimSalt: bytesOf(claim_salt),
        }
      : { seed: bytesOf(seed) },
  );
  // Also refuses slots in another order, and one that stands twice.
  if (!equalBytes(withoutLineFeed(encodeSecretFile(secret)), text)) {
    throw new FormatError('secret file', 'keys that follow from the seed, slots in order', 'others');
  }
  return secret;
}
