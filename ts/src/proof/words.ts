/**
 * Recovery words: the 24 BIP-39 words of a 32-byte seed taken as entropy (spec/proof.md, 3).
 *
 * No PBKDF2, no passphrase; the checksum is checked and the language is found from the words.
 */

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { FormatError, Message } from '../errors.ts';
import { equalBytes } from '../primitives/encoding.ts';
import { SEED_BYTES } from './secret.ts';

export const WORD_COUNT = 24;

export type WordLanguage = 'en' | 'fr';

/** BIP-39's lists, decomposed (NFKD) as the standard has them. */
const LISTS: Readonly<Record<WordLanguage, string[]>> = { en: english, fr: french };

/** The 24 words of a seed, composed (NFC) as people write them; RangeError if the seed is not 32 bytes. */
export function wordsFromSeed(seed: Uint8Array, language: WordLanguage): string[] {
  if (seed.length !== SEED_BYTES) throw new RangeError('a seed has 32 bytes');
  return entropyToMnemonic(seed, LISTS[language])
    .split(' ')
    .map((word) => word.normalize('NFC'));
}

/**
 * The seed that 24 words stand for, in capitals or not, composed or not, between any spaces and line ends.
 *
 * FormatError that says how many words are missing, or the place of the first word that no language has, or that the
 * checksum is wrong. It never repeats a word: words are the secret.
 */
export function seedFromWords(text: string): Uint8Array {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[ \t\r\n]+/)
    .filter((word) => word !== '');
  if (words.length !== WORD_COUNT) {
    throw new FormatError(
      'recovery words',
      new Message('{n} words', { n: WORD_COUNT }),
      new Message('{n} words', { n: words.length }),
    );
  }
  const lists = Object.values(LISTS);
  const known = lists.map((list) => words.findIndex((word) => !list.includes(word)));
  if (known.every((unknownAt) => unknownAt >= 0)) {
    // The language that fits longest is the one that was meant.
    throw new FormatError(
      'recovery words',
      'words of one English or French list',
      new Message('another word at place {n}', { n: Math.max(...known) + 1 }),
    );
  }
  const seeds = lists.flatMap((list, i) => (known[i] === -1 ? seedIn(words, list) : []));
  const [seed, other] = seeds;
  if (seed === undefined) throw new FormatError('recovery words', 'words whose checksum is right', 'a wrong one');
  // The lists share some words; all 24 in both, with both checksums right, happens to nobody by chance.
  if (other !== undefined && !equalBytes(seed, other)) {
    throw new FormatError('recovery words', 'words of one language', 'words of two');
  }
  return seed;
}

function seedIn(words: readonly string[], list: string[]): Uint8Array[] {
  try {
    return [mnemonicToEntropy(words.join(' '), list)];
  } catch {
    // The count and every word are known to be right, so the checksum is wrong.
    return [];
  }
}
