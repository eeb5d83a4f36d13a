/** The public names of the twin; everything else is internal. */

export * from './errors.ts';
export { type Checkpoint, openCheckpoint, parseCheckpoint } from './log/checkpoint.ts';
export {
  consistencyProof,
  leafHash,
  nodeHash,
  rootOf,
  Tree,
  verifyConsistency,
  verifyInclusion,
} from './log/merkle.ts';
export { type Note, parseNote, type VerifierKey, verifyNote } from './log/note.ts';
export {
  encodeTlogProof,
  type Included,
  openLeaf,
  openPromise,
  openTlogProof,
  type Promised,
  parseTlogProof,
  type TlogProof,
} from './log/receipt.ts';
export { encodePath, hashesInTiles, parseBundle, parseTile, pathsOf, type Source, type TilePath } from './log/tiles.ts';
export { parsePublicKey, publicKey, sign, verifyEd25519 } from './primitives/ed25519.ts';
export {
  concat,
  encodeBase64,
  encodeHex,
  equalBytes,
  le64,
  parseBase64,
  parseDecimal,
  parseHex,
  utf8,
} from './primitives/encoding.ts';
export { Point, parsePoint } from './primitives/group.ts';
export { randomBytes, shuffled } from './primitives/randomness.ts';
export { encodeScalar, L, parseScalar } from './primitives/scalar.ts';
export { SUITE, TAGS, type Tag, transcript } from './primitives/transcript.ts';
export { BatchInvalid, type Claim, verifyBatch } from './proof/batch.ts';
export { encodeProof, type Proof, parseProof, proofBytes } from './proof/codec.ts';
export { EnrolmentClaim, enrolmentStatement, MAX_SLOTS, proveEnrolment, verifyEnrolment } from './proof/enrol.ts';
export { type ProveOptions, prepareProof, prove } from './proof/prove.ts';
export { MAX_RING, MAX_ROLE_BYTES, parseRing, type Ring, type RingParts, Selector } from './proof/ring.ts';
export { type MemberMaterial, MemberSecret, SlotSecret, serial } from './proof/secret.ts';
export {
  ControlClaim,
  controlStatement,
  NameClaim,
  NO_PREVIOUS,
  nameStatement,
  type Said,
  signControl,
  signName,
  verifyControl,
  verifyName,
} from './proof/statement.ts';
export { RingClaim, statementDigest, verifyProof } from './proof/verify.ts';
export { seedOfWords, WORD_COUNT, type WordList, wordsOfSeed } from './proof/words.ts';
