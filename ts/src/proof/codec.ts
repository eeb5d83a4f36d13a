/** The proof's bytes: 32·(4m + 7), parsed whole before any arithmetic (spec/proof.md, 5.7 and 6.1). */

import { FormatError, Message } from '../errors.ts';
import { concat } from '../primitives/encoding.ts';
import { POINT_BYTES, type Point, parsePoint } from '../primitives/group.ts';
import { encodeScalar, parseScalar, SCALAR_BYTES } from '../primitives/scalar.ts';

/** The length of a proof over 4^m places. */
export function proofBytes(m: number): number {
  return 32 * (4 * m + 7);
}

/** A parsed proof: points other than the identity, scalars below l. */
export interface Proof {
  readonly P: Point;
  readonly A: Point;
  readonly B: Point;
  readonly Q: readonly Point[];
  readonly R: Point;
  readonly f: readonly (readonly bigint[])[];
  readonly z_A: bigint;
  readonly z: bigint;
  readonly z_P: bigint;
}

/** A ‖ B ‖ Q_0 ‖ … ‖ Q_{m−1} ‖ R, all of which the challenge binds. */
export function firstMessage({ A, B, Q, R }: Pick<Proof, 'A' | 'B' | 'Q' | 'R'>): Uint8Array {
  return concat(...[A, B, ...Q, R].map((point) => point.bytes));
}

/** P ‖ first message ‖ f ‖ z_A ‖ z ‖ z_P. */
export function encodeProof(proof: Proof): Uint8Array {
  const scalars = [...proof.f.flat(), proof.z_A, proof.z, proof.z_P];
  return concat(proof.P.bytes, firstMessage(proof), ...scalars.map(encodeScalar));
}

/**
 * The points and scalars of `data`, one for each name, in that order and nothing after them.
 *
 * FormatError that names the first field that is not canonical, or `field` if the length is wrong.
 */
export function parsePointsAndScalars(
  field: string,
  data: Uint8Array,
  pointNames: readonly string[],
  scalarNames: readonly string[],
): { points: Point[]; scalars: bigint[] } {
  const sizeBytes = POINT_BYTES * pointNames.length + SCALAR_BYTES * scalarNames.length;
  if (data.length !== sizeBytes) {
    const got = new Message('{n} bytes', { n: data.length });
    throw new FormatError(field, new Message('{n} bytes', { n: sizeBytes }), got);
  }
  const part = (i: number): Uint8Array => data.slice(POINT_BYTES * i, POINT_BYTES * (i + 1));
  const points = pointNames.map((name, i) => parsePoint(name, part(i)));
  const scalars = scalarNames.map((name, i) => parseScalar(name, part(pointNames.length + i)));
  return { points, scalars };
}

/** The only proof that `data` encodes for a ring with m digits; FormatError that names the field otherwise. */
export function parseProof(data: Uint8Array, m: number): Proof {
  const digits = Array.from({ length: m }, (_, j) => j);
  const pointNames = ['P', 'A', 'B', ...digits.map((e) => `Q_${e}`), 'R'];
  const scalarNames = [...digits.flatMap((j) => [1, 2, 3].map((d) => `f_${j},${d}`)), 'z_A', 'z', 'z_P'];
  const { points, scalars } = parsePointsAndScalars('proof', data, pointNames, scalarNames);
  const [P, A, B] = points as [Point, Point, Point];
  const [z_A, z, z_P] = scalars.slice(3 * m) as [bigint, bigint, bigint];
  const f = digits.map((j) => scalars.slice(3 * j, 3 * j + 3));
  return { P, A, B, Q: points.slice(3, 3 + m), R: points[3 + m]!, f, z_A, z, z_P };
}
