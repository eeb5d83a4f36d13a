/** An entry: a leaf of the log, parsed and checked against the schema of its kind, with the identifiers made from it. */

import { FormatError, Message, QuorumMissing } from '../errors.ts';
import { verifyEd25519 } from '../primitives/ed25519.ts';
import { concat, parseHex, utf8 } from '../primitives/encoding.ts';
import { type Tag, transcript } from '../primitives/transcript.ts';
import { encode, type JsonObject, parseCanonical } from './canonical.ts';
import { checkKind, type Data, isKnown, MAX_ENTRY_BYTES } from './kinds.ts';

/** A well-formed entry. `known` is false for a kind this version does not know: kept, counted, without effect. */
export interface Entry<D extends Data = Data> {
  readonly leaf: Uint8Array;
  readonly kind: string;
  readonly data: D;
  readonly known: boolean;
}

/** The bytes of a hexadecimal field that the schema has checked. */
export function bytesOf(hex: string): Uint8Array {
  return parseHex('field', hex);
}

/** What a proof or signature of an entry with these fields is about: all but `proof`, `sig` and `sigs`. */
export function bodyOf(data: object): Uint8Array {
  const { proof: _proof, sig: _sig, sigs: _sigs, ...rest } = data as Record<string, never>;
  return encode(rest);
}

/** The entry of a leaf: canonical, at most 8 KiB, fields exactly those of its kind; FormatError otherwise. */
export function parseEntry(leaf: Uint8Array): Entry {
  const data = parseCanonical('entry', leaf, MAX_ENTRY_BYTES);
  const { kind } = data;
  if (typeof kind !== 'string') throw new FormatError('kind', 'a string', 'none');
  const known = isKnown(kind);
  if (known) checkKind(kind, data);
  return { leaf, kind, data: data as unknown as Data, known };
}

/** The entry of a leaf, if it is of this kind; FormatError otherwise. */
export function parseEntryOf<K extends Data['kind']>(kind: K, leaf: Uint8Array): Entry<Extract<Data, { kind: K }>> {
  const entry = parseEntry(leaf);
  if (entry.kind !== kind) throw new FormatError('kind', kind, 'another');
  return entry as Entry<Extract<Data, { kind: K }>>;
}

/** The entry with these fields, checked like a stranger's. */
export function makeEntry(data: JsonObject): Entry {
  return parseEntry(encode(data));
}

function identifier(tag: Tag & ('roll' | 'letter' | 'epoch'), leaf: Uint8Array): Uint8Array {
  return transcript(tag, leaf).slice(0, 32);
}

/** Identifier of a roll, from its `group.opened`. */
export function rollId(leaf: Uint8Array): Uint8Array {
  return identifier('roll', leaf);
}

/** Identifier of a letter, from its `letter.opened`. */
export function letterId(leaf: Uint8Array): Uint8Array {
  return identifier('letter', leaf);
}

/** Head of an epoch, from its `roll.checkpoint`. */
export function epochHead(leaf: Uint8Array): Uint8Array {
  return identifier('epoch', leaf);
}

/** What organisers sign: the purpose, the log, the entry without `sigs`. */
export function signedBytes(origin: string, data: object): Uint8Array {
  return concat(utf8(`ruban/entry/v1\0${origin}\0`), bodyOf(data));
}

/** Who may sign for a group, and how many must. */
export interface Organisers {
  readonly origin: string;
  readonly organisers: readonly { readonly key: string }[];
  readonly quorum: number;
}

/**
 * Accept only valid signatures by at least `quorum` of the organisers, in ascending order of key.
 *
 * FormatError on another order or a doubled key, SignatureInvalid on a false one, QuorumMissing on a stranger's key or
 * too few.
 */
export function verifyQuorum(
  { origin, organisers, quorum: all }: Organisers,
  { data }: Entry<Extract<Data, { sigs: unknown }>>,
  quorum: number = all,
): void {
  const message = signedBytes(origin, data);
  const { sigs } = data;
  sigs.forEach(({ key }, i) => {
    if (i > 0 && key <= sigs[i - 1]!.key) {
      throw new FormatError('sigs', 'keys once each, in ascending order', 'another order');
    }
  });
  for (const { key, sig } of sigs) {
    if (!organisers.some((organiser) => organiser.key === key)) {
      throw new QuorumMissing('sigs', "keys of the group's organisers", key);
    }
    verifyEd25519(bytesOf(key), message, bytesOf(sig));
  }
  if (sigs.length < quorum) {
    throw new QuorumMissing('sigs', new Message('{n} organisers', { n: quorum }), `${sigs.length}`);
  }
}
