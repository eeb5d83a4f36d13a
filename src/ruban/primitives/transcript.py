"""The one transcript, and the only list of tags and labels (spec/proof.md, 2).

T(tag, (label, value)*) = SHA-512( u8(|t|) ‖ t ‖ per field: u8(|label|) ‖ label ‖ le64(|value|) ‖ value ), with
t = SUITE ‖ "/" ‖ tag. Every length is inside, so the encoding is injective.
"""

from __future__ import annotations

import hashlib
from enum import Enum

from ruban.primitives.encoding import le64
from ruban.primitives.scalar import scalar_from_uniform

SUITE = b"Ruban-v1-ristretto255-SHA512"


class Tag(Enum):
    """What a transcript is for; each with the labels of its fields, in the order in which they must be given."""

    ROLL = ("roll", ("entry",))
    EPOCH = ("epoch", ("entry",))
    LETTER = ("letter", ("entry",))
    RING = ("ring", ("roll", "head", "selector", "slot", "N", "stubs"))
    STATEMENT = ("statement", ("letter", "roll", "slot", "ring", "N", "n", "m", "P", "message"))
    CHALLENGE = ("challenge", ("statement", "first"))
    SERIAL = ("serial", ("roll", "slot", "P"))
    ENROL_STATEMENT = ("enrol-statement", ("roll", "member", "K", "stubs"))
    ENROL_CHALLENGE = ("enrol-challenge", ("statement", "first"))
    CONTROL_STATEMENT = ("control-statement", ("letter", "P", "seq", "prev", "body"))
    CONTROL_CHALLENGE = ("control-challenge", ("statement", "first"))
    NAME_STATEMENT = (
        "name-statement",
        ("letter", "roll", "slot", "ring", "index", "C", "P", "seq", "prev", "body"),
    )
    NAME_CHALLENGE = ("name-challenge", ("statement", "first"))

    def __init__(self, label: str, fields: tuple[str, ...]) -> None:
        self.label = label
        self.fields = fields


def transcript(tag: Tag, *values: bytes) -> bytes:
    """The 64-byte digest of `values`, one for each label of `tag`, in order; ValueError if one is missing."""
    if len(values) != len(tag.fields):
        raise ValueError(f"transcript {tag.label} has the fields {tag.fields}")
    name = SUITE + b"/" + tag.label.encode("ascii")
    parts = [bytes([len(name)]), name]
    for label, value in zip(tag.fields, values, strict=True):
        parts += [bytes([len(label)]), label.encode("ascii"), le64(len(value)), value]
    return hashlib.sha512(b"".join(parts)).digest()


def challenge(tag: Tag, *values: bytes) -> int:
    """The transcript read as a 512-bit little-endian integer mod l."""
    return scalar_from_uniform(transcript(tag, *values))
