/** The vectors of codes: a page takes what the server takes, and names the same slips where it can tell. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { judge } from '../../src/page/code.ts';
import { parseStrictJson } from '../read-vectors.ts';

interface Case {
  readonly name: string;
  readonly kind: 'forms' | 'typed';
  readonly expect: 'ok' | 'format';
  readonly code?: string;
  readonly printed?: string;
  readonly english?: string;
  readonly french?: string;
  readonly typed?: string;
  readonly sent?: string;
  readonly wrong?: readonly number[];
  readonly page?: string;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LISTS = [english, french];
const COUNTS = { 'forms ok': 10, 'typed ok': 49, 'typed format': 52 };
const CASES = parseStrictJson(
  readFileSync(new URL('../../../vectors/codes/codes.json', import.meta.url), 'utf8'),
) as Case[];

test('no case is lost', () => {
  const counts: Record<string, number> = {};
  for (const { kind, expect } of CASES) counts[`${kind} ${expect}`] = (counts[`${kind} ${expect}`] ?? 0) + 1;
  assert.deepEqual(counts, COUNTS);
});

/** The bytes of a printed code, by its groups without their check characters. */
function bytesOf(printed: string): string {
  let number = 0n;
  for (const group of printed.split('-')) {
    for (const character of group.slice(0, -1)) number = number * 32n + BigInt(ALPHABET.indexOf(character));
  }
  return number.toString(16).padStart(16, '0');
}

for (const { name, kind, code, printed, typed, sent, wrong, page, ...words } of CASES) {
  test(name, () => {
    if (kind === 'forms') {
      assert.equal(bytesOf(printed!), code);
      for (const form of [printed!, words.english!, words.french!]) {
        assert.deepEqual(judge(form, LISTS), { is: 'whole', code: form });
      }
    } else if (wrong === undefined) {
      assert.deepEqual(judge(typed!, LISTS), { is: 'whole', code: sent });
    } else {
      const judged = judge(typed!, LISTS);
      assert.equal(judged.is, page);
      if (judged.is === 'wrong') assert.deepEqual(judged.places, wrong);
    }
  });
}
