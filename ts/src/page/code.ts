/**
 * An invitation code as it is being typed: three groups with a check character each, or six words that can be dictated.
 *
 * The twin of `ruban.service.codes`, as far as a slip can be shown before anything is sent; the server decides.
 */

const GROUPS = 3;
const CHARACTERS = 5;
const WORDS = 6;
/** Crockford's base 32: I, L, O and U are missing. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BETWEEN = /[\s\u00ad\u200b-\u200d\u2060\ufeff_.,;\u3001\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]+/u;
const BEGINNING = 4;

/** How far a code has come: nothing yet, still to be typed on, whole, or wrong in these groups or words (from 1). */
export type Typed =
  | { readonly is: 'empty' }
  | { readonly is: 'short'; readonly words: boolean }
  | { readonly is: 'whole'; readonly code: string }
  | { readonly is: 'wrong'; readonly words: boolean; readonly places: readonly number[] }
  | { readonly is: 'long'; readonly words: boolean };

/** The multiplication by α in GF(32), x^5 + x^2 + 1. */
function timesAlpha(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ 0b100101 : doubled;
}

function checkOf(place: number, values: readonly number[]): number {
  return values.reduceRight((total, value) => timesAlpha(total ^ value), 0) ^ place;
}

/** Whether six words are being typed rather than groups: no digit, and longer than a code or in parts that no group is. */
export function looksLikeWords(text: string): boolean {
  const parts = text.split(BETWEEN).filter((one) => one !== '');
  const joined = parts.join('');
  const whole = parts.slice(0, -1);
  const noGroups = whole.some((one) => one.length !== CHARACTERS || /[ilou\u0080-\uffff]/i.test(one));
  return !/[0-9]/.test(joined) && (joined.length > GROUPS * CHARACTERS || noGroups);
}

/** What is to be said of `text` while it is typed; `lists` are the word lists, needed only where it looks like words. */
export function judge(text: string, lists: readonly (readonly string[])[] = []): Typed {
  const parts = text
    .normalize('NFC')
    .split(BETWEEN)
    .filter((one) => one !== '');
  if (parts.length === 0) return { is: 'empty' };
  const groups = judgeGroups(parts.join(''));
  // With I and O for 1 and 0 a code may have no digit: if its checks hold, it is one, however much like words it looks.
  return groups.is === 'whole' || !looksLikeWords(text) ? groups : judgeWords(parts, lists);
}

function judgeGroups(joined: string): Typed {
  // Almost every code has a digit in its first groups; without one this may be the first of six words.
  if (!/[0-9]/.test(joined) && joined.length < GROUPS * CHARACTERS) return { is: 'short', words: false };
  const letters = joined.toUpperCase().replace(/[IL]/g, '1').replace(/O/g, '0');
  const groups = letters.match(/.{1,5}/gsu) ?? [];
  const places: number[] = [];
  groups.forEach((group, i) => {
    const values = [...group].map((character) => ALPHABET.indexOf(character));
    const whole = values.length === CHARACTERS;
    if (values.includes(-1) || (whole && checkOf(i + 1, values.slice(0, -1)) !== values.at(-1))) places.push(i + 1);
  });
  if (letters.length > GROUPS * CHARACTERS) return { is: 'long', words: false };
  if (places.length > 0) return { is: 'wrong', words: false, places };
  if (letters.length < GROUPS * CHARACTERS) return { is: 'short', words: false };
  return { is: 'whole', code: groups.join('-') };
}

function plain(word: string): string {
  return word.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

function judgeWords(parts: readonly string[], lists: readonly (readonly string[])[]): Typed {
  if (parts.length > WORDS) return { is: 'long', words: true };
  const words = parts.map(plain);
  const last = words.length - 1;
  const judged = lists.map((list) => {
    const known = list.map(plain);
    const beginnings = new Map(known.map((word) => [word.slice(0, BEGINNING), word]));
    const unknown = words.flatMap((word, i) => (beginnings.get(word.slice(0, BEGINNING))?.startsWith(word) ? [] : [i]));
    // The last word may still be on its way.
    const typing = last < WORDS - 1 || (unknown.includes(last) && known.some((word) => word.startsWith(words[last]!)));
    return { typing, places: unknown.filter((i) => !(typing && i === last)).map((i) => i + 1) };
  });
  const best = judged.sort((left, right) => left.places.length - right.places.length)[0];
  if (best === undefined || best.places.length > 0) return { is: 'wrong', words: true, places: best?.places ?? [] };
  return best.typing ? { is: 'short', words: true } : { is: 'whole', code: parts.join(' ') };
}
