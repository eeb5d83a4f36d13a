"""What organisers type into forms, in the one form that is kept."""

from __future__ import annotations

import re
import unicodedata

from ruban.errors import FormatError
from ruban.primitives.encoding import parse_decimal

_SPACES = re.compile(r"\s+")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
MAX_DIGITS = 9


def one_line(text: str) -> str:
    """NFC, trimmed, with single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def lines(text: str) -> list[str]:
    """The lines that are not empty, each as `one_line`."""
    return [line for part in _LINE_ENDS.split(text) if (line := one_line(part))]


def whole_number(text: str) -> int | None:
    """The number that was typed, spaces between thousands aside; None if it is none, or has more than MAX_DIGITS."""
    digits = _SPACES.sub("", text).lstrip("0") or "0"
    if len(digits) > MAX_DIGITS:
        return None
    try:
        return parse_decimal("number", digits)
    except FormatError:
        return None
