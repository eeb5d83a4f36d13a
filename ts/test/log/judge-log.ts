/** What each kind of vector of the log asks for (../../../vectors/log/README.md). */

import { createHash } from 'node:crypto';
import {
  CheckpointInvalid,
  FormatError,
  InclusionInvalid,
  Inconsistent,
  type RubanError,
  SignatureInvalid,
} from '../../src/errors.ts';
import { openCheckpoint } from '../../src/log/checkpoint.ts';
import { verifyConsistency, verifyInclusion } from '../../src/log/merkle.ts';
import { keyIdOf, parseKeyName, parseNote, type VerifierKey, verifyNote } from '../../src/log/note.ts';
import { openPromise, openTlogProof, parseTlogProof } from '../../src/log/receipt.ts';
import { parseBundle } from '../../src/log/tiles.ts';
import { parsePublicKey } from '../../src/primitives/ed25519.ts';
import { encodeHex, parseBase64, parseHex, utf8 } from '../../src/primitives/encoding.ts';

type Case = Readonly<Record<string, string | number | string[]>>;

const REFUSALS: readonly [new (...args: never[]) => RubanError, string][] = [
  [FormatError, 'format'],
  [InclusionInvalid, 'inclusion'],
  [Inconsistent, 'inconsistent'],
  [SignatureInvalid, 'signature'],
  [CheckpointInvalid, 'checkpoint'],
];

/** The Ed25519 key of `<name>+<ID>+<base64 of 0x01 ‖ key>`; FormatError for another type, a wrong ID or a weak key. */
export function parseVkey(text: string): VerifierKey {
  const [name = '', id = '', ...rest] = text.split('+');
  const material = parseBase64('verifier key', rest.join('+'));
  if (material[0] !== 1) throw new FormatError('verifier key', 'type 0x01 (Ed25519)');
  const key = { name: parseKeyName('key name', name), public: parsePublicKey('verifier key', material.slice(1)) };
  if (encodeHex(keyIdOf(key)) !== id) throw new FormatError('key ID', 'that of the key', id);
  return key;
}

const KINDS: Readonly<Record<string, { fields: string; run: (fields: Fields) => void }>> = {
  inclusion: {
    fields: 'leaf_hash index size proof root',
    run: (f) =>
      verifyInclusion(f.hex('leaf_hash'), f.integer('index'), f.integer('size'), f.list('proof'), f.hex('root')),
  },
  consistency: {
    fields: 'size1 size2 proof root1 root2',
    run: (f) =>
      verifyConsistency(f.integer('size1'), f.integer('size2'), f.list('proof'), f.hex('root1'), f.hex('root2')),
  },
  bundle: {
    fields: 'data width entries',
    run: (f) => {
      const entries = parseBundle(f.hex('data'), Number(f.integer('width')));
      if (entries.map(encodeHex).join() !== f.list('entries').map(encodeHex).join()) throw new Error('other entries');
    },
  },
  note: { fields: 'note vkey', run: (f) => verifyNote(parseNote(f.text('note')), parseVkey(f.string('vkey'))) },
  checkpoint: {
    fields: 'note origin log_key',
    run: (f) => openCheckpoint(f.text('note'), f.string('origin'), f.hex('log_key')),
  },
  promise: {
    fields: 'note origin receipt_key',
    run: (f) => openPromise(f.text('note'), f.string('origin'), f.hex('receipt_key')),
  },
  'tlog-proof': {
    fields: 'proof leaf_hash origin log_key',
    run: (f) =>
      openTlogProof(parseTlogProof(f.text('proof')), f.hex('leaf_hash'), f.string('origin'), f.hex('log_key')),
  },
};

class Fields {
  readonly #case: Case;

  constructor(from: Case) {
    this.#case = from;
  }

  string(key: string): string {
    return this.#case[key] as string;
  }

  text(key: string): Uint8Array {
    return utf8(this.string(key));
  }

  hex(key: string): Uint8Array {
    return parseHex(key, this.string(key));
  }

  list(key: string): Uint8Array[] {
    return (this.#case[key] as string[]).map((text) => parseHex(key, text));
  }

  integer(key: string): bigint {
    return BigInt(this.#case[key] as number);
  }
}

/** What comes of a case, whatever it expects; Error unless it has exactly the fields of its kind. */
export function judgeLog(value: Case): string {
  const { kind: name } = value;
  const kind = KINDS[name as string];
  if (kind === undefined) throw new Error(`unknown kind ${name}`);
  const wanted = ['name', 'kind', 'expect', ...kind.fields.split(' ')];
  if (Object.keys(value).sort().join() !== wanted.sort().join()) throw new Error(`other fields: ${Object.keys(value)}`);
  try {
    kind.run(new Fields(value));
    return 'ok';
  } catch (error) {
    const refusal = REFUSALS.find(([type]) => error instanceof type);
    if (refusal === undefined) throw error;
    return refusal[1];
  }
}

/** SHA-256 by the platform: for trees computed in another way than the one under test. */
export function sha256Of(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}
