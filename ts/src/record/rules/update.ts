/** Organisers' news on a letter: dated, in the record, also after the letter has closed. */

import { verifyQuorum } from '../entry.ts';
import type { Update } from '../kinds.ts';
import { checkLanguages, findLetter } from './letter.ts';
import { noteCommitments, type Rule, requireTime } from './rule.ts';

/** Any one organiser may tell; nothing that is counted changes. */
export const update: Rule<Update> = {
  check(state, { entry, time }) {
    findLetter(state, entry.data.letter);
    verifyQuorum(state.opened.data, entry, 1);
    requireTime(state, time);
    checkLanguages(entry.data.texts);
  },
  apply(state, { entry, index, time }) {
    const { letter, texts } = entry.data;
    findLetter(state, letter).updates.push({ at: time, texts });
    state.clock = time;
    noteCommitments(
      state,
      index,
      texts.map(({ text }) => text),
    );
  },
};
