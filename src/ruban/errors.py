"""Every error that Ruban raises on purpose. Nothing here knows a layer above it.

RubanError
├── FormatError                bytes are not the one canonical encoding of anything
├── VerificationError          well-formed, but false
│   ├── ProofInvalid           a proof's equation does not hold
│   ├── TagReused              a second record for one tag and letter
│   ├── SignatureInvalid       an Ed25519 signature does not verify
│   ├── CommitmentInvalid      an opening does not open its commitment
│   ├── InclusionInvalid       a Merkle path ends elsewhere
│   ├── CheckpointInvalid      a checkpoint is unsigned, or signed by the wrong key
│   ├── QuorumMissing          too few signatures of those who must sign
│   ├── RuleBroken             an entry that the record's rules do not allow where it stands
│   └── Inconsistent           two signed checkpoints that cannot both be true (carries both)
├── Refused                    a rule said no to a request; the record is untouched
│   ├── InvitationUnknown      no invitation has this code
│   ├── InvitationSpent        this invitation already has its row
│   ├── InvitationExpired      this invitation's last day is over
│   ├── LetterNotOpen          before the opening, or before unnamed signing
│   ├── LetterClosed           after the closing
│   └── IntakePaused           too little disk, or the store is stopping
├── FetchFailed                a file of a record could not be had: missing, or disk or network failed
├── HostError                  the machine is not what a server needs, or a command of its system failed
└── StoreError                 disk or lock
    ├── StoreLocked            another process holds this store
    ├── StoreFull              no space left; what was acknowledged is safe
    ├── StoreCorrupt           what is on disk does not re-derive the signed head
    ├── StoreFrozen            more of this record is signed elsewhere: nothing is signed here until it is adopted
    └── HeadMoved              compare-and-swap lost: somebody else appended first

A message names the field, what was expected and what was got, and never bears a secret, a name, an address or a code.
"""

from __future__ import annotations

from typing import Any


class Message(str):
    """An English sentence that keeps its template and its parts, so that a page or a terminal can say it in French.

    `Message("at most {n} bytes", n=8192)` is the string "at most 8192 bytes"; `msgid` and `parts` stay readable.
    """

    msgid: str
    parts: dict[str, Any]

    def __new__(cls, msgid: str, **parts: Any) -> Message:
        self = super().__new__(cls, msgid.format(**parts) if parts else msgid)
        self.msgid = msgid
        self.parts = parts
        return self


class RubanError(Exception):
    """The base of all. `field` names what is wrong, `expected` and `got` say how, `hint` says what to do next."""

    def __init__(
        self, field: str, expected: str, got: str | None = None, *, hint: str | None = None, evidence: Any = None
    ) -> None:
        super().__init__(field, expected, got)
        self.field = field
        self.expected = expected
        self.got = got
        self.hint = hint
        self.evidence = evidence

    def __str__(self) -> str:
        if self.got is None:
            return f"{self.field}: expected {self.expected}"
        return f"{self.field}: expected {self.expected}, got {self.got}"


class FormatError(RubanError):
    """Bytes are not the canonical encoding of anything."""


class VerificationError(RubanError):
    """Well-formed, but false."""


class ProofInvalid(VerificationError):
    """A proof's equation does not hold."""


class TagReused(VerificationError):
    """A second record for one tag and letter."""


class SignatureInvalid(VerificationError):
    """An Ed25519 signature does not verify."""


class CommitmentInvalid(VerificationError):
    """An opening does not open its commitment, or a needed one is neither there nor erased."""


class InclusionInvalid(VerificationError):
    """A Merkle path ends elsewhere."""


class CheckpointInvalid(VerificationError):
    """A checkpoint is not signed by the log's key, or is for another log."""


class QuorumMissing(VerificationError):
    """Too few signatures of those who must sign."""


class RuleBroken(VerificationError):
    """An entry that the record's rules do not allow where it stands."""


class Inconsistent(VerificationError):
    """Two signed checkpoints that cannot both be true; `evidence` holds both, so that they can be published."""


class Refused(RubanError):
    """A rule said no to a request; the record is untouched."""


class InvitationUnknown(Refused):
    """No invitation has this code."""


class InvitationSpent(Refused):
    """This invitation already has its row."""


class InvitationExpired(Refused):
    """This invitation's last day is over, and nobody has enrolled with it."""


class LetterNotOpen(Refused):
    """Before the opening, or before unnamed signing is open."""


class LetterClosed(Refused):
    """After the closing."""


class IntakePaused(Refused):
    """Too little disk, or the store is stopping; what was acknowledged is safe."""


class FetchFailed(RubanError):
    """A file of a record could not be had: it is missing, or the disk or the network failed."""


class HostError(RubanError):
    """The machine is not what a server needs, or a command of its system failed."""


class StoreError(RubanError):
    """Disk or lock."""


class StoreLocked(StoreError):
    """Another process holds this store."""


class StoreFull(StoreError):
    """No space left; what was acknowledged is safe."""


class StoreCorrupt(StoreError):
    """What is on disk does not re-derive the signed head."""


class StoreFrozen(StoreError):
    """More of this record is signed elsewhere: nothing is signed here until that has been adopted."""


class HeadMoved(StoreError):
    """Compare-and-swap lost: somebody else appended first."""
