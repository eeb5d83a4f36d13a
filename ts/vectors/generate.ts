/**
 * Writes vectors/proof-ts.json: proofs made here, for both implementations to judge.
 *
 * Every input is derived from the name of what it is for, nonces included, so the file is the same each time. Each case
 * after the good ones has one fault. Seeds are public: nothing here may ever stand for a person.
 */

import { writeFileSync } from 'node:fs';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, encodeHex, littleEndian, parseHex, utf8 } from '../src/primitives/encoding.ts';
import { add, G, multiply, parsePoint } from '../src/primitives/group.ts';
import { encodeScalar, L, parseScalar } from '../src/primitives/scalar.ts';
import { prove } from '../src/proof/prove.ts';
import { parseRing } from '../src/proof/ring.ts';
import { MemberSecret, type SlotSecret } from '../src/proof/secret.ts';

interface ProofCase {
  name: string;
  kind: 'proof';
  roll: string;
  head: string;
  selector: string;
  slot: number;
  letter: string;
  ring: string[];
  message: string;
  proof: string;
  expect: 'ok' | 'format' | 'proof';
}

const SLOT = 3;
const bytesFor = (name: string): Uint8Array => sha512(utf8(`Ruban test vector: ${name}`)).slice(0, 32);
const ROLL = bytesFor('roll');

function secretOf(i: number): SlotSecret {
  return MemberSecret.fromSeed(ROLL, bytesFor(`member ${i}`)).slot(SLOT);
}

/** The proof of the member at `index` of a ring of `size`, and everything it is about. */
function made(
  name: string,
  size: number,
  index: number,
  options: { selector?: string; message?: string } = {},
): ProofCase {
  const secrets = Array.from({ length: size }, (_, i) => secretOf(i));
  const { selector = 'all', message = `Message of ${name}` } = options;
  const [head, letter] = [bytesFor(`head of ${name}`), bytesFor(`letter of ${name}`)];
  const stubs = secrets.map((secret) => secret.stub.bytes);
  const ring = parseRing({ rollId: ROLL, head, selector, slot: SLOT, stubs });
  const nonceSalt = bytesFor(`nonces of ${name}`);
  const proof = prove(ring, index, secrets[index]!, letter, utf8(message), { nonceSalt });
  return {
    name,
    kind: 'proof',
    roll: encodeHex(ROLL),
    head: encodeHex(head),
    selector,
    slot: SLOT,
    letter: encodeHex(letter),
    ring: stubs.map(encodeHex),
    message: encodeHex(utf8(message)),
    proof: encodeHex(proof),
    expect: 'ok',
  };
}

const BASE = made('five', 5, 3);
const POINTS = ['P', 'A', 'B', 'Q_0', 'Q_1', 'R'];
const SCALARS = ['f_0,1', 'f_0,2', 'f_0,3', 'f_1,1', 'f_1,2', 'f_1,3', 'z_A', 'z', 'z_P'];

function partOf(part: number): Uint8Array {
  return parseHex('part', BASE.proof.slice(64 * part, 64 * (part + 1)), 32);
}
function withPart(part: number, bytes: Uint8Array): string {
  return BASE.proof.slice(0, 64 * part) + encodeHex(bytes) + BASE.proof.slice(64 * (part + 1));
}
function fault(name: string, expect: 'format' | 'proof', change: Partial<ProofCase>): ProofCase {
  return { ...BASE, name, ...change, expect };
}
function withStub(place: number, stub: string): string[] {
  return BASE.ring.with(place, stub);
}

const good = [
  made('one', 1, 0),
  made('two', 2, 1),
  BASE,
  made('five, last place', 5, 4),
  made('sixteen', 16, 15),
  made('seventeen', 17, 16),
  made('sixty-four', 64, 21),
  made('empty message', 2, 0, { message: '' }),
  made('long message', 2, 0, { message: 'é'.repeat(2_000) }),
  made('role', 5, 0, { selector: 'role:infirmière' }),
  made('block', 5, 1, { selector: 'all#1/2' }),
];

const NOT_A_POINT = 'f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';
const NEGATIVE = '0100000000000000000000000000000000000000000000000000000000000000';
const ZERO = '00'.repeat(32);

const malformed = [
  ...POINTS.map((field, i) => fault(`${field} is the identity`, 'format', { proof: withPart(i, new Uint8Array(32)) })),
  ...POINTS.map((field, i) =>
    fault(`${field} is not reduced`, 'format', { proof: withPart(i, parseHex('point', NOT_A_POINT, 32)) }),
  ),
  fault('P is negative', 'format', { proof: withPart(0, parseHex('point', NEGATIVE, 32)) }),
  fault('P has its top bit set', 'format', {
    proof: withPart(0, littleEndian(BigInt(`0x${encodeHex(partOf(0).toReversed())}`) + 2n ** 255n, 32)),
  }),
  ...SCALARS.map((field, i) =>
    fault(`${field} is l too large`, 'format', {
      proof: withPart(POINTS.length + i, littleEndian(parseScalar('x', partOf(POINTS.length + i)) + L, 32)),
    }),
  ),
  fault('z is l itself', 'format', { proof: withPart(POINTS.length + 7, littleEndian(L, 32)) }),
  fault('no proof', 'format', { proof: '' }),
  fault('one byte missing', 'format', { proof: BASE.proof.slice(0, -2) }),
  fault('one byte too many', 'format', { proof: `${BASE.proof}00` }),
  fault('proof for fewer digits', 'format', { proof: made('short', 4, 3).proof }),
  fault('proof for more digits', 'format', { proof: made('long', 17, 3).proof }),
  fault('empty ring', 'format', { ring: [] }),
  fault('stub is the identity', 'format', { ring: withStub(0, ZERO) }),
  fault('stub is not reduced', 'format', { ring: withStub(0, NOT_A_POINT) }),
  fault('stub is short', 'format', { ring: withStub(0, BASE.ring[0]!.slice(2)) }),
  fault('stub stands twice', 'format', { ring: withStub(0, BASE.ring[1]!) }),
  fault('unknown selector', 'format', { selector: 'some' }),
  fault('selector with an empty role', 'format', { selector: 'role:' }),
  fault('selector that is not NFC', 'format', { selector: 'role:infirmie\u0300re' }),
  fault('selector with one block of one', 'format', { selector: 'all#0/1' }),
  fault('selector with a block past the last', 'format', { selector: 'all#2/2' }),
  fault('roll of 31 bytes', 'format', { roll: BASE.roll.slice(2) }),
  fault('head of 33 bytes', 'format', { head: `${BASE.head}00` }),
];

const untrue = [
  ...POINTS.map((field, i) =>
    fault(`${field} is another point`, 'proof', { proof: withPart(i, add(parsePoint('x', partOf(i)), G).bytes) }),
  ),
  ...SCALARS.map((field, i) =>
    fault(`${field} is one more`, 'proof', {
      proof: withPart(POINTS.length + i, encodeScalar(parseScalar('x', partOf(POINTS.length + i)) + 1n)),
    }),
  ),
  fault('tag of another member', 'proof', { proof: withPart(0, secretOf(0).tag.bytes) }),
  fault('Q_0 and Q_1 swapped', 'proof', {
    proof: encodeHex(concat(...[0, 1, 2, 4, 3].map(partOf), parseHex('rest', BASE.proof.slice(64 * 5)))),
  }),
  fault('all first moves negated', 'proof', {
    proof:
      [0, 1, 2, 3, 4, 5]
        .map((i) => encodeHex(i === 0 ? partOf(0) : multiply(-1n, parsePoint('x', partOf(i))).bytes))
        .join('') + BASE.proof.slice(64 * 6),
  }),
  fault('another letter', 'proof', { letter: encodeHex(bytesFor('another letter')) }),
  fault('another roll', 'proof', { roll: encodeHex(bytesFor('another roll')) }),
  fault('another head', 'proof', { head: encodeHex(bytesFor('another head')) }),
  fault('another slot', 'proof', { slot: SLOT + 1 }),
  fault('another selector', 'proof', { selector: 'role:infirmière' }),
  fault('another block', 'proof', { selector: 'all#0/2' }),
  fault('another message', 'proof', { message: `${BASE.message}00` }),
  fault('ring in another order', 'proof', { ring: BASE.ring.toReversed() }),
  fault('ring with another stub', 'proof', { ring: withStub(0, encodeHex(secretOf(9).stub.bytes)) }),
  fault('ring with one more stub', 'proof', { ring: [...BASE.ring, encodeHex(secretOf(9).stub.bytes)] }),
  fault('ring without the signer', 'proof', { ring: withStub(3, encodeHex(secretOf(9).stub.bytes)) }),
];

const cases = [...good, ...malformed, ...untrue];
// One case a line: short to read in a diff, and a changed proof shows as one line.
const lines = cases.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n');
const target = new URL('../../vectors/proof-ts.json', import.meta.url);
writeFileSync(target, `[\n${lines}\n]\n`);
console.log(`${cases.length} cases, ${good.length} of them good`);
