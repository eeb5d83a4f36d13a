/**
 * ristretto255 (RFC 9496) over @noble/curves, with strict parsing at its only entrance.
 *
 * Where Python handles encoded points, this twin keeps them decoded: in JavaScript decoding costs as much as half a
 * multiplication. A `Point` remembers its canonical bytes once they are known.
 */

import { pippenger } from '@noble/curves/abstract/curve.js';
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { FormatError, Message } from '../errors.ts';
import { equalBytes, utf8 } from './encoding.ts';
import { reduce } from './scalar.ts';
import { SUITE } from './transcript.ts';

export const POINT_BYTES = 32;

const GENERATOR_DST = utf8(`${SUITE}/generator_XMD:SHA-512_R255MAP_RO_`);

type Element = InstanceType<typeof ristretto255.Point>;

/** An element of the group; made by the functions of this module alone. */
export class Point {
  readonly element: Element;
  #encoded: Uint8Array | undefined;

  constructor(element: Element, encoded?: Uint8Array) {
    this.element = element;
    this.#encoded = encoded;
  }

  /** A copy of the canonical 32 bytes. */
  get bytes(): Uint8Array {
    this.#encoded ??= this.element.toBytes();
    return this.#encoded.slice();
  }

  equals(other: Point): boolean {
    return this.element.equals(other.element);
  }

  isIdentity(): boolean {
    return this.element.is0();
  }
}

export const IDENTITY = new Point(ristretto255.Point.ZERO);
export const G = new Point(ristretto255.Point.BASE);

/** The point that `data` canonically encodes, unless it is the identity; FormatError otherwise. */
export function parsePoint(field: string, data: Uint8Array): Point {
  if (data.length !== POINT_BYTES) {
    throw new FormatError(field, 'a point of 32 bytes', new Message('{n} bytes', { n: data.length }));
  }
  if (equalBytes(data, new Uint8Array(POINT_BYTES))) {
    throw new FormatError(field, 'a point other than the identity', 'the identity');
  }
  const encoded = Uint8Array.from(data);
  let element: Element;
  try {
    element = ristretto255.Point.fromBytes(encoded);
  } catch {
    throw new FormatError(field, 'the canonical encoding of a ristretto255 point', 'other bytes');
  }
  return new Point(element, encoded);
}

/** scalar·point; the identity where that is the product. The library's constant-time ladder, as far as bigints go. */
export function multiply(scalar: bigint, point: Point): Point {
  const reduced = reduce(scalar);
  return reduced === 0n || point.isIdentity() ? IDENTITY : new Point(point.element.multiply(reduced));
}

/** scalar·G. */
export function multiplyBase(scalar: bigint): Point {
  return multiply(scalar, G);
}

/** left + right. */
export function add(left: Point, right: Point): Point {
  return new Point(left.element.add(right.element));
}

/** left − right. */
export function subtract(left: Point, right: Point): Point {
  return new Point(left.element.subtract(right.element));
}

/** Σ scalar·point by Pippenger's buckets. Time and memory access depend on the scalars and on how many are zero. */
export function vartimeMultiscalar(terms: Iterable<readonly [bigint, Point]>): Point {
  const scalars: bigint[] = [];
  const elements: Element[] = [];
  for (const [scalar, point] of terms) {
    const reduced = reduce(scalar);
    if (reduced === 0n) continue;
    scalars.push(reduced);
    elements.push(point.element);
  }
  return new Point(pippenger(ristretto255.Point, elements, scalars));
}

/** A point nobody knows the discrete logarithm of: RFC 9496's one-way map of expand_message_xmd (RFC 9380). */
export function hashToGroup(message: Uint8Array): Point {
  return new Point(ristretto255_hasher.hashToCurve(message, { DST: GENERATOR_DST }));
}

/** RFC 9496 §4.3.4, the one-way map of 64 uniform bytes; RangeError for another length. */
export function pointFromUniform(data: Uint8Array): Point {
  if (data.length !== 64) throw new RangeError('the one-way map takes 64 bytes');
  if (ristretto255_hasher.deriveToCurve === undefined) throw new TypeError('the library lacks the one-way map');
  return new Point(ristretto255_hasher.deriveToCurve(data));
}
