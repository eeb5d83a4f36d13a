/**
 * Recovery words: the 24 BIP-39 words of a 32-byte seed taken as entropy (spec/proof.md, 3).
 *
 * No PBKDF2, no passphrase; the checksum is checked and the language is found from the words.
 */

import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { FormatError, Message } from '../errors.ts';
import { equalBytes } from '../primitives/encoding.ts';
import { SEED_BYTES } from './secret.ts';

export const WORD_COUNT = 24;

/** One of BIP-39's lists of 2,048 words, decomposed (NFKD) as the standard has them. The caller loads it. */
export type WordList = readonly string[];

/** The 24 words of a seed, one space between them, in NFC as people write them; RangeError for another length. */
export function wordsOfSeed(seed: Uint8Array, list: WordList): string {
  if (seed.length !== SEED_BYTES) throw new RangeError('a seed has 32 bytes');
  return entropyToMnemonic(seed, [...list]).normalize('NFC');
}

/**
 * The seed that 24 words of one of `lists` stand for. Capitals, accents missing or written in another way, and more spaces do not matter.
 *
 * FormatError that says how many words there are, or the place of the first that the list has not, or that the checksum
 * is wrong. It never repeats a word: words are the secret.
 */
export function seedOfWords(text: string, lists: readonly WordList[]): Uint8Array {
  const words = text
    .split(/[ \t\r\n\u00a0\u3000]+/)
    .filter((word) => word !== '')
    .map(plain);
  if (words.length !== WORD_COUNT) {
    const got = new Message('{n} words', { n: words.length });
    throw new FormatError('words', new Message('{n} words', { n: WORD_COUNT }), got);
  }
  const candidates = lists.map((list) => {
    // Each word as the list has it, by its plain form.
    const known = new Map(list.map((word) => [plain(word), word]));
    const found = words.map((word) => known.get(word));
    return { list, phrase: found.join(' '), hits: found.filter((word) => word !== undefined).length, found };
  });
  const whole = candidates.filter(({ hits }) => hits === WORD_COUNT);
  if (whole.length === 0) {
    // The list that knows most of the words is the one that was meant.
    const meant = candidates.reduce((best, next) => (next.hits > best.hits ? next : best));
    const place = meant.found.indexOf(undefined) + 1;
    throw new FormatError(`word ${place}`, 'a word of the list', 'another one');
  }
  const [seed, other] = whole.flatMap(({ phrase, list }) => seedIn(phrase, [...list]));
  if (seed === undefined) {
    throw new FormatError('words', '24 words that fit together', 'words that are all known, but do not');
  }
  // The lists share some words; all 24 in both, with both checksums right, happens to nobody by chance.
  if (other !== undefined && !equalBytes(seed, other))
    throw new FormatError('words', 'words of one language', 'of two');
  return seed;
}

/** A word without accents and capitals: both lists stay free of doubles so, and keyboards differ. */
function plain(word: string): string {
  return word.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

function seedIn(phrase: string, list: string[]): Uint8Array[] {
  try {
    return [mnemonicToEntropy(phrase, list)];
  } catch {
    // The count and every word are known to be right, so the checksum is wrong.
    return [];
  }
}
