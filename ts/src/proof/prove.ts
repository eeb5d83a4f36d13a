/** Making the proof (spec/proof.md, 5). Runs on the member's machine; secrets meet nothing else here. */

import { add, multiply, multiplyBase, type Point, vartimeMultiscalar } from '../primitives/group.ts';
import { L, reduce } from '../primitives/scalar.ts';
import { challenge } from '../primitives/transcript.ts';
import { encodeProof, firstMessage, type Proof } from './codec.ts';
import { BASE, H, K } from './generators.ts';
import type { Ring } from './ring.ts';
import { requireOpening, type SlotSecret } from './secret.ts';
import { statementDigest, verifyProof } from './verify.ts';

/** The share of the work after which the page is told: Q takes most of it, the check before release the rest. */
const SHARE_BEFORE_CHECK = 0.75;

export interface ProveOptions {
  /** For vectors: 32 bytes in place of fresh ones. Never the same for two different statements. */
  readonly nonceSalt?: Uint8Array;
  /** Told the share done, 0 to 1. */
  readonly progress?: (share: number) => void;
}

/**
 * p_i(X) = Π_j (σ_{j,i_j} X + a_{j,i_j}) for 0 ≤ i < 4^m, each as its coefficients from X^0 up, without zeros on top.
 *
 * Most i share few digits with the signer's index, so most lists are short: (1 + m/4)·4^m coefficients in all.
 */
export function indexPolynomials(digits: readonly number[], a: readonly (readonly bigint[])[]): bigint[][] {
  let polynomials: bigint[][] = [[1n]];
  for (let j = digits.length - 1; j >= 0; j--) {
    const longer: bigint[][] = [];
    for (const p of polynomials) {
      for (let d = 0; d < BASE; d++) {
        const q = p.map((c) => (a[j]![d]! * c) % L);
        if (d === digits[j]) {
          q.push(0n);
          p.forEach((c, e) => {
            q[e + 1] = (q[e + 1]! + c) % L;
          });
        }
        longer.push(q);
      }
    }
    polynomials = longer;
  }
  return polynomials;
}

/** The coefficients for each of N stubs: those past the ring's end are folded into the last one (5.4). */
export function foldTail(polynomials: readonly bigint[][], N: number, m: number): bigint[][] {
  const last = new Array<bigint>(m + 1).fill(0n);
  for (const p of polynomials.slice(N - 1)) {
    p.forEach((c, e) => {
      last[e] = (last[e]! + c) % L;
    });
  }
  return [...polynomials.slice(0, N - 1), last];
}

/** A and B (5.3): commitments to the digits and to what makes them bits. */
function commitToDigits(
  digits: readonly number[],
  a: readonly (readonly bigint[])[],
  r_A: bigint,
  r_B: bigint,
): { A: Point; B: Point } {
  const A: [bigint, Point][] = [[r_A, H]];
  const B: [bigint, Point][] = [[r_B, H]];
  a.forEach((row, j) => {
    row.forEach((value, d) => {
      const chosen = d === digits[j];
      A.push([value, K[0]![j]![d]!], [-value * value, K[1]![j]![d]!]);
      B.push([chosen ? -value : value, K[1]![j]![d]!]);
      if (chosen) B.push([1n, K[0]![j]![d]!]);
    });
  });
  return { A: vartimeMultiscalar(A), B: vartimeMultiscalar(B) };
}

/** Everything of a proof that does not wait for the signer's word. */
interface FirstMessage extends Pick<Proof, 'A' | 'B' | 'Q' | 'R'> {
  readonly a: readonly (readonly bigint[])[];
  readonly rho: readonly bigint[];
  readonly r_A: bigint;
  readonly r_B: bigint;
  readonly k_P: bigint;
}

/** Steps 5.2 to 5.4: nonces, the commitments to the digits, and Q, which is most of the work. */
function begin(
  ring: Ring,
  digits: readonly number[],
  draws: Generator<bigint, never>,
  progress: (share: number) => void,
): FirstMessage {
  const m = ring.m;
  // 5.2 Nonces, in this order.
  const draw = (): bigint => draws.next().value;
  const [r_A, r_B, k_P] = [draw(), draw(), draw()];
  const rho = digits.map(draw);
  const a = digits.map(() => {
    const row = [draw(), draw(), draw()];
    return [reduce(-row.reduce((left, right) => left + right)), ...row];
  });
  // 5.3
  const { A, B } = commitToDigits(digits, a, r_A, r_B);
  // 5.4 The coefficients of every place, then one sum a power of X.
  const coefficients = foldTail(indexPolynomials(digits, a), ring.stubs.length, m);
  const Q = rho.map((rho_e, e) => {
    const terms = coefficients.flatMap((p, i): [bigint, Point][] => (e < p.length ? [[p[e]!, ring.stubs[i]!]] : []));
    const sum = add(vartimeMultiscalar(terms), multiply(rho_e, H));
    progress((SHARE_BEFORE_CHECK * (e + 1)) / m);
    return sum;
  });
  return { A, B, Q, R: multiplyBase(k_P), a, rho, r_A, r_B, k_P };
}

/**
 * Do now what a proof takes most time for, and give a function that finishes it: that one stub of `ring` was opened for
 * `message` under `letterId`. Nothing that was done so far is a signature; what the function gives is verified first.
 *
 * `index` is the place of the secret's stub in the ring; RangeError if it is not there.
 */
export function prepareProof(
  ring: Ring,
  index: number,
  secret: SlotSecret,
  letterId: Uint8Array,
  message: Uint8Array,
  { nonceSalt, progress = () => {} }: ProveOptions = {},
): (progress?: (share: number) => void) => Uint8Array {
  requireOpening(ring, index, secret);
  // 5.1 The digits of the index in base 4, the least significant first.
  const digits = Array.from({ length: ring.m }, (_, j) => Math.floor(index / BASE ** j) % BASE);
  const sd = statementDigest(ring, letterId, secret.tag, message);
  let first = begin(ring, digits, secret.nonces(sd, nonceSalt), progress);
  return (told = progress) => {
    let xi = 0n;
    for (;;) {
      // 5.5 The challenge binds the statement and the whole first message; 0 starts again with new nonces.
      xi = challenge('challenge', sd, firstMessage(first));
      if (xi !== 0n) break;
      first = begin(ring, digits, secret.nonces(sd), told);
    }
    const { A, B, Q, R, a, rho, r_A, r_B, k_P } = first;
    // 5.6 The responses; z = r ξ^m − Σ ρ_e ξ^e by Horner's rule.
    const f = a.map((row, j) => row.slice(1).map((value, d) => (value + (d + 1 === digits[j] ? xi : 0n)) % L));
    const z = rho.reduceRight((sum, rho_e) => reduce(sum * xi - rho_e), secret.r);
    const z_A = (r_A + xi * r_B) % L;
    const z_P = (k_P + xi * secret.x) % L;
    const proof: Proof = { P: secret.tag, A, B, Q, R, f, z_A, z, z_P };
    // 5.7 A fault in the computation must not leave the machine: it could give the secret away.
    const data = encodeProof(proof);
    verifyProof(ring, letterId, message, data);
    told(1);
    return data;
  };
}

/**
 * The bytes of a proof that one stub of `ring` was opened for `message` under `letterId`, verified before release.
 *
 * `index` is the place of the secret's stub in the ring; RangeError if it is not there.
 */
export function prove(
  ring: Ring,
  index: number,
  secret: SlotSecret,
  letterId: Uint8Array,
  message: Uint8Array,
  options: ProveOptions = {},
): Uint8Array {
  return prepareProof(ring, index, secret, letterId, message, options)();
}
