/**
 * Recovery words: the 24 BIP-39 words of a 32-byte seed taken as entropy (spec/proof.md, 3).
 *
 * No PBKDF2, no passphrase; the checksum is checked and the language is found from the words.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { FormatError, Message } from '../errors.ts';
import { concat, encodeHex, equalBytes, parseHex } from '../primitives/encoding.ts';
import { SEED_BYTES } from './secret.ts';

export const WORD_COUNT = 24;
/** 24 · 11 bits are those of the seed and the first eight of its SHA-256. */
const BITS_A_WORD = 11n;
const LIST_COUNT = 2n ** BITS_A_WORD;

/** One of BIP-39's lists of 2,048 words, decomposed (NFKD) as the standard has them. The caller loads it. */
export type WordList = readonly string[];

/** The 24 words of a seed, one space between them, in NFC as people write them; RangeError for another length. */
export function wordsOfSeed(seed: Uint8Array, list: WordList): string {
  if (seed.length !== SEED_BYTES) throw new RangeError('a seed has 32 bytes');
  const bits = BigInt(`0x${encodeHex(withChecksum(seed))}`);
  const words = Array.from({ length: WORD_COUNT }, (_, i) => {
    const below = BITS_A_WORD * BigInt(WORD_COUNT - 1 - i);
    return list[Number((bits >> below) % LIST_COUNT)]!;
  });
  return words.join(' ').normalize('NFC');
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
    const places = new Map(list.map((word, place) => [plain(word), place]));
    const found = words.map((word) => places.get(word));
    return { found, hits: found.filter((place) => place !== undefined).length };
  });
  const whole = candidates.filter(({ hits }) => hits === WORD_COUNT);
  if (whole.length === 0) {
    // The list that knows most of the words is the one that was meant.
    const meant = candidates.reduce((best, next) => (next.hits > best.hits ? next : best));
    const place = meant.found.indexOf(undefined) + 1;
    throw new FormatError(`word ${place}`, 'a word of the list', 'another one');
  }
  const [seed, other] = whole.flatMap(({ found }) => seedAt(found as number[]));
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

function withChecksum(seed: Uint8Array): Uint8Array {
  return concat(seed, sha256(seed).slice(0, 1));
}

/** The seed whose words stand at these places of the list; none if the checksum is another's. */
function seedAt(places: readonly number[]): Uint8Array[] {
  const bits = places.reduce((all, place) => all * LIST_COUNT + BigInt(place), 0n);
  const data = parseHex('words', bits.toString(16).padStart(2 * SEED_BYTES + 2, '0'));
  const seed = data.slice(0, SEED_BYTES);
  return equalBytes(withChecksum(seed), data) ? [seed] : [];
}
