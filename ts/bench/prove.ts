/**
 * Times the prover and the verifier: `npm run bench`, or `npm run bench -- <runs>`. Prints one JSON object.
 *
 * Figures are medians in milliseconds on one thread, after one run to warm up. Decoding the ring is measured apart: a
 * page does it once. `prove` includes the check before release.
 */

import { cpus } from 'node:os';
import { utf8 } from '../src/primitives/encoding.ts';
import { verifyBatch } from '../src/proof/batch.ts';
import { proofBytes } from '../src/proof/codec.ts';
import { prove } from '../src/proof/prove.ts';
import { parseRing } from '../src/proof/ring.ts';
import { MemberSecret, type SlotSecret } from '../src/proof/secret.ts';
import { RingClaim, verifyProof } from '../src/proof/verify.ts';

const DEFAULT_RUNS = 7;
const BATCH = 100;
/** Proofs that differ, in a batch; more would only take longer to make. */
const DIFFERENT = 5;

const runs = Number(process.argv[2] ?? DEFAULT_RUNS);
if (!Number.isSafeInteger(runs) || runs < 1) throw new RangeError('the number of runs is a positive integer');

function medianMs(action: () => unknown): number {
  action();
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  }).sort((left, right) => left - right);
  return Number(times[Math.floor(times.length / 2)]!.toFixed(2));
}

const ROLL = new Uint8Array(32).fill(1);
const LETTER = new Uint8Array(32).fill(2);
const MESSAGE = utf8('x'.repeat(500));
const MEMBERS: SlotSecret[] = Array.from({ length: 4096 }, () => MemberSecret.fresh(ROLL).slot(0));

function measure(size: number): Record<string, number> {
  const stubs = MEMBERS.slice(0, size).map((secret) => secret.stub.bytes);
  const parse = () => parseRing({ rollId: ROLL, head: new Uint8Array(32), selector: 'all', slot: 0, stubs });
  const ring = parse();
  const at = (i: number): number => Math.floor((i * size) / DIFFERENT);
  const make = (i: number): Uint8Array => prove(ring, at(i), MEMBERS[at(i)]!, LETTER, MESSAGE);
  const proofs = Array.from({ length: DIFFERENT }, (_, i) => make(i));
  const batch = Array.from({ length: BATCH }, (_, i) => proofs[i % DIFFERENT]!);
  return {
    ring_size: size,
    proof_bytes: proofBytes(ring.m),
    ring_decode_ms: medianMs(parse),
    prove_ms: medianMs(() => make(DIFFERENT - 1)),
    verify_one_ms: medianMs(() => verifyProof(ring, LETTER, MESSAGE, proofs[0]!)),
    verify_batch_of_100_ms: medianMs(() =>
      verifyBatch(batch.map((data) => RingClaim.parse(ring, LETTER, MESSAGE, data))),
    ),
  };
}

const results = [64, 770, 4096].map(measure);
console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model ?? 'unknown', runs, results }, null, 2));
