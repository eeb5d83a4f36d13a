/** A small record made in memory, with every file that a member's device asks for; tests spoil one thing each. */

import { sha256 } from '@noble/hashes/sha2.js';
import { FetchFailed } from '../../src/errors.ts';
import { leafHash, Tree } from '../../src/log/merkle.ts';
import { keyIdOf } from '../../src/log/note.ts';
import { encodeTlogProof } from '../../src/log/receipt.ts';
import { encodePath, pathsOf, type Source } from '../../src/log/tiles.ts';
import { nameOpening } from '../../src/page/member/make.ts';
import { publicKey, sign } from '../../src/primitives/ed25519.ts';
import { concat, encodeBase64, encodeHex, utf8 } from '../../src/primitives/encoding.ts';
import { MemberSecret } from '../../src/proof/secret.ts';
import type { JsonObject } from '../../src/record/canonical.ts';
import { commitmentOf } from '../../src/record/commitment.ts';
import { letterId, makeEntry, rollId, signedBytes } from '../../src/record/entry.ts';

const ORIGIN = 'localhost/small';
const LOG_SEED = new Uint8Array(32).fill(1);
const ORGANISER_SEED = new Uint8Array(32).fill(2);
const ORGANISER = encodeHex(publicKey(ORGANISER_SEED));
const B32 = '00'.repeat(32);
export const SLOTS = 2;

function signed(data: JsonObject): Uint8Array {
  const sig = encodeHex(sign(ORGANISER_SEED, signedBytes(ORIGIN, data)));
  return makeEntry({ ...data, sigs: [{ key: ORGANISER, sig }] }).leaf;
}

export const GROUP = signed({
  kind: 'group.opened',
  v: 1,
  origin: ORIGIN,
  log_key: encodeHex(publicKey(LOG_SEED)),
  receipt_key: B32,
  title: B32,
  organisers: [{ key: ORGANISER, name: B32 }],
  quorum: 1,
  electorate: 20,
  electorate_date: '2026-11-01',
  electorate_source: B32,
  slots: SLOTS,
  window: 0,
  minimum: 1,
  ways_in: ['invitation'],
  roles: ['Cuisine', 'Salle'],
  predecessor: null,
  rehearsal: false,
  at: 1000,
});

/** Members with a secret each, made of their number. */
export const MEMBERS: readonly MemberSecret[] = Array.from({ length: 12 }, (_, i) =>
  MemberSecret.fromSeed(rollId(GROUP), new Uint8Array(32).fill(i)),
);

/** The record of a group, growing by whole leaves; `files` are what a server would give. */
export class SmallRecord implements Source {
  readonly leaves: Uint8Array[] = [];
  readonly files = new Map<string, Uint8Array>();
  readonly asked: string[] = [];
  column: Uint8Array[] = [];
  epoch = 0;
  letter = 0;

  /** `rows` are the stubs of slot 0, as the roll's checkpoint fixes them. */
  constructor({
    rows = stubs(),
    ringMin = 10,
    roles = [],
    honest = false,
  }: { rows?: Uint8Array[]; ringMin?: number; roles?: string[]; honest?: boolean } = {}) {
    this.column = rows;
    this.add(GROUP);
    for (const [number, stub] of rows.entries()) {
      this.add(honest ? rowOf(number, roles[number]) : row(stub, this.leaves.length, roles[number]));
    }
    const list = utf8(roles.map((role) => `${role}\n`).join(''));
    const digest = encodeHex(sha256(concat(...rows)));
    const columns = [digest, B32];
    this.epoch = this.add(
      makeEntry({ kind: 'roll.checkpoint', v: 1, rows: rows.length, columns, roles: encodeHex(sha256(list)), at: 2000 })
        .leaf,
    );
    this.files.set(`roll/${this.epoch}/roles`, list);
    const named = [...new Set(roles)]
      .filter(Boolean)
      .sort()
      .map((role) => `role:${role}`);
    this.letter = this.add(letterOpened(this.epoch, ringMin, ['all', ...named]));
    this.publish();
  }

  add(leaf: Uint8Array): number {
    this.leaves.push(leaf);
    return this.leaves.length - 1;
  }

  get letterId(): string {
    return encodeHex(letterId(this.leaves[this.letter]!));
  }

  /** Make every file anew from the leaves. */
  publish(seed: Uint8Array = LOG_SEED): void {
    const hashes = this.leaves.map(leafHash);
    const size = hashes.length;
    const checkpoint = noteOf(size, rootOf(hashes), seed);
    this.files.set('checkpoint', checkpoint);
    for (const index of [0, this.epoch, this.letter]) {
      const path = pathTo(hashes, index);
      const extra = this.leaves[index]!;
      this.files.set(`proof/${index}`, encodeTlogProof({ index: BigInt(index), path, checkpoint, extra }));
    }
    for (const path of pathsOf(size, 0)) this.files.set(encodePath(path), concat(...hashes));
    for (const path of pathsOf(size)) {
      const parts = this.leaves.flatMap((leaf) => [Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf]);
      this.files.set(encodePath(path), concat(...parts));
    }
    this.files.set(`roll/${this.epoch}/0`, concat(...this.column));
    if (!this.files.has(`tags/${this.letter}`)) this.files.set(`tags/${this.letter}`, new Uint8Array());
  }

  async read(path: string): Promise<Uint8Array> {
    this.asked.push(path);
    const found = this.files.get(path);
    if (found === undefined) throw new FetchFailed(path, 'the file', '404');
    return found;
  }
}

export function stubs(): Uint8Array[] {
  return MEMBERS.map((member) => member.slot(0).stub.bytes);
}

/** A row as far as a reader of columns looks at it: its proof is the server's and the auditor's to check. */
function row(stub: Uint8Array, number: number, role: string | undefined): Uint8Array {
  const other = encodeHex(sha256(Uint8Array.of(number)));
  const data = { kind: 'roll.row', v: 1, stubs: [encodeHex(stub), other], key: B32, claim: B32, way: 'invitation' };
  return makeEntry({ ...data, ...(role ? { role } : {}), proof: '00'.repeat(96) }).leaf;
}

/** A row with everything that a member's secret says it must bear, but for its proof. */
function rowOf(number: number, role: string | undefined): Uint8Array {
  const member = MEMBERS[number]!;
  const data = {
    kind: 'roll.row',
    v: 1,
    stubs: Array.from({ length: SLOTS }, (_, slot) => encodeHex(member.slot(slot).stub.bytes)),
    key: encodeHex(member.rowKey),
    claim: commitmentOf(nameOpening(member, `Member ${number}`, role)),
    way: 'invitation',
    ...(role ? { role } : {}),
  };
  return makeEntry({ ...data, proof: '00'.repeat(96) }).leaf;
}

function letterOpened(epoch: number, ringMin: number, selectors: string[]): Uint8Array {
  return signed({
    kind: 'letter.opened',
    v: 1,
    slot: 0,
    texts: [{ lang: 'en', title: B32, text: B32, addressee: B32, demands: [B32] }],
    selectors,
    ways: ['name', 'unnamed'],
    opening: 2000,
    closing: 9000,
    unnamed_from: 2000,
    ring_min: ringMin,
    threshold: null,
    epoch,
    epochs_at: [],
    at: 2000,
  });
}

function noteOf(size: number, root: Uint8Array, seed: Uint8Array): Uint8Array {
  const text = `${ORIGIN}\n${size}\n${encodeBase64(root)}\n`;
  const key = { name: ORIGIN, public: publicKey(seed) };
  const signature = encodeBase64(concat(keyIdOf(key), sign(seed, utf8(text))));
  return utf8(`${text}\n— ${ORIGIN} ${signature}\n`);
}

function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  const tree = new Tree();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
}

/** RFC 6962 §2.1.1, by its own words. */
function pathTo(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  if (hashes.length < 2) return [];
  const middle = 2 ** Math.floor(Math.log2(hashes.length - 1));
  const [left, right] = [hashes.slice(0, middle), hashes.slice(middle)];
  return index < middle ? [...pathTo(left, index), rootOf(right)] : [...pathTo(right, index - middle), rootOf(left)];
}
