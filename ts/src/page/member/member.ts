/** What the worker answers: the calls of `calls.ts`, over one group, one secret, one letter. */

import { Refused } from '../../errors.ts';
import { leafHash } from '../../log/merkle.ts';
import { openPromise } from '../../log/receipt.ts';
import { encodeHex, parseHex, parseUtf8, utf8 } from '../../primitives/encoding.ts';
import { MemberSecret, type SlotSecret } from '../../proof/secret.ts';
import { seedOfWords, wordsOfSeed } from '../../proof/words.ts';
import { encode, type JsonObject } from '../../record/canonical.ts';
import { bytesOf } from '../../record/entry.ts';
import { leastRing } from '../../record/kinds.ts';
import { encodeSecretFile, parseSecretFile } from '../../record/secret_file.ts';
import { encodeSubmission, parseSubmission, type Submission } from '../../record/submission.ts';
import type { Calls, GroupSaid, HeldSaid, Later, LetterSaid, Made, StandingSaid } from '../calls.ts';
import type { Seat } from '../standing.ts';
import { type Standing, standingOf } from './history.ts';
import { findLeaf, receiptOf } from './inclusion.ts';
import { comment, makeRow, prepareUnnamed, signByName, stepForward, type Told, withdraw } from './make.ts';
import { findPlaces, isUsed, type OpenedLetter, type Place, type Places, readLetter } from './place.ts';
import { Group, sourceAt } from './record.ts';
import { findRow } from './row.ts';

type Answers = { [C in keyof Calls]: (args: Parameters<Calls[C]>[0], told: Told) => unknown };

export class Member implements Answers {
  #group: Group | undefined;
  #secret: MemberSecret | undefined;
  #letter: OpenedLetter | undefined;
  #places: Places | undefined;
  #standing: Standing | undefined;
  #finish: ((told: Told) => Submission) | undefined;

  async group({ base, roll, mark }: Parameters<Calls['group']>[0]): Promise<GroupSaid> {
    this.#group = await Group.open(sourceAt(base), roll, mark);
    const { rollId, opened } = this.#group;
    const { origin, slots, roles } = opened;
    return { roll: encodeHex(rollId), origin, slots, roles, mark: this.#group.mark };
  }

  fresh({ kind }: { kind: 'slots' | 'seed' }): HeldSaid {
    const { rollId, opened } = this.#known;
    this.#secret = kind === 'seed' ? MemberSecret.fresh(rollId) : MemberSecret.freshPerSlot(rollId, opened.slots);
    return this.#held();
  }

  hold({ file }: { file: Uint8Array }): HeldSaid {
    const secret = parseSecretFile(file);
    if (this.#group !== undefined && encodeHex(secret.rollId) !== encodeHex(this.#group.rollId)) {
      throw new Refused('secret group', 'this one', 'another');
    }
    this.#secret = secret;
    return this.#held();
  }

  holdWords({ text, lists }: Parameters<Calls['holdWords']>[0]): HeldSaid {
    this.#secret = MemberSecret.fromSeed(this.#known.rollId, seedOfWords(text, lists));
    return this.#held();
  }

  words({ list }: { list: readonly string[] }): string {
    const { seed } = this.#mine;
    if (seed === undefined) throw new Refused('secret', 'one with words', 'one without');
    return wordsOfSeed(seed, list);
  }

  erase({ slot }: { slot: number }): HeldSaid {
    const { rollId, seed, slots, rowSeed, claimSalt } = this.#mine;
    if (seed === undefined) {
      const left = new Map([...slots].filter(([one]) => one !== slot));
      this.#secret = new MemberSecret(rollId, { slots: left, rowSeed, claimSalt });
    }
    return this.#held();
  }

  row({ code, name, role }: Parameters<Calls['row']>[0], told: Told): Made {
    const made = this.#made(makeRow(this.#known, this.#mine, name, role, told));
    const body = { ...(JSON.parse(made.body) as JsonObject), code: code.normalize('NFC') };
    return { ...made, body: parseUtf8('body', encode(body)) };
  }

  promise({ note, leaf }: { note: string; leaf: string }): number {
    const { opened } = this.#known;
    const promised = openPromise(utf8(note), opened.origin, bytesOf(opened.receipt_key));
    if (encodeHex(promised.leafHash) !== leaf) throw new Refused('promise', 'one of what was sent', 'another');
    return promised.dueUnixSeconds;
  }

  async seen({
    body,
    leaf,
    since,
  }: Parameters<Calls['seen']>[0]): Promise<{ receipt: string; mark: string } | undefined> {
    const group = this.#known;
    await group.refresh();
    const found = await findLeaf(group, parseHex('leaf', leaf), since);
    if (found === undefined) return undefined;
    const { code: _code, ...sent } = JSON.parse(body) as JsonObject;
    const receipt = receiptOf(group, parseSubmission(encode(sent)).leaf, found);
    return { receipt: parseUtf8('receipt', receipt), mark: group.mark };
  }

  async letter({ index, id }: { index: number; id: string }): Promise<LetterSaid> {
    this.#letter = await readLetter(this.#known, index, id);
    const { slot, ways, ring_min, unnamed_from, closing } = this.#letter.data;
    return { slot, ways, ring_min, unnamed_from, closing };
  }

  async seat({ epoch }: { epoch: number }): Promise<Seat | undefined> {
    const secret = this.#slot;
    const [places, used] = await Promise.all([
      findPlaces(this.#known, this.#opened, epoch, secret.stub.bytes),
      isUsed(this.#known, this.#opened, secret.tag.bytes),
    ]);
    if (places?.all.epoch !== this.#places?.all.epoch) this.#finish = undefined;
    this.#places = places;
    if (places === undefined) return undefined;
    const { all, role } = places;
    return {
      among: all.ring.stubs.length,
      used,
      role: role && { name: role.name, having: role.having, others: role.others, enough: role.enough },
    };
  }

  async ownRow({ name }: { name?: string | undefined }): Promise<{ role: string | undefined } | undefined> {
    await this.#known.refresh();
    return findRow(this.#known, this.#mine, name);
  }

  prepare(_: unknown, told: Told): void {
    this.#finish ??= prepareUnnamed(this.#opened, this.#seat, this.#slot, told);
  }

  sign({ way, name, role }: Parameters<Calls['sign']>[0], told: Told): Made {
    if (way === 'name') {
      return this.#made(signByName(this.#opened, this.#seat, this.#mine, this.#slot, name ?? '', role));
    }
    if (way === 'role') {
      const { place, enough } = this.#role;
      if (!enough) throw new Refused('role', 'one that is large enough', 'another');
      return this.#made(prepareUnnamed(this.#opened, place, this.#slot, told, leastRing(this.#known.opened))(told));
    }
    this.prepare({}, told);
    const made = this.#made(this.#finish!(told));
    this.#finish = undefined;
    return made;
  }

  async standing(): Promise<StandingSaid | undefined> {
    await this.#known.refresh();
    this.#standing = await standingOf(this.#known, this.#opened, this.#slot);
    return this.#standing && { named: this.#standing.named, withdrawn: this.#standing.withdrawn };
  }

  async later(said: Later): Promise<Made> {
    await this.standing();
    const standing = this.#standing;
    if (standing === undefined) throw new Refused('signature', 'one in the record', 'none');
    switch (said.action) {
      case 'withdraw':
        return this.#made(withdraw(this.#opened, standing, this.#slot));
      case 'name':
        return this.#made(stepForward(this.#opened, standing, this.#mine, this.#slot, said.name, said.role));
      case 'comment':
        return this.#made(comment(this.#opened, standing, this.#slot, said.text));
    }
  }

  get #known(): Group {
    if (this.#group === undefined) throw new TypeError('no group yet');
    return this.#group;
  }

  get #mine(): MemberSecret {
    if (this.#secret === undefined) throw new TypeError('no secret yet');
    return this.#secret;
  }

  get #opened(): OpenedLetter {
    if (this.#letter === undefined) throw new TypeError('no letter yet');
    return this.#letter;
  }

  get #seat(): Place {
    if (this.#places === undefined) throw new Refused('secret row', 'one on the list', 'none');
    return this.#places.all;
  }

  get #role() {
    if (this.#places?.role === undefined) throw new Refused('role', 'one of the letter', 'none');
    return this.#places.role;
  }

  get #slot(): SlotSecret {
    try {
      return this.#mine.slot(this.#opened.data.slot);
    } catch (error) {
      if (error instanceof RangeError) throw new Refused('secret slot', 'one for this letter', 'an erased one');
      throw error;
    }
  }

  #held(): HeldSaid {
    const secret = this.#mine;
    const slots = this.#group?.opened.slots ?? secret.slots.size;
    const kind = secret.seed === undefined ? 'slots' : 'seed';
    return { kind, erased: kind === 'seed' ? 0 : slots - secret.slots.size, file: encodeSecretFile(secret) };
  }

  #made(submission: Submission): Made {
    return {
      body: parseUtf8('submission', encodeSubmission(submission)),
      leaf: encodeHex(leafHash(submission.leaf)),
      since: Number(this.#known.checkpoint.size),
    };
  }
}
