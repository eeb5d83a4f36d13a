/**
 * Every kind of entry, each with one schema (spec/record.md, 3). What the fields mean stands there.
 *
 * The interfaces are what the schemas let through. Fields keep the names that they have in an entry; bytes are hex.
 */

import { MAX_ENTRY_BYTES } from '../log/tiles.ts';
import { MAX_SLOTS } from '../proof/enrol.ts';
import { MAX_RING, MAX_ROLE_BYTES } from '../proof/ring.ts';
import { choice, type Fields, flag, hex, int, listOf, nullable, object, text } from './schema.ts';

export { MAX_ENTRY_BYTES };
export const MAX_ORGANISERS = 16;
export const MAX_ROLES = 64;
export const MAX_ATTESTERS = 16;
export const MAX_PEOPLE = 100_000_000;
export const MAX_DEMANDS = 20;
export const MAX_LANGUAGES = 8;
export const MAX_ERASED = 64;
export const MAX_STRUCK = 64;
export const MAX_WINDOW_SECONDS = 86_400;
export const MAX_ANNOUNCED_EPOCHS = 32;
export const MAX_PROOF_BYTES = 1024;
/** The last second of the year 9999: every calendar can say it. */
export const MAX_TIME_UNIX_SECONDS = 253_402_300_799;

/** No unnamed signature speaks about fewer, whatever a letter says; 2 in a rehearsal. */
export const LEAST_RING = 10;
const REHEARSAL_LEAST_RING = 2;

/** Rows that a ring has at least; and by role, rows that have the role, and rows that have not. */
export function leastRing({ rehearsal }: GroupOpened): number {
  return rehearsal ? REHEARSAL_LEAST_RING : LEAST_RING;
}

interface Signed {
  readonly at: number;
  readonly sigs: readonly { readonly key: string; readonly sig: string }[];
}

export interface GroupOpened extends Signed {
  readonly kind: 'group.opened';
  readonly origin: string;
  readonly log_key: string;
  readonly receipt_key: string;
  readonly title: string;
  readonly organisers: readonly { readonly key: string; readonly name: string }[];
  readonly quorum: number;
  readonly electorate: number;
  readonly electorate_date: string;
  readonly electorate_source: string;
  readonly slots: number;
  readonly window: number;
  readonly minimum: number;
  readonly ways_in: readonly string[];
  readonly roles: readonly string[];
  readonly predecessor: string | null;
  readonly rehearsal: boolean;
}

export interface RollRow {
  readonly kind: 'roll.row';
  readonly stubs: readonly string[];
  readonly key: string;
  readonly claim: string;
  readonly way: string;
  readonly role?: string;
  readonly proof: string;
}

export interface RollCheckpoint {
  readonly kind: 'roll.checkpoint';
  readonly rows: number;
  readonly columns: readonly string[];
  readonly roles: string;
  readonly at: number;
}

export interface LetterText {
  readonly lang: string;
  readonly title: string;
  readonly text: string;
  readonly addressee: string;
  readonly demands: readonly string[];
}

export type Way = 'name' | 'unnamed';

export interface LetterOpened extends Signed {
  readonly kind: 'letter.opened';
  readonly slot: number;
  readonly texts: readonly LetterText[];
  readonly selectors: readonly string[];
  readonly ways: readonly Way[];
  readonly opening: number;
  readonly closing: number;
  readonly unnamed_from: number;
  readonly ring_min: number;
  readonly threshold: number | null;
  readonly epoch: number;
  readonly epochs_at: readonly number[];
  readonly retention_days?: number;
}

interface InRing {
  readonly epoch: number;
  readonly selector: string;
}

interface ByName {
  readonly tag: string;
  readonly index: number;
  readonly claim: string;
  readonly sig: string;
}

export type Signature = { readonly kind: 'signature'; readonly letter: string } & InRing &
  ({ readonly way: 'unnamed'; readonly proof: string } | ({ readonly way: 'name' } & ByName));

export type Statement = {
  readonly kind: 'statement';
  readonly letter: string;
  readonly tag: string;
  readonly seq: number;
  readonly prev: string;
  readonly sig: string;
} & (
  | { readonly action: 'withdraw' }
  | { readonly action: 'comment'; readonly text: string }
  | ({ readonly action: 'name' } & InRing & ByName)
);

export interface LetterChanged extends Signed {
  readonly kind: 'letter.changed';
  readonly letter: string;
  readonly closing: number;
  readonly reason: string;
  readonly action: 'close' | 'extend' | 'cancel' | 'supersede';
  readonly by?: string;
}

export interface LetterClosed {
  readonly kind: 'letter.closed';
  readonly letter: string;
  readonly at: number;
}

export interface BatchEntry {
  readonly kind: 'batch';
  readonly first: number;
  readonly count: number;
  readonly time: number;
}

export interface Erasure {
  readonly kind: 'erasure';
  readonly commitments: readonly string[];
  readonly reason: string;
}

export interface Update extends Signed {
  readonly kind: 'update';
  readonly letter: string;
  readonly texts: readonly { readonly lang: string; readonly text: string }[];
}

export interface Struck extends Signed {
  readonly kind: 'struck';
  readonly letter: string;
  readonly commitments: readonly string[];
  readonly reason: string;
}

export interface Electorate extends Signed {
  readonly kind: 'electorate';
  readonly electorate: number;
  readonly electorate_date: string;
  readonly electorate_source: string;
}

export interface AttesterNamed extends Signed {
  readonly kind: 'attester.named';
  readonly key: string;
  readonly name: string;
}

export interface RollAttested {
  readonly kind: 'roll.attested';
  readonly key: string;
  readonly date: string;
  readonly epoch: number;
  readonly rows: number;
  readonly entitled: number;
  readonly invited: number;
  readonly found: number;
  readonly spent: number;
  readonly method: string;
  readonly sig: string;
}

export interface Dispute {
  readonly kind: 'dispute';
  readonly id: string;
}

export interface DisputeSettled extends Signed {
  readonly kind: 'dispute.settled';
  readonly id: string;
  readonly reason: string;
}

/** The fields of an entry of a known kind. */
export type Data =
  | GroupOpened
  | RollRow
  | RollCheckpoint
  | LetterOpened
  | Signature
  | Statement
  | LetterChanged
  | LetterClosed
  | BatchEntry
  | Erasure
  | Update
  | Struck
  | Electorate
  | AttesterNamed
  | RollAttested
  | Dispute
  | DisputeSettled;

/** A kind's fields, which may depend on one of them, the variant. */
export interface Kind {
  readonly fields: Fields;
  readonly optional?: readonly string[];
  readonly variant?: readonly [field: string, of: Readonly<Record<string, Fields>>];
}

const b32 = hex(32);
const time = int(0, MAX_TIME_UNIX_SECONDS);
const index = int(1);
const role = text(MAX_ROLE_BYTES);
const lang = text(16, /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/);
const signed: Fields = { at: time, sigs: listOf(object({ key: b32, sig: hex(64) }), 1, MAX_ORGANISERS) };
const day = text(10, /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);
const people = (least: number) => int(least, MAX_PEOPLE);
const entitled: Fields = {
  electorate: people(1),
  electorate_date: day,
  electorate_source: b32,
};
const inRing: Fields = { epoch: index, selector: text(96) };
const byName: Fields = { index: int(0, MAX_RING - 1), claim: b32, sig: hex(128) };

export const KINDS: Readonly<Record<Data['kind'], Kind>> = {
  'group.opened': {
    fields: {
      origin: text(240, /^[a-z0-9][a-z0-9.:-]*(\/[a-z0-9][a-z0-9._-]*)*$/),
      log_key: b32,
      receipt_key: b32,
      title: b32,
      organisers: listOf(object({ key: b32, name: b32 }), 1, MAX_ORGANISERS),
      quorum: int(1, MAX_ORGANISERS),
      ...entitled,
      slots: int(1, MAX_SLOTS),
      window: int(0, MAX_WINDOW_SECONDS),
      minimum: int(1, 1000),
      ways_in: listOf(choice('invitation'), 1, 8, true),
      roles: listOf(text(MAX_ROLE_BYTES, /^[^#]+$/), 0, MAX_ROLES, true),
      predecessor: nullable(b32),
      rehearsal: flag,
      ...signed,
    },
  },
  'roll.row': {
    fields: {
      stubs: listOf(b32, 1, MAX_SLOTS, true),
      key: b32,
      claim: b32,
      way: choice('invitation'),
      role,
      proof: hex(96),
    },
    optional: ['role'],
  },
  'roll.checkpoint': { fields: { rows: index, columns: listOf(b32, 1, MAX_SLOTS), roles: b32, at: time } },
  'letter.opened': {
    fields: {
      slot: int(0, MAX_SLOTS - 1),
      texts: listOf(
        object({ lang, title: b32, text: b32, addressee: b32, demands: listOf(b32, 1, MAX_DEMANDS) }),
        1,
        MAX_LANGUAGES,
      ),
      selectors: listOf(text(5 + MAX_ROLE_BYTES, /^(?:all|role:[^#]+)$/), 1, 1 + MAX_ROLES, true),
      ways: listOf(choice('name', 'unnamed'), 1, 2, true),
      opening: time,
      closing: time,
      unnamed_from: time,
      ring_min: int(1, MAX_RING),
      threshold: nullable(index),
      epoch: index,
      retention_days: index,
      epochs_at: listOf(time, 0, MAX_ANNOUNCED_EPOCHS, true),
      ...signed,
    },
    optional: ['retention_days'],
  },
  signature: {
    fields: { letter: b32, ...inRing },
    variant: ['way', { unnamed: { proof: hex(1, MAX_PROOF_BYTES) }, name: { tag: b32, ...byName } }],
  },
  statement: {
    fields: { letter: b32, tag: b32, seq: int(1, 1000), prev: hex(64) },
    variant: [
      'action',
      { withdraw: { sig: hex(64) }, name: { ...inRing, ...byName }, comment: { text: b32, sig: hex(64) } },
    ],
  },
  'letter.changed': {
    fields: { letter: b32, closing: time, reason: b32, ...signed },
    variant: ['action', { close: {}, extend: {}, cancel: {}, supersede: { by: b32 } }],
  },
  'letter.closed': { fields: { letter: b32, at: time } },
  batch: { fields: { first: index, count: int(1, 1_000_000), time } },
  erasure: {
    fields: { commitments: listOf(b32, 1, MAX_ERASED, true), reason: choice('request', 'retention', 'order') },
  },
  update: { fields: { letter: b32, texts: listOf(object({ lang, text: b32 }), 1, MAX_LANGUAGES), ...signed } },
  struck: { fields: { letter: b32, commitments: listOf(b32, 1, MAX_STRUCK, true), reason: b32, ...signed } },
  electorate: { fields: { ...entitled, ...signed } },
  'attester.named': { fields: { key: b32, name: b32, ...signed } },
  'roll.attested': {
    fields: {
      key: b32,
      date: day,
      epoch: index,
      rows: index,
      entitled: people(1),
      invited: people(0),
      found: people(0),
      spent: people(0),
      method: b32,
      sig: hex(64),
    },
  },
  dispute: { fields: { id: hex(16) } },
  'dispute.settled': { fields: { id: hex(16), reason: b32, ...signed } },
};

/** Whether this version knows the kind. */
export function isKnown(name: string): name is Data['kind'] {
  return Object.hasOwn(KINDS, name);
}

/** Accept only an object with exactly the fields of a kind and of its variant; FormatError otherwise. */
export function checkKind(
  name: Data['kind'],
  data: Readonly<Record<string, unknown>>,
): asserts data is typeof data & Data {
  const { fields, optional, variant } = KINDS[name];
  let own: Fields = {};
  if (variant !== undefined) {
    // First: which fields there must be hangs on it.
    const [field, variants] = variant;
    const which = choice(...Object.keys(variants));
    which(field, data[field]);
    own = { [field]: which, ...variants[data[field] as string] };
  }
  object({ kind: choice(name), v: int(1, 1), ...own, ...fields }, optional)('', data);
}

/** Kinds that members send and batches release. */
export function isMembers(kind: string): boolean {
  return kind === 'roll.row' || kind === 'signature' || kind === 'statement' || kind === 'dispute';
}
