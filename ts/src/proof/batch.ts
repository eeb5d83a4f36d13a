/**
 * Many equations as one: the random weighted sum of everything claimed, in one multi-scalar multiplication.
 *
 * Spec/proof.md, 6.8 to 6.10. Every equation has its own weight, uniform in [1, 2^128), drawn by the verifier after all
 * parsing; two errors that would cancel in a plain sum do not. Proofs over one ring share the ring's terms.
 */

import { Message, ProofInvalid } from '../errors.ts';
import { G, type Point, vartimeMultiscalar } from '../primitives/group.ts';
import { L, reduce } from '../primitives/scalar.ts';
import { BASE } from './generators.ts';
import type { Ring } from './ring.ts';

/** Digits on the low side of the matrix product: 4^3 columns and at most 4^3 rows. */
const LOW_DIGITS = 3;

/** Something parsed that is true if and only if its equations hold. */
export interface Claim {
  /** Add each of its equations to `total` under a fresh random weight. */
  accumulate(total: WeightedSum): void;
}

/** Some claims of a batch are false; `culprits` are their places. Nothing is said of a failed batch but this. */
export class BatchInvalid extends ProofInvalid {
  readonly culprits: readonly number[];

  constructor(culprits: readonly number[], size: number) {
    super(
      'batch',
      new Message('{n} claims that hold', { n: size }),
      new Message('{n} that do not', { n: culprits.length }),
    );
    this.culprits = culprits;
  }
}

/** One proof's share of a ring's column: its weight and its F. */
interface Weighted {
  readonly weight: bigint;
  readonly F: readonly (readonly bigint[])[];
}

/** Σ coefficient·point over all claims added; it is the identity if and only if they all hold (but 2^-128). */
export class WeightedSum {
  readonly #terms: [bigint, Point][] = [];
  readonly #fixed = new Map<Point, bigint>();
  readonly #rings = new Map<Ring, Weighted[]>();

  /** Add coefficient·G. */
  addBase(coefficient: bigint): void {
    this.addFixed(G, coefficient);
  }

  /** Add coefficient·point. */
  add(point: Point, coefficient: bigint): void {
    this.#terms.push([coefficient, point]);
  }

  /** Add coefficient·point for a point that many claims share. */
  addFixed(point: Point, coefficient: bigint): void {
    this.#fixed.set(point, (this.#fixed.get(point) ?? 0n) + coefficient);
  }

  /** Add weight·Σ_i c_i C_i with c_i = Π_j F_{j,i_j}, the places past the ring's end folded into its last stub. */
  addRing(ring: Ring, weight: bigint, F: readonly (readonly bigint[])[]): void {
    const proofs = this.#rings.get(ring);
    if (proofs === undefined) this.#rings.set(ring, [{ weight, F }]);
    else proofs.push({ weight, F });
  }

  /** The sum. */
  total(): Point {
    const terms = [...this.#terms];
    for (const [point, coefficient] of this.#fixed) terms.push([coefficient, point]);
    for (const [ring, proofs] of this.#rings) {
      ringCoefficients(ring, proofs).forEach((coefficient, i) => {
        terms.push([coefficient, ring.stubs[i]!]);
      });
    }
    return vartimeMultiscalar(terms);
  }
}

/** first·Π_j rows[j][i_j] mod l for every index i, the first row's digit the least significant. */
function products(rows: readonly (readonly bigint[])[], first: bigint): bigint[] {
  return rows.reduceRight<bigint[]>(
    (values, row) => values.flatMap((value) => row.map((factor) => (value * factor) % L)),
    [first % L],
  );
}

/**
 * Σ_t w_t c_{t,i} for each stub i of the ring.
 *
 * A proof's coefficients are the outer product of those of its low and of its high digits, so the sum over proofs is
 * one matrix product: one multiplication a stub and proof, one reduction a stub.
 */
function ringCoefficients(ring: Ring, proofs: readonly Weighted[]): bigint[] {
  const last = ring.stubs.length - 1;
  const columns = BASE ** Math.min(ring.m, LOW_DIGITS);
  const sums = new Array<bigint>(last).fill(0n);
  let whole = 0n;
  for (const { weight, F } of proofs) {
    const low = products(F.slice(0, LOW_DIGITS), 1n);
    const high = products(F.slice(LOW_DIGITS), weight);
    for (let i = 0; i < last; i++) sums[i]! += high[Math.floor(i / columns)]! * low[i % columns]!;
    const xi = F[0]!.reduce((left, right) => left + right) % L;
    let power = weight;
    for (let j = 0; j < ring.m; j++) power = (power * xi) % L;
    whole += power;
  }
  const coefficients = sums.map((sum) => sum % L);
  // All 4^m coefficients of a proof add up to ξ^m, so the last stub takes what the others leave of it.
  return [...coefficients, reduce(whole - coefficients.reduce((left, right) => left + right, 0n))];
}

function hold(claims: readonly Claim[]): boolean {
  // 6.8 Fresh weights for every claim and every attempt, after all parsing.
  const total = new WeightedSum();
  for (const claim of claims) claim.accumulate(total);
  // 6.9 One sum over everything, which must be the identity.
  return total.total().isIdentity();
}

/**
 * The places in [start, end) of the claims that fail on their own, found by halving what fails together.
 *
 * Never empty for what failed: should two halves hold that fail together, all of them are named.
 */
function culpritsOf(claims: readonly Claim[], start: number, end: number): number[] {
  if (hold(claims.slice(start, end))) return [];
  if (end - start === 1) return [start];
  // 6.10 Nothing is concluded from a sum that is not the identity, except that it holds a culprit.
  const middle = Math.floor((start + end) / 2);
  const halves = [...culpritsOf(claims, start, middle), ...culpritsOf(claims, middle, end)];
  return halves.length > 0 ? halves : Array.from({ length: end - start }, (_, i) => start + i);
}

/** Return only if every claim holds; BatchInvalid that names each one that does not. */
export function verifyBatch(claims: readonly Claim[]): void {
  const culprits = culpritsOf(claims, 0, claims.length);
  if (culprits.length > 0) throw new BatchInvalid(culprits, claims.length);
}
