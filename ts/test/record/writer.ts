/** Writes a small record entry by entry, so that a test can break one rule. Proofs are of the right form and prove nothing. */

import { publicKey, sign } from '../../src/primitives/ed25519.ts';
import { concat, encodeHex } from '../../src/primitives/encoding.ts';
import { MemberSecret } from '../../src/proof/secret.ts';
import { encode, type JsonObject } from '../../src/record/canonical.ts';
import { commitmentOf } from '../../src/record/commitment.ts';
import { signedBytes } from '../../src/record/entry.ts';
import { type Finding, replay } from '../../src/record/replay.ts';
import { type Letter, State } from '../../src/record/state.ts';

const ORIGIN = 'localhost/written';
const SEED = new Uint8Array(32).fill(2);
const KEY = encodeHex(publicKey(SEED));
const NOTHING = new Uint8Array(32);
const SLOTS = 3;
export const NOON = 1_000_000;

/** The commitment to a payload of one byte. */
export function committed(byte: number): string {
  return commitmentOf({ salt: NOTHING, payload: Uint8Array.of(byte) });
}

/** The record so far, replayed; `write` appends and says what was found. */
export class Writer {
  readonly state = new State();
  readonly secrets: MemberSecret[] = [];

  write(data: JsonObject): Finding[] {
    return replay(this.state, [encode({ v: 1, ...data })]).findings;
  }

  signed(data: JsonObject): Finding[] {
    const sig = encodeHex(sign(SEED, signedBytes(ORIGIN, { v: 1, ...data })));
    return this.write({ ...data, sigs: [{ key: KEY, sig }] });
  }

  open(more: JsonObject = {}): Finding[] {
    return this.signed({
      kind: 'group.opened',
      origin: ORIGIN,
      log_key: KEY,
      receipt_key: KEY,
      title: committed(1),
      organisers: [{ key: KEY, name: committed(2) }],
      quorum: 1,
      electorate: 4,
      electorate_date: '2026-11-01',
      electorate_source: committed(3),
      slots: SLOTS,
      window: 0,
      minimum: 1,
      ways_in: ['invitation'],
      roles: [],
      predecessor: null,
      rehearsal: true,
      at: NOON,
      ...more,
    });
  }

  batch(...entries: JsonObject[]): Finding[] {
    const first = this.state.size + 1;
    const findings = this.write({ kind: 'batch', first, count: entries.length, time: this.state.clock });
    return [...findings, ...entries.flatMap((entry) => this.write(entry))];
  }

  row(more: JsonObject = {}): JsonObject {
    const number = this.secrets.length;
    const secret = MemberSecret.fromSeed(this.state.opened.rollId, new Uint8Array(32).fill(number + 1));
    this.secrets.push(secret);
    const slots = Array.from({ length: SLOTS }, (_, slot) => secret.slot(slot));
    return {
      kind: 'roll.row',
      stubs: slots.map(({ stub }) => encodeHex(stub.bytes)),
      key: encodeHex(secret.rowKey),
      claim: committed(10 + number),
      way: 'invitation',
      proof: encodeHex(concat(slots[0]!.stub.bytes, NOTHING, NOTHING)),
      ...more,
    };
  }

  epoch(): Finding[] {
    const { roll, clock } = this.state;
    const columns = roll.columnDigests();
    return this.write({
      kind: 'roll.checkpoint',
      rows: roll.rows.length,
      columns,
      roles: roll.rolesDigest(),
      at: clock,
    });
  }

  letter(more: JsonObject = {}): Finding[] {
    const text = {
      lang: 'en',
      title: committed(4),
      text: committed(5),
      addressee: committed(6),
      demands: [committed(7)],
    };
    return this.signed({
      kind: 'letter.opened',
      slot: this.state.letters.size,
      texts: [text],
      selectors: ['all'],
      ways: ['name', 'unnamed'],
      opening: NOON,
      closing: NOON + 1000,
      unnamed_from: NOON,
      ring_min: 2,
      threshold: null,
      epoch: this.state.roll.newestEpoch?.index ?? 1,
      epochs_at: [],
      at: this.state.clock,
      ...more,
    });
  }

  /** The letter opened as number `place`. */
  opened(place: number): Letter {
    return [...this.state.letters.values()][place]!;
  }

  byName(letter: Letter, member: number, more: JsonObject = {}): JsonObject {
    const { tag, stub } = this.secrets[member]!.slot(letter.data.slot);
    return {
      kind: 'signature',
      letter: letter.id,
      way: 'name',
      epoch: this.state.roll.newestEpoch!.index,
      selector: 'all',
      tag: encodeHex(tag.bytes),
      index: member,
      claim: this.state.roll.rows[member]!.claim,
      sig: encodeHex(concat(stub.bytes, stub.bytes, NOTHING, NOTHING)),
      ...more,
    };
  }

  withdrawal(letter: Letter, tag: string, more: JsonObject = {}): JsonObject {
    const recorded = letter.signatures.get(tag)!;
    return {
      kind: 'statement',
      letter: letter.id,
      action: 'withdraw',
      tag,
      seq: recorded.seq + 1,
      prev: encodeHex(recorded.prev),
      sig: encodeHex(concat(this.secrets[0]!.slot(0).stub.bytes, NOTHING)),
      ...more,
    };
  }
}

/** A group with two rows, an epoch and two letters. */
export function written(): Writer {
  const writer = new Writer();
  const rows = (): JsonObject[] => [writer.row(), writer.row()];
  for (const findings of [writer.open(), writer.batch(...rows()), writer.epoch(), writer.letter(), writer.letter()]) {
    if (findings[0] !== undefined) throw findings[0].error;
  }
  return writer;
}
