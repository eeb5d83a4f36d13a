"""Commitments in the record to what lies beside it, and their openings (spec/record.md, 2)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from ruban.errors import CommitmentInvalid, FormatError, Message
from ruban.primitives.encoding import is_normal, parse_hex
from ruban.primitives.randomness import random_bytes
from ruban.record.canonical import check_text, encode, parse_canonical, parse_strict

SALT_BYTES = 32
MAX_PAYLOAD_BYTES = 65_536
MAX_CLAIM_BYTES = 1024
MAX_LINE_BYTES = 4096
"""A title, a demand, an addressee, a reason, a name of the group or of an organiser."""
MAX_NAME_CHARACTERS = 200
MAX_UPDATE_BYTES = 8192
MAX_COMMENT_BYTES = 1000

_PURPOSE = b"ruban/commit/v1\x00"
_LAYOUT = re.compile("[\t\n\r]")


@dataclass(frozen=True, slots=True)
class Opening:
    """Salt and payload that open a commitment. Its repr shows neither."""

    salt: bytes = field(repr=False)
    payload: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_BYTES:
            raise FormatError("salt", Message("{n} bytes", n=SALT_BYTES), Message("{n} bytes", n=len(self.salt)))
        if len(self.payload) > MAX_PAYLOAD_BYTES:
            raise FormatError(
                "payload",
                Message("at most {n} bytes", n=MAX_PAYLOAD_BYTES),
                Message("{n} bytes", n=len(self.payload)),
            )

    @property
    def commitment(self) -> bytes:
        """c = SHA-256(purpose ‖ salt ‖ payload)."""
        return hashlib.sha256(_PURPOSE + self.salt + self.payload).digest()


def commit(text: str) -> Opening:
    """An opening of `text` in Unicode normal form C, with a fresh salt; FormatError unless all agree on the form."""
    normal = unicodedata.normalize("NFC", text)
    if not is_normal(normal):
        raise FormatError("text", Message("text in Unicode normal form C"), Message("another form"))
    return Opening(random_bytes(SALT_BYTES), normal.encode("utf-8"))


def commit_line(field: str, text: str) -> Opening:
    """An opening of a short text that every reader will accept; FormatError that names `field` otherwise."""
    opening = commit(text)
    parse_line(field, opening.payload)
    return opening


def verify_opening(commitment: bytes, opening: Opening) -> None:
    """Accept only what opens `commitment`; CommitmentInvalid otherwise."""
    if opening.commitment != commitment:
        raise CommitmentInvalid("opening", Message("one that opens the commitment"), Message("another"))


def _utf8(field: str, payload: bytes) -> str:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise FormatError(field, "UTF-8", Message("other bytes at offset {n}", n=wrong.start)) from None


def parse_line(field: str, payload: bytes) -> str:
    """The words of a short payload; FormatError unless at most 4 KiB of NFC text without control characters.

    A terminal or a page shows it, so nothing in it may steer one.
    """
    if len(payload) > MAX_LINE_BYTES:
        raise FormatError(field, Message("at most {n} bytes", n=MAX_LINE_BYTES), Message("{n} bytes", n=len(payload)))
    text = _utf8(field, payload)
    check_text(field, text)
    return text


def parse_text(field: str, payload: bytes) -> str:
    """The text of a letter: as `parse_line`, but for its length, and with tabs and ends of lines."""
    text = _utf8(field, payload)
    check_text(field, _LAYOUT.sub(" ", text))
    return text


def parse_update(field: str, payload: bytes) -> str:
    """Organisers' news: as `parse_text`, at most 8 KiB."""
    if len(payload) > MAX_UPDATE_BYTES:
        raise FormatError(field, Message("at most {n} bytes", n=MAX_UPDATE_BYTES), Message("{n} bytes", n=len(payload)))
    return parse_text(field, payload)


def parse_comment(field: str, payload: bytes) -> str:
    """A signer's comment: as `parse_text`, 1 to 1,000 bytes, and not blank."""
    if not 1 <= len(payload) <= MAX_COMMENT_BYTES:
        raise FormatError(field, Message("1 to {n} bytes", n=MAX_COMMENT_BYTES), Message("{n} bytes", n=len(payload)))
    text = parse_text(field, payload)
    # The mark is white space for JavaScript and not for Python.
    if not text.replace("\ufeff", "").strip():
        raise FormatError(field, Message("a text"), Message("nothing"))
    return text


def claim_payload(name: str, role: str | None = None) -> bytes:
    """The only payload of a row's claim."""
    return encode({"name": name} if role is None else {"name": name, "role": role})


def parse_claim(payload: bytes) -> tuple[str, str | None]:
    """Name and role of a claim's payload; FormatError unless it is exactly `claim_payload` of them."""
    data = parse_canonical("claim", payload, MAX_CLAIM_BYTES)
    name, role = data.get("name"), data.get("role")
    if set(data) - {"name", "role"} or not isinstance(name, str) or not isinstance(role, str | None):
        raise FormatError("claim", Message("a name, and a role or none"), Message("other fields"))
    if not 1 <= len(name) <= MAX_NAME_CHARACTERS or name != name.strip():
        raise FormatError("claim name", Message("1 to {n} characters", n=MAX_NAME_CHARACTERS), str(len(name)))
    if payload != claim_payload(name, role):
        raise FormatError("claim", Message("a name, and a role or none"), Message("another form"))
    return name, role


def encode_opening(opening: Opening) -> bytes:
    """A line of `payloads/<N>`, without its line feed."""
    return encode({"c": opening.commitment.hex(), "payload": opening.payload.hex(), "salt": opening.salt.hex()})


def parse_opening(line: bytes) -> Opening:
    """The opening of a line of `payloads/<N>`; FormatError on another form, CommitmentInvalid if c is not its own."""
    data = parse_strict("payload line", line, max_bytes=3 * MAX_PAYLOAD_BYTES, max_depth=1, keys=True)
    fields: dict[str, Any] = data if isinstance(data, dict) else {}
    if set(fields) != {"c", "salt", "payload"} or not all(isinstance(value, str) for value in fields.values()):
        raise FormatError("payload line", Message("c, payload and salt"), Message("other fields"))
    opening = Opening(parse_hex("salt", fields["salt"], SALT_BYTES), parse_hex("payload", fields["payload"], None))
    verify_opening(parse_hex("c", fields["c"], 32), opening)
    if encode_opening(opening) != line:
        raise FormatError("payload line", Message("canonical JSON"), Message("another form"))
    return opening
