/** What stands for a member under a letter, found by reading the whole record: it says nothing about who reads. */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, VerificationError } from '../../errors.ts';
import { concat, encodeHex, parseHex } from '../../primitives/encoding.ts';
import { parsePoint } from '../../primitives/group.ts';
import { Selector } from '../../proof/ring.ts';
import type { SlotSecret } from '../../proof/secret.ts';
import { controlStatement, NO_PREVIOUS, nameStatement } from '../../proof/statement.ts';
import { statementDigest } from '../../proof/verify.ts';
import { bodyOf, epochHead } from '../../record/entry.ts';
import type { RollCheckpoint, RollRow, Signature, Statement } from '../../record/kinds.ts';
import { type Column, type OpenedLetter, type Place, placeIn } from './place.ts';
import type { Group } from './record.ts';

/** A member's signature as it stands: what a later statement must name, and the ring it speaks about. */
export interface Standing {
  readonly place: Place;
  readonly seq: number;
  readonly prev: Uint8Array;
  readonly named: boolean;
  readonly withdrawn: boolean;
}

/**
 * The member's signature under a letter; undefined if there is none.
 *
 * The entries are those of the group's checkpoint (CheckpointInvalid otherwise). Rules of replay that only the record's
 * other entries could break are the server's to know: a statement that names a wrong predecessor is refused there.
 */
export async function standingOf(
  group: Group,
  letter: OpenedLetter,
  secret: SlotSecret,
): Promise<Standing | undefined> {
  const column: Uint8Array[] = [];
  const roles: (string | undefined)[] = [];
  const epochs = new Map<number, Column>();
  let found: Standing | undefined;
  const tag = secret.tag.bytes;
  const id = encodeHex(letter.id);
  const own = encodeHex(tag);
  const placeOf = (epoch: number, selector: string): Place | undefined => {
    const known = epochs.get(epoch);
    // Anybody may have written it there: only what the letter lists is looked at.
    const kind = letter.data.selectors.find((one) => selector === one || selector.startsWith(`${one}#`));
    if (known === undefined || kind === undefined) return undefined;
    return placeIn(group.rollId, letter.data.slot, known, secret.stub.bytes, Selector.parse(kind).role);
  };
  for await (const { index, leaf, entry } of group.entries()) {
    if (entry.kind === 'roll.row') {
      const { stubs, role } = entry.data as RollRow;
      const stub = stubs[letter.data.slot];
      if (stub !== undefined) {
        column.push(parseHex('stub', stub));
        roles.push(role);
      }
    } else if (entry.kind === 'roll.checkpoint') {
      const { rows, columns } = entry.data as RollCheckpoint;
      const stubs = column.slice(0, rows);
      if (encodeHex(sha256(concat(...stubs))) !== columns[letter.data.slot]) {
        throw new VerificationError('column', 'the list that the record fixes', 'another');
      }
      epochs.set(index, { epoch: index, head: epochHead(leaf), stubs, roles: roles.slice(0, rows) });
    } else if (entry.kind === 'signature' || entry.kind === 'statement') {
      const said = entry.data as Signature | Statement;
      if (said.letter === id && tagOf(said) === own) found = next(letter, tag, said, found, placeOf) ?? found;
    }
  }
  return found;
}

function tagOf(said: Signature | Statement): string {
  return 'proof' in said ? said.proof.slice(0, 64) : said.tag;
}

function next(
  letter: OpenedLetter,
  P: Uint8Array,
  said: Signature | Statement,
  found: Standing | undefined,
  placeOf: (epoch: number, selector: string) => Place | undefined,
): Standing | undefined {
  const body = bodyOf(said);
  if (said.kind === 'signature') {
    const place = placeOf(said.epoch, said.selector);
    if (found !== undefined || place === undefined || place.selector !== said.selector) return undefined;
    const spoken = { letterId: letter.id, P, seq: 0, prev: NO_PREVIOUS, body };
    const prev =
      said.way === 'name'
        ? nameStatement(place.ring, said.index, spoken)
        : statementDigest(place.ring, letter.id, parsePoint('tag', P), body);
    return { place, seq: 0, prev, named: said.way === 'name', withdrawn: false };
  }
  if (found === undefined || found.withdrawn || said.seq !== found.seq + 1) return undefined;
  if (said.prev !== encodeHex(found.prev)) return undefined;
  const spoken = { letterId: letter.id, P, seq: said.seq, prev: found.prev, body };
  if (said.action === 'name') {
    if (said.epoch !== found.place.epoch) throw new FormatError('epoch', 'that of the signature', 'another');
    return { ...found, seq: said.seq, prev: nameStatement(found.place.ring, said.index, spoken), named: true };
  }
  return { ...found, seq: said.seq, prev: controlStatement(spoken), withdrawn: said.action === 'withdraw' };
}
