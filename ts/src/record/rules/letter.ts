/** A letter's life: opened, changed by the organisers, closed. */

import { FormatError, LetterClosed, Message, RuleBroken } from '../../errors.ts';
import { Selector } from '../../proof/ring.ts';
import { letterId, verifyQuorum } from '../entry.ts';
import {
  type GroupOpened,
  type LetterChanged,
  type LetterClosed as LetterClosedEntry,
  type LetterOpened,
  leastRing,
} from '../kinds.ts';
import { Letter, type State, textCommitments } from '../state.ts';
import { noteCommitments, type Rule, requireAligned, requireTime } from './rule.ts';

/** The letter an entry names; RuleBroken if the record has none by that name. */
export function findLetter(state: State, id: string): Letter {
  const letter = state.letters.get(id);
  if (letter === undefined) throw new RuleBroken('letter', 'a letter opened in this record', id);
  return letter;
}

/** FormatError if a language stands twice. */
export function checkLanguages(texts: readonly { readonly lang: string }[]): void {
  if (new Set(texts.map(({ lang }) => lang)).size !== texts.length) {
    throw new FormatError('texts', 'every language once', 'one that stands twice');
  }
}

function checkSelectors({ roles }: GroupOpened, { selectors, ways }: LetterOpened): void {
  for (const selector of selectors) Selector.parse(selector);
  const inOrder = ['all', ...roles.map((role) => `role:${role}`).filter((selector) => selectors.includes(selector))];
  if (selectors.join('\n') !== inOrder.join('\n')) {
    throw new RuleBroken('selectors', '“all”, then “role:” and roles of the group, in its order', selectors.join(', '));
  }
  if (selectors.length > 1 && !ways.includes('unnamed')) {
    throw new RuleBroken('selectors', '“all” alone, where nobody signs unnamed', selectors.join(', '));
  }
}

/** A letter takes the next slot and names an epoch of the record; its text never changes. */
export const letterOpened: Rule<LetterOpened> = {
  check(state, { entry, time }) {
    const { data: group } = state.opened;
    const { data } = entry;
    verifyQuorum(group, entry);
    requireTime(state, time);
    const taken = state.letters.size;
    if (data.slot !== taken || data.slot >= group.slots) {
      throw new RuleBroken(
        'slot',
        new Message('{n}, the next of {all}', { n: taken, all: group.slots }),
        `${data.slot}`,
      );
    }
    if (!state.roll.epochs.has(data.epoch)) {
      throw new RuleBroken('epoch', 'the index of an epoch in the record', `${data.epoch}`);
    }
    for (const field of ['opening', 'closing', 'unnamed_from'] as const) requireAligned(state, field, data[field]);
    if (data.closing <= Math.max(data.opening, time)) {
      throw new RuleBroken('closing', 'after the opening, and not yet past', `${data.closing}`);
    }
    if (data.opening > data.unnamed_from || data.unnamed_from > data.closing) {
      throw new RuleBroken('unnamed_from', 'between opening and closing', `${data.unnamed_from}`);
    }
    const least = leastRing(group);
    if (data.ring_min < least) {
      throw new RuleBroken('ring_min', new Message('{n} or more', { n: least }), `${data.ring_min}`);
    }
    if (data.epochs_at.some((hour, i) => i > 0 && hour < data.epochs_at[i - 1]!)) {
      throw new FormatError('epochs_at', 'ascending times', 'another order');
    }
    checkSelectors(group, data);
    checkLanguages(data.texts);
    if (new Set(data.texts.map(({ demands }) => demands.length)).size !== 1) {
      throw new FormatError('texts', 'the same demands in every language', 'other numbers of them');
    }
  },
  apply(state, { entry, index, time }) {
    const letter = new Letter(letterId(entry.leaf), entry.data);
    state.letters.set(letter.id, letter);
    state.clock = time;
    for (const text of entry.data.texts) noteCommitments(state, index, textCommitments(text));
  },
};

/** Close early, extend once, cancel, or replace by another letter: before the closing, and for a stated reason. */
export const letterChanged: Rule<LetterChanged> = {
  check(state, { entry, time }) {
    const { letter: id, action, closing, by } = entry.data;
    const letter = findLetter(state, id);
    verifyQuorum(state.opened.data, entry);
    requireTime(state, time);
    requireAligned(state, 'closing', closing);
    if (letter.closed || letter.ended || time >= letter.closing) {
      throw new LetterClosed('letter', 'one that is still open', 'a closed one');
    }
    if (action === 'extend') {
      if (letter.extended) throw new RuleBroken('action', 'one extension at most', 'a second one');
      if (closing <= letter.closing) {
        throw new RuleBroken('closing', new Message('after {time}', { time: letter.closing }), `${closing}`);
      }
    } else if (closing < time || closing > letter.closing) {
      throw new RuleBroken('closing', new Message('from now to {time}', { time: letter.closing }), `${closing}`);
    }
    if (action === 'supersede' && (by === id || !state.letters.has(by!))) {
      throw new RuleBroken('by', 'another letter opened in this record', by);
    }
  },
  apply(state, { entry, index, time }) {
    const { letter: id, action, closing, by, reason } = entry.data;
    const letter = findLetter(state, id);
    letter.closing = closing;
    if (action === 'extend') letter.extended = true;
    if (action === 'cancel' || action === 'supersede') letter.ended = action;
    letter.supersededBy = by;
    letter.reasons.push(reason);
    state.clock = time;
    noteCommitments(state, index, [reason]);
  },
};

/** Nothing counts after it. */
export const letterClosed: Rule<LetterClosedEntry> = {
  check(state, { entry, time }) {
    const letter = findLetter(state, entry.data.letter);
    requireTime(state, time);
    if (letter.closed) throw new LetterClosed('letter', 'one that is still open', 'a closed one');
    if (time < letter.closing) {
      throw new RuleBroken('at', new Message('{time} or later', { time: letter.closing }), `${time}`);
    }
  },
  apply(state, { entry, time }) {
    findLetter(state, entry.data.letter).closed = true;
    state.clock = time;
  },
};
