/**
 * The errors that this code raises on purpose; the same tree as `ruban.errors`, as far as a browser needs it.
 *
 * RubanError
 * ├── FormatError            bytes are not the one canonical encoding of anything
 * ├── VerificationError      well-formed, but false
 * │   ├── ProofInvalid       a proof's equation does not hold
 * │   ├── TagReused          a second record for one tag and letter
 * │   ├── SignatureInvalid   an Ed25519 signature does not verify
 * │   ├── CommitmentInvalid  an opening does not open its commitment, or a needed one is neither there nor erased
 * │   ├── InclusionInvalid   a Merkle path ends elsewhere
 * │   ├── CheckpointInvalid  a checkpoint is unsigned, or signed by the wrong key
 * │   ├── QuorumMissing      too few signatures of those who must sign
 * │   ├── RuleBroken         an entry that the record's rules do not allow where it stands
 * │   └── Inconsistent       two signed checkpoints that cannot both be true (carries both)
 * ├── Refused                a rule said no to a request; the record is untouched
 * │   ├── LetterNotOpen      before the opening, or before unnamed signing
 * │   └── LetterClosed       after the closing
 * └── FetchFailed            a file of a record could not be had
 *
 * A message names the field, what was expected and what was got, and never bears a secret, a name or a code.
 * A caller's own mistake is a TypeError or a RangeError, never one of these. `name` is written out: a bundle is minified,
 * and pages and reports tell errors apart by it.
 */

/** An English sentence that keeps its template and its parts, so that a page can say it in French. */
export class Message {
  readonly msgid: string;
  readonly parts: Readonly<Record<string, string | number>>;

  constructor(msgid: string, parts: Readonly<Record<string, string | number>> = {}) {
    this.msgid = msgid;
    this.parts = parts;
  }

  toString(): string {
    return this.msgid.replace(/\{([a-z]+)\}/g, (whole, name: string) => String(this.parts[name] ?? whole));
  }
}

/** The base of all: `field` names what is wrong, `expected` and `got` say how; `evidence` can be shown to anybody. */
export class RubanError extends Error {
  override readonly name: string = 'RubanError';
  readonly field: string;
  readonly expected: string | Message;
  readonly got: string | Message | undefined;
  readonly evidence: string | undefined;

  constructor(field: string, expected: string | Message, got?: string | Message, evidence?: string) {
    super(got === undefined ? `${field}: expected ${expected}` : `${field}: expected ${expected}, got ${got}`);
    this.field = field;
    this.expected = expected;
    this.got = got;
    this.evidence = evidence;
  }
}

/** Bytes are not the canonical encoding of anything. */
export class FormatError extends RubanError {
  override readonly name: string = 'FormatError';
}

/** Well-formed, but false. */
export class VerificationError extends RubanError {}

/** A proof's equation does not hold. */
export class ProofInvalid extends VerificationError {
  override readonly name: string = 'ProofInvalid';
}

/** A second record for one tag and letter. */
export class TagReused extends VerificationError {
  override readonly name: string = 'TagReused';
}

/** An Ed25519 signature does not verify. */
export class SignatureInvalid extends VerificationError {
  override readonly name: string = 'SignatureInvalid';
}

/** An opening does not open its commitment, or a needed one is neither there nor erased. */
export class CommitmentInvalid extends VerificationError {
  override readonly name: string = 'CommitmentInvalid';
}

/** A Merkle path ends elsewhere. */
export class InclusionInvalid extends VerificationError {
  override readonly name: string = 'InclusionInvalid';
}

/** A checkpoint is not signed by the log's key, or is for another log. */
export class CheckpointInvalid extends VerificationError {
  override readonly name: string = 'CheckpointInvalid';
}

/** Too few signatures of those who must sign. */
export class QuorumMissing extends VerificationError {
  override readonly name: string = 'QuorumMissing';
}

/** An entry that the record's rules do not allow where it stands. */
export class RuleBroken extends VerificationError {
  override readonly name: string = 'RuleBroken';
}

/** Two signed checkpoints that cannot both be true; `evidence` holds both, so that they can be published. */
export class Inconsistent extends VerificationError {
  override readonly name: string = 'Inconsistent';
}

/** A rule said no to a request; the record is untouched. */
export class Refused extends RubanError {
  override readonly name: string = 'Refused';
}

/** Before the opening, or before unnamed signing is open. */
export class LetterNotOpen extends Refused {
  override readonly name: string = 'LetterNotOpen';
}

/** After the closing. */
export class LetterClosed extends Refused {
  override readonly name: string = 'LetterClosed';
}

/** A file of a record could not be had: it is missing, or the disk or the network failed. */
export class FetchFailed extends RubanError {
  override readonly name: string = 'FetchFailed';
}
