import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { FormatError } from '../../src/errors.ts';
import { randomBytes } from '../../src/primitives/randomness.ts';
import { seedOfWords, wordsOfSeed } from '../../src/proof/words.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, i) => 7 * i);
const LISTS = [english, french];
const WORDS = wordsOfSeed(SEED, english).split(' ');

function refusal(words: readonly string[]): FormatError {
  try {
    seedOfWords(words.join(' '), LISTS);
  } catch (error) {
    assert.ok(error instanceof FormatError);
    return error;
  }
  throw new assert.AssertionError({ message: 'the words were accepted' });
}

test('24 words bring the seed back in both languages, however they are typed', () => {
  for (const language of LISTS) {
    const text = wordsOfSeed(SEED, language);
    assert.equal(text.split(' ').length, 24);
    assert.equal(text, text.normalize('NFC'));
    const typed = [
      text,
      text.normalize('NFD'),
      text.normalize('NFD').replace(/\p{M}/gu, ''),
      text.toUpperCase(),
      `  ${text.replaceAll(' ', ' \t\u00a0')}\r\n`,
    ];
    for (const variant of typed) assert.deepEqual(seedOfWords(variant, LISTS), SEED);
  }
});

test('French words keep their accents when shown', () => {
  assert.match(wordsOfSeed(SEED, french), /[éèà]/);
});

test('the words of the zero seed are those of BIP-39', () => {
  assert.equal(wordsOfSeed(new Uint8Array(32), english), `${'abandon '.repeat(23)}art`);
  assert.deepEqual(seedOfWords(`${'abandon '.repeat(23)}art`, LISTS), new Uint8Array(32));
});

test('words are those of another implementation', () => {
  for (let i = 0; i < 50; i++) {
    const seed = randomBytes(32);
    for (const list of LISTS) {
      assert.equal(wordsOfSeed(seed, list), entropyToMnemonic(seed, list).normalize('NFC'));
      assert.deepEqual(seedOfWords(wordsOfSeed(seed, list), LISTS), seed);
    }
  }
});

test('words of a list that was not loaded are unknown', () => {
  const text = wordsOfSeed(SEED, french);
  assert.throws(
    () => seedOfWords(text, [english]),
    (error) => error instanceof FormatError && error.field.startsWith('word '),
  );
});

test('a missing word, an unknown word and a wrong checksum are told apart', () => {
  assert.match(refusal(WORDS.slice(1)).message, /got 23 words/);
  assert.equal(refusal(WORDS.with(6, 'zzzzz')).field, 'word 7');
  assert.match(refusal([...WORDS.slice(0, 23), WORDS[23] === 'zebra' ? 'zero' : 'zebra']).message, /fit together/);
});

test('a French word among English ones is named by its place', () => {
  assert.equal(refusal(WORDS.with(2, 'abeille')).field, 'word 3');
});

test('no refusal repeats a word', () => {
  for (const words of [WORDS.slice(1), WORDS.with(6, 'zzzzz'), WORDS.toReversed()]) {
    const { message } = refusal(words);
    assert.ok(
      words.every((word) => word.length < 6 || !message.includes(word)),
      message,
    );
  }
});

test('a seed of another length has no words', () => {
  assert.throws(() => wordsOfSeed(new Uint8Array(31), english), RangeError);
});
