/**
 * The errors that this code raises on purpose; the same tree as `ruban.errors`, as far as a browser needs it.
 *
 * RubanError
 * ├── FormatError            bytes are not the one canonical encoding of anything
 * └── VerificationError      well-formed, but false
 *     ├── ProofInvalid       a proof's equation does not hold
 *     └── SignatureInvalid   an Ed25519 signature does not verify
 *
 * A message names the field, what was expected and what was got, and never bears a secret, a name or a code.
 * A caller's own mistake is a TypeError or a RangeError, never one of these.
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

/** The base of all: `field` names what is wrong, `expected` and `got` say how. */
export class RubanError extends Error {
  readonly field: string;
  readonly expected: string | Message;
  readonly got: string | Message | undefined;

  constructor(field: string, expected: string | Message, got?: string | Message) {
    super(got === undefined ? `${field}: expected ${expected}` : `${field}: expected ${expected}, got ${got}`);
    this.name = new.target.name;
    this.field = field;
    this.expected = expected;
    this.got = got;
  }
}

/** Bytes are not the canonical encoding of anything. */
export class FormatError extends RubanError {}

/** Well-formed, but false. */
export class VerificationError extends RubanError {}

/** A proof's equation does not hold. */
export class ProofInvalid extends VerificationError {}

/** An Ed25519 signature does not verify. */
export class SignatureInvalid extends VerificationError {}
