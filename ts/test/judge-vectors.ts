/** What each kind of vector asks for (../../vectors/README.md): the same kinds and fields as `ruban.proof.vectors`. */

import { sha512 } from '@noble/hashes/sha2.js';
import { FormatError, ProofInvalid } from '../src/errors.ts';
import { concat, equalBytes, le64, parseHex } from '../src/primitives/encoding.ts';
import { hashToGroup, parsePoint } from '../src/primitives/group.ts';
import { encodeScalar, scalarFromUniform } from '../src/primitives/scalar.ts';
import { TAGS, type Tag, transcript } from '../src/primitives/transcript.ts';
import { MAX_SLOTS, proveEnrolment, verifyEnrolment } from '../src/proof/enrol.ts';
import { prove } from '../src/proof/prove.ts';
import { ID_BYTES, parseRing, type Ring, Selector } from '../src/proof/ring.ts';
import { MemberSecret, NONCE_SALT_BYTES, SEED_BYTES, type SlotSecret } from '../src/proof/secret.ts';
import {
  controlStatement,
  nameStatement,
  type Said,
  signControl,
  signName,
  verifyControl,
  verifyName,
} from '../src/proof/statement.ts';
import { verifyProof } from '../src/proof/verify.ts';
import type { Expected, Vector } from './read-vectors.ts';

/** A value that a case states is not the one computed. */
class Differs extends Error {}

/** Rows of a case about blocks, at most: each is hashed and sorted. */
const MAX_ROWS = 1_000_000;

const INTEGERS = new Set(['slot', 'index', 'seq', 'slots', 'rows']);
const LISTS = new Set(['ring', 'stubs', 'labels', 'values']);

/** The fields of a case, their types already checked: what is wrong with them from here on is an outcome. */
class Fields {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(values: ReadonlyMap<string, unknown>) {
    this.#values = values;
  }

  text(key: string): string {
    return this.#values.get(key) as string;
  }

  texts(key: string): string[] {
    return this.#values.get(key) as string[];
  }

  integer(key: string): number {
    return this.#values.get(key) as number;
  }

  count(key: string): number {
    const value = this.integer(key);
    if (value < 0) throw new FormatError(key, 'a number from 0 to 2^53 − 1', String(value));
    return value;
  }

  data(key: string, sizeBytes?: number): Uint8Array {
    return parseHex(key, this.text(key), sizeBytes);
  }

  datas(key: string): Uint8Array[] {
    return this.texts(key).map((text) => parseHex(key, text));
  }

  ring(): Ring {
    return parseRing({
      rollId: this.data('roll', ID_BYTES),
      head: this.data('head', ID_BYTES),
      selector: this.text('selector'),
      slot: this.integer('slot'),
      stubs: this.datas('ring'),
    });
  }

  member(): MemberSecret {
    return MemberSecret.fromSeed(this.data('roll', ID_BYTES), this.data('seed', SEED_BYTES));
  }

  /** The secret of the case's seed, if it opens the stub at the case's place. */
  own(ring: Ring): SlotSecret {
    const secret = this.member().slot(ring.slot);
    const stub = ring.stubs[this.count('index')];
    if (stub === undefined) throw new FormatError('index', 'a place of the ring', String(this.count('index')));
    if (!stub.equals(secret.stub)) throw new Differs('index');
    return secret;
  }

  secret(): SlotSecret {
    return this.member().slot(this.count('slot'));
  }

  said(P: Uint8Array): Said {
    const [letterId, prev, body] = [this.data('letter'), this.data('prev'), this.data('body')];
    return { letterId, P, seq: this.count('seq'), prev, body };
  }

  tag(): Uint8Array {
    return parsePoint('tag', this.data('tag')).bytes;
  }

  salt(): { nonceSalt: Uint8Array } {
    return { nonceSalt: this.data('nonce_salt', NONCE_SALT_BYTES) };
  }

  /** Differs unless `computed` is what the case states. */
  states(key: string, computed: Uint8Array, sizeBytes?: number): void {
    if (!equalBytes(computed, this.data(key, sizeBytes))) throw new Differs(key);
  }
}

function isTag(label: string): label is Tag {
  return Object.hasOwn(TAGS, label);
}

const RING = ['roll', 'head', 'selector', 'slot', 'ring'];
const LATER = ['letter', 'seq', 'prev', 'body'];

const KINDS: Readonly<Record<string, { fields: readonly string[]; run: (fields: Fields) => void }>> = {
  proof: {
    fields: [...RING, 'letter', 'message', 'proof'],
    run: (f) => verifyProof(f.ring(), f.data('letter', ID_BYTES), f.data('message'), f.data('proof')),
  },
  proving: {
    fields: [...RING, 'letter', 'message', 'index', 'seed', 'nonce_salt', 'proof'],
    run: (f) =>
      f.states(
        'proof',
        prove(f.ring(), f.count('index'), f.own(f.ring()), f.data('letter', ID_BYTES), f.data('message'), f.salt()),
      ),
  },
  enrolment: {
    fields: ['roll', 'member', 'stubs', 'proof'],
    run: (f) => verifyEnrolment(f.data('roll', ID_BYTES), f.data('member'), f.datas('stubs'), f.data('proof')),
  },
  enrolling: {
    fields: ['roll', 'member', 'seed', 'slots', 'nonce_salt', 'stubs', 'proof'],
    run: (f) => {
      const whole = f.member();
      const count = f.count('slots');
      if (count < 1 || count > MAX_SLOTS) throw new FormatError('slots', `1 to ${MAX_SLOTS}`, String(count));
      const secrets = Array.from({ length: count }, (_, slot) => whole.slot(slot));
      const stubs = concat(...secrets.map((secret) => secret.stub.bytes));
      if (!equalBytes(stubs, concat(...f.datas('stubs')))) throw new Differs('stubs');
      f.states('proof', proveEnrolment(f.data('roll', ID_BYTES), f.data('member'), secrets, f.salt()));
    },
  },
  control: {
    fields: [...LATER, 'tag', 'proof'],
    run: (f) => verifyControl(controlStatement(f.said(f.tag())), f.tag(), f.data('proof')),
  },
  controlling: {
    fields: [...LATER, 'roll', 'slot', 'seed', 'nonce_salt', 'proof'],
    run: (f) => {
      const secret = f.secret();
      f.states('proof', signControl(secret, controlStatement(f.said(secret.tag.bytes)), f.salt()));
    },
  },
  name: {
    fields: [...RING, ...LATER, 'index', 'tag', 'proof'],
    run: (f) => {
      const [ring, P, index] = [f.ring(), f.tag(), f.count('index')];
      verifyName(ring, index, nameStatement(ring, index, f.said(P)), P, f.data('proof'));
    },
  },
  naming: {
    fields: [...RING, ...LATER, 'index', 'seed', 'nonce_salt', 'proof'],
    run: (f) => {
      const [ring, index] = [f.ring(), f.count('index')];
      const secret = f.own(ring);
      const sd = nameStatement(ring, index, f.said(secret.tag.bytes));
      f.states('proof', signName(ring, index, secret, sd, f.salt()));
    },
  },
  transcript: {
    fields: ['tag', 'labels', 'values', 'digest', 'scalar'],
    run: (f) => {
      const tag = f.text('tag');
      if (!isTag(tag) || TAGS[tag].join() !== f.texts('labels').join())
        throw new Error('labels of no known transcript');
      const digest = (transcript as (tag: Tag, ...values: Uint8Array[]) => Uint8Array)(tag, ...f.datas('values'));
      f.states('digest', digest, 64);
      f.states('scalar', encodeScalar(scalarFromUniform(digest)), 32);
    },
  },
  'hash-to-group': {
    fields: ['message', 'point'],
    run: (f) => f.states('point', hashToGroup(f.data('message')).bytes, 32),
  },
  secret: {
    fields: ['roll', 'seed', 'slot', 'tag', 'serial', 'stub', 'row_key', 'claim_salt'],
    run: (f) => {
      const [whole, secret] = [f.member(), f.secret()];
      f.states('tag', secret.tag.bytes, 32);
      f.states('serial', encodeScalar(secret.s), 32);
      f.states('stub', secret.stub.bytes, 32);
      f.states('row_key', whole.rowKey, 32);
      f.states('claim_salt', whole.claimSalt, 32);
    },
  },
  block: {
    fields: ['roll', 'selector', 'rows', 'digest'],
    run: (f) => {
      const count = f.count('rows');
      if (count > MAX_ROWS) throw new FormatError('rows', `at most ${MAX_ROWS}`, String(count));
      const all = Array.from({ length: count }, (_, row) => row);
      const rows = Selector.parse(f.text('selector')).members(f.data('roll', ID_BYTES), all);
      f.states('digest', sha512(concat(...rows.map(le64))), 64);
    },
  },
};

/** What the case says must come of it; Error if it says nothing known. */
export function expectedOf(vector: Vector): Expected {
  const value = vector.fields.get('expect');
  if (value !== 'ok' && value !== 'format' && value !== 'proof') throw new Error(`unknown expectation ${value}`);
  return value;
}

/**
 * What comes of a case, whatever it expects; Error unless it has exactly the fields of its kind, each of its type.
 *
 * `format` where bytes or a number encode nothing, `proof` where an equation is false or a stated value another.
 */
export function judge(vector: Vector): Expected {
  const kind = Object.hasOwn(KINDS, vector.kind) ? KINDS[vector.kind] : undefined;
  if (kind === undefined) throw new Error(`unknown kind ${vector.kind}`);
  const wanted = ['name', 'kind', 'expect', ...kind.fields];
  const missing = wanted.filter((key) => !vector.fields.has(key));
  const unknown = [...vector.fields.keys()].filter((key) => !wanted.includes(key));
  if (missing.length + unknown.length > 0) throw new Error(`missing fields [${missing}], unknown fields [${unknown}]`);
  for (const [key, value] of vector.fields) if (!isOfItsType(key, value)) throw new Error(`field ${key} is odd`);
  expectedOf(vector);
  try {
    kind.run(new Fields(vector.fields));
    return 'ok';
  } catch (error) {
    if (error instanceof FormatError) return 'format';
    if (error instanceof ProofInvalid || error instanceof Differs) return 'proof';
    throw error;
  }
}

function isOfItsType(key: string, value: unknown): boolean {
  if (INTEGERS.has(key)) return Number.isSafeInteger(value);
  if (LISTS.has(key)) return Array.isArray(value) && value.every((item) => typeof item === 'string');
  return typeof value === 'string';
}
