/** Signatures, and what the holder of a tag says later. */

import { CommitmentInvalid, LetterClosed, LetterNotOpen, Message, RuleBroken, TagReused } from '../../errors.ts';
import { equalBytes } from '../../primitives/encoding.ts';
import { POINT_BYTES, parsePoint } from '../../primitives/group.ts';
import type { Claim } from '../../proof/batch.ts';
import { type Ring, Selector } from '../../proof/ring.ts';
import { ControlClaim, controlStatement, NameClaim, NO_PREVIOUS, nameStatement } from '../../proof/statement.ts';
import { RingClaim, statementDigest } from '../../proof/verify.ts';
import { bodyOf, bytesOf } from '../entry.ts';
import { leastRing, type Signature, type Statement } from '../kinds.ts';
import type { Letter, State } from '../state.ts';
import { findLetter } from './letter.ts';
import { noteCommitments, type Rule } from './rule.ts';

type Named = Extract<Signature, { way: 'name' }> | Extract<Statement, { action: 'name' }>;

/** The tag of a signature or statement, in hex. */
export function tagOf(data: Signature | Statement): string {
  return 'tag' in data ? data.tag : data.proof.slice(0, 2 * POINT_BYTES);
}

function isNamed(data: Signature | Statement): data is Named {
  return data.kind === 'signature' ? data.way === 'name' : data.action === 'name';
}

/** sd: the digest of what a signature or statement says, which the tag's next statement names as `prev`. */
export function statementOf(state: State, data: Signature | Statement): Uint8Array {
  const letter = findLetter(state, data.letter);
  const said = {
    letterId: letter.idBytes,
    P: bytesOf(tagOf(data)),
    seq: data.kind === 'statement' ? data.seq : 0,
    prev: data.kind === 'statement' ? bytesOf(data.prev) : NO_PREVIOUS,
    body: bodyOf(data),
  };
  if (isNamed(data)) return nameStatement(ringOf(state, letter, data), data.index, said);
  if (data.kind === 'statement') return controlStatement(said);
  return statementDigest(ringOf(state, letter, data), said.letterId, parsePoint('tag', said.P), said.body);
}

function ringOf(state: State, letter: Letter, { epoch, selector }: Named | Signature): Ring {
  return state.ring(epoch, letter.data.slot, selector);
}

function nameClaim(state: State, data: Named): Claim {
  const ring = ringOf(state, findLetter(state, data.letter), data);
  return NameClaim.parse(ring, data.index, statementOf(state, data), bytesOf(data.tag), bytesOf(data.sig));
}

function requireOpen(letter: Letter, time: number): void {
  requireFrom(letter.data.opening, '{time} or later, when the letter opens', time);
  if (letter.closed || time > letter.closing) {
    const latest = new Message('{time} or earlier, when the letter closes', { time: letter.closing });
    throw new LetterClosed('time', latest, `${time}`);
  }
}

function requireFrom(earliest: number, expected: string, time: number): void {
  if (time < earliest) throw new LetterNotOpen('time', new Message(expected, { time: earliest }), `${time}`);
}

/** The row that a signature by name opens; CommitmentInvalid unless it names that row's claim. */
function rowOf(state: State, letter: Letter, { epoch, selector, index, claim }: Named): number {
  const row = state.rowAt(epoch, letter.data.slot, selector, index);
  if (state.roll.rows[row]!.claim !== claim) {
    throw new CommitmentInvalid('claim', 'the commitment of the row that signs', 'another');
  }
  return row;
}

/**
 * RuleBroken if an unnamed signature over the ring would hide too few: among all, the letter says how many.
 *
 * By role, those with it and those without are both as many as the smallest ring: else the one tells of the other.
 */
function checkHides(state: State, letter: Letter, epoch: number, { stubs }: Ring, role: string | undefined): void {
  const { ring_min } = letter.data;
  if (role === undefined) {
    if (stubs.length >= ring_min) return;
    throw new RuleBroken('ring', new Message('at least {n} rows', { n: ring_min }), `${stubs.length}`);
  }
  const { rows, roles } = state.roll.epochs.get(epoch)!;
  const least = leastRing(state.opened.data);
  const having = roles.get(role) ?? 0;
  if (having < least || rows - having < least) {
    const expected = new Message('at least {n} rows with the role, and as many without', { n: least });
    const got = new Message('{having} with it, {others} without', { having, others: rows - having });
    throw new RuleBroken('ring', expected, got);
  }
}

/** One record per tag and letter, the first in log order, whichever the way of signing. */
export const signature: Rule<Signature> = {
  claim(state, { entry }) {
    const { data } = entry;
    if (data.way === 'name') return nameClaim(state, data);
    const letter = findLetter(state, data.letter);
    return RingClaim.parse(ringOf(state, letter, data), letter.idBytes, bodyOf(data), bytesOf(data.proof));
  },
  check(state, { entry, time }) {
    const { data } = entry;
    const letter = findLetter(state, data.letter);
    const { ways, selectors, epoch, unnamed_from } = letter.data;
    requireOpen(letter, time);
    if (!ways.includes(data.way)) {
      throw new RuleBroken('way', new Message('one of {options}', { options: ways.join(', ') }), data.way);
    }
    const { role } = Selector.parse(data.selector);
    if (!selectors.includes(role === undefined ? 'all' : `role:${role}`)) {
      throw new RuleBroken('selector', "one of the letter's", data.selector);
    }
    if (data.epoch < epoch) {
      throw new RuleBroken('epoch', new Message('{n} or later', { n: epoch }), `${data.epoch}`);
    }
    const ring = ringOf(state, letter, data);
    if (data.way === 'name') rowOf(state, letter, data);
    else {
      requireFrom(unnamed_from, '{time} or later, when unnamed signing opens', time);
      checkHides(state, letter, data.epoch, ring, role);
    }
    const tag = tagOf(data);
    if (letter.signatures.has(tag)) throw new TagReused('tag', 'one that has not signed this letter', tag);
    if (state.tags.has(tag)) throw new TagReused('tag', "one of this letter's slot", tag);
  },
  apply(state, { entry, index }) {
    const { data } = entry;
    const letter = findLetter(state, data.letter);
    const tag = tagOf(data);
    letter.signatures.set(tag, {
      index,
      epoch: data.epoch,
      selector: data.selector,
      seq: 0,
      prev: statementOf(state, data),
      row: data.way === 'name' ? rowOf(state, letter, data) : undefined,
      withdrawn: false,
      comment: undefined,
      batch: state.batch?.index ?? 0,
    });
    state.tags.add(tag);
    if (data.way === 'name') {
      // 5.11 A name that is given anew is erased no more.
      state.erased.delete(data.claim);
      letter.named += 1;
      return;
    }
    letter.unnamed += 1;
    const selectors = state.batch?.unnamed.get(letter.id) ?? new Map<string, number>();
    selectors.set(data.selector, (selectors.get(data.selector) ?? 0) + 1);
    state.batch?.unnamed.set(letter.id, selectors);
  },
};

/** Withdraw, step forward, comment: the next of its tag's chain, at most one a batch. A withdrawal is final. */
export const statement: Rule<Statement> = {
  claim(state, { entry }) {
    const { data } = entry;
    if (data.action === 'name') return nameClaim(state, data);
    return ControlClaim.parse(statementOf(state, data), bytesOf(data.tag), bytesOf(data.sig));
  },
  check(state, { entry, time }) {
    const { data } = entry;
    const letter = findLetter(state, data.letter);
    requireOpen(letter, time);
    const recorded = letter.signatures.get(data.tag);
    if (recorded === undefined) throw new RuleBroken('tag', 'one whose signature is in the record', data.tag);
    if (recorded.withdrawn) throw new RuleBroken('tag', 'one that has not withdrawn', data.tag);
    if (data.seq !== recorded.seq + 1) throw new RuleBroken('seq', `${recorded.seq + 1}`, `${data.seq}`);
    if (!equalBytes(bytesOf(data.prev), recorded.prev)) {
      throw new RuleBroken('prev', "the digest of this tag's last record", 'another');
    }
    if (state.openBatch?.index === recorded.batch) throw new RuleBroken('tag', 'one entry a batch', 'two');
    if (data.action !== 'name') return;
    if (!letter.data.ways.includes('name')) {
      throw new RuleBroken('action', 'a letter that may be signed by name', 'another');
    }
    if (recorded.row !== undefined) throw new RuleBroken('action', 'an unnamed signature', 'one by name');
    if (data.epoch !== recorded.epoch || data.selector !== recorded.selector) {
      throw new RuleBroken('epoch', 'that of the recorded signature', 'another');
    }
    rowOf(state, letter, data);
  },
  apply(state, { entry, index }) {
    const { data } = entry;
    const letter = findLetter(state, data.letter);
    const recorded = letter.signatures.get(data.tag)!;
    recorded.seq += 1;
    recorded.prev = statementOf(state, data);
    recorded.batch = state.batch?.index ?? 0;
    if (data.action === 'withdraw') {
      recorded.withdrawn = true;
      letter.withdrawn += 1;
      if (recorded.row === undefined) letter.unnamed -= 1;
      else letter.named -= 1;
    } else if (data.action === 'comment') {
      if (recorded.comment !== undefined) letter.oldComments.add(recorded.comment);
      recorded.comment = data.text;
      noteCommitments(state, index, [data.text]);
    } else {
      recorded.row = rowOf(state, letter, data);
      letter.unnamed -= 1;
      state.erased.delete(data.claim);
      letter.named += 1;
    }
  },
};
