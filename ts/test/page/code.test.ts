import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { judge, looksLikeWords } from '../../src/page/code.ts';

/** A code of the Python side (service/codes.py) and its words. */
const CODE = 'T4GXQ-01SGX-S9MTR';
const WORDS = {
  english: 'spell attend achieve ghost pledge stairs',
  french: 'rocheux anonyme absolu exulter notifier sabler',
};
const LISTS = [english, french];

test('a code is accepted as people type it', () => {
  for (const text of [CODE, CODE.toLowerCase(), CODE.replaceAll('-', ''), ` ${CODE.replaceAll('-', ' – ')} `]) {
    assert.deepEqual(judge(text), { is: 'whole', code: CODE });
  }
});

test('the letters that look like digits are read as digits', () => {
  const other = 'G1Y41-SHN96-YNS0J';
  assert.deepEqual(judge(other.replaceAll('1', 'l').replaceAll('0', 'o')), { is: 'whole', code: other });
});

test('each single wrong character is found, and in its group', () => {
  for (let at = 0; at < CODE.length; at++) {
    if (CODE[at] === '-') continue;
    const typed = CODE.slice(0, at) + (CODE[at] === '7' ? '8' : '7') + CODE.slice(at + 1);
    assert.deepEqual(judge(typed), { is: 'wrong', words: false, places: [Math.floor(at / 6) + 1] });
  }
});

test('groups that changed places are found', () => {
  const [a, b, c] = CODE.split('-');
  assert.deepEqual(judge(`${b}-${a}-${c}`), { is: 'wrong', words: false, places: [1, 2] });
});

test('a code that is still being typed is short and not wrong', () => {
  assert.deepEqual(judge(''), { is: 'empty' });
  for (const length of [1, 5, 9, 16]) assert.deepEqual(judge(CODE.slice(0, length)), { is: 'short', words: false });
  assert.deepEqual(judge(`${CODE}0`), { is: 'long', words: false });
});

test('six words are told from groups, in both languages, however shortened', () => {
  for (const words of Object.values(WORDS)) {
    assert.ok(looksLikeWords(words));
    assert.deepEqual(judge(words, LISTS), { is: 'whole', code: words.normalize('NFC') });
    const short = words.split(' ').map((word) => word.slice(0, 4).toUpperCase());
    assert.equal(judge(short.join('  '), LISTS).is, 'whole');
  }
});

test('a word that no list has is named by its place, and the last one may still be on its way', () => {
  const words = WORDS.english.split(' ');
  assert.deepEqual(judge([...words.slice(0, 2), 'xyzzy', ...words.slice(3)].join(' '), LISTS), {
    is: 'wrong',
    words: true,
    places: [3],
  });
  assert.deepEqual(judge([...words.slice(0, 3), 'zz'].join(' '), LISTS), { is: 'short', words: true });
  assert.deepEqual(judge([...words, 'one'].join(' '), LISTS), { is: 'long', words: true });
});

test('nothing is called wrong while the first words are typed', () => {
  for (const words of Object.values(WORDS)) {
    for (let end = 1; end < words.length; end++) {
      const typed = judge(words.slice(0, end), LISTS);
      assert.ok(['short', 'whole'].includes(typed.is), words.slice(0, end));
    }
  }
});
