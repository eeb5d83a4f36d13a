"""Strict text and integer encodings: whatever is accepted re-encodes to the same bytes."""

from __future__ import annotations

import base64
import re
import unicodedata

from ruban.errors import FormatError, Message

_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")
_DECIMAL = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")
# Characters that Unicode 15.0 to 17.0 gave a combining class or a composition: of a text with one of them, readers with
# older tables do not say what those with newer ones say about its normal form (spec/proof.md, 4.2).
_UNSETTLED = re.compile(
    "["
    "\u0897\u1acf-\u1add\u1ae0-\u1aeb\U000105c9\U000105d2\U000105da\U000105e4\U00010d69-\U00010d6d"
    "\U00010efa-\U00010efb\U00010efd-\U00010eff\U00011382-\U00011385\U0001138b\U0001138e\U00011390-\U00011391"
    "\U000113b8\U000113bb\U000113c2\U000113c5\U000113c7-\U000113c9\U000113ce-\U000113d0\U00011f41-\U00011f42"
    "\U0001611e-\U00016129\U0001612f\U00016d63\U00016d67-\U00016d6a\U0001e08f\U0001e4ec-\U0001e4ef"
    "\U0001e5ee-\U0001e5ef\U0001e6e3\U0001e6e6\U0001e6ee-\U0001e6ef\U0001e6f5"
    "]"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}\Z")


def le64(value: int) -> bytes:
    """The unsigned 64-bit little-endian form of `value`; ValueError outside 0 … 2^64 − 1."""
    if not 0 <= value < 1 << 64:
        raise ValueError("le64 takes 0 … 2^64 − 1")
    return value.to_bytes(8, "little")


def parse_hex(field: str, text: str, size_bytes: int | None = None) -> bytes:
    """The bytes of lower-case hexadecimal `text`, of exactly `size_bytes` if given; FormatError otherwise."""
    if size_bytes is not None and len(text) != 2 * size_bytes:
        raise FormatError(
            field,
            Message("{n} hexadecimal digits", n=2 * size_bytes),
            Message("{n} characters", n=len(text)),
        )
    if not _HEX.match(text):
        raise FormatError(field, Message("pairs of lower-case hexadecimal digits"), Message("other characters"))
    return bytes.fromhex(text)


def parse_decimal(field: str, text: str) -> int:
    """The value of ASCII decimal `text` without sign, leading zero or more than 19 digits; FormatError otherwise."""
    if not _DECIMAL.match(text):
        raise FormatError(field, Message("a decimal number without leading zero"), repr(text[:24]))
    return int(text)


def is_normal(text: str) -> bool:
    """Whether `text` is in Unicode normal form C, by the tables of Unicode 14.0 and of every later version alike."""
    return not _UNSETTLED.search(text) and unicodedata.is_normalized("NFC", text)


def parse_base64(field: str, text: str) -> bytes:
    """The bytes of canonical padded standard base64 (RFC 4648 §4, zero trailing bits); FormatError otherwise."""
    if len(text) % 4 == 0 and _BASE64.match(text):
        data = base64.b64decode(text, validate=True)
        if encode_base64(data) == text:
            return data
    raise FormatError(field, Message("canonical standard base64"), Message("{n} characters", n=len(text)))


def encode_base64(data: bytes) -> str:
    """Padded standard base64 (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")
