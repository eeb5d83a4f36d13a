"""Invitation codes: 60 random bits as `XXXXX-XXXXX-XXXXX`, or as six words of a list that can be dictated.

Each group is four characters of Crockford's base 32 and a check character, so that a slip of the finger is told from a
code that nobody was given, and the person is told which group to look at. The server keeps `code_hash` alone.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from ruban.errors import FormatError, Message
from ruban.primitives.randomness import random_bytes
from ruban.service.code_words import CODE_BITS, CODE_BYTES, code_words, is_unmistakable, parse_code_words

__all__ = ["CODE_BYTES", "code_hash", "code_words", "format_code", "new_code", "parse_code"]

GROUPS_COUNT = 3
GROUP_CHARACTERS = 5

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: I, L, O and U are missing, since they are read as 1, 1, 0 and V."""

MAX_TYPED_CHARACTERS = 200

_PURPOSE = b"ruban/invitation-code/v2\x00"
_READ_AS = str.maketrans("ILO", "110")
_BETWEEN = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff_.,;\u3001\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]+")

# A group is a word of a code over GF(32) (x^5 + x^2 + 1): check = place + Σ α^i·character_i. The weights α^1 … α^4 and
# the check's own 1 differ and none is 0, so one wrong character, or two that changed places, never pass. `place` is the
# group's number, so groups that changed places do not pass either.
_POLYNOMIAL = 0b100101


def _times_alpha(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 32 else value


def _check(place: int, values: list[int]) -> int:
    total = 0
    for value in reversed(values):
        total = _times_alpha(total ^ value)
    return total ^ place


def new_code() -> str:
    """A fresh code of 60 uniform bits, in its printed form; its words are those of no other code, even shortened."""
    while True:
        number = int.from_bytes(random_bytes(CODE_BYTES), "big") >> 8 * CODE_BYTES - CODE_BITS
        code = number.to_bytes(CODE_BYTES, "big")
        if is_unmistakable(code):
            return format_code(code)


def format_code(code: bytes) -> str:
    """The printed form of a code; ValueError for what is none."""
    number = int.from_bytes(code, "big")
    if len(code) != CODE_BYTES or number >> CODE_BITS:
        raise ValueError(f"a code is {CODE_BITS} bits in {CODE_BYTES} bytes")
    groups = []
    for place in range(1, GROUPS_COUNT + 1):
        twenty_bits = number >> 20 * (GROUPS_COUNT - place)
        values = [twenty_bits >> shift & 31 for shift in (15, 10, 5, 0)]
        groups.append("".join(ALPHABET[value] for value in [*values, _check(place, values)]))
    return "-".join(groups)


def parse_code(text: str) -> bytes:
    """The CODE_BYTES bytes of a code as people type it: any case, hyphens or none, spaces, O for 0, I and L for 1; or
    its six words, in English or French.

    FormatError says which groups or words are wrong (`evidence` is the tuple of their numbers, empty if that cannot be
    said), never what was typed. That somebody was given the code is another question.
    """
    if len(text) > MAX_TYPED_CHARACTERS:
        raise _not_a_code(Message("a longer text"))
    parts = [part for part in _BETWEEN.split(text) if part]
    joined = "".join(parts)
    # Words have no digits and, six of them, at least eighteen letters.
    is_words = len(parts) != GROUPS_COUNT and len(joined) > GROUPS_COUNT * GROUP_CHARACTERS
    if is_words and not any(character.isdigit() for character in joined):
        return parse_code_words(parts)
    return _parse_groups([part.upper().translate(_READ_AS) for part in parts])


def _parse_groups(groups: list[str]) -> bytes:
    if len(groups) != GROUPS_COUNT:
        joined = "".join(groups)
        if len(joined) != GROUPS_COUNT * GROUP_CHARACTERS:
            raise _not_a_code(Message("{n} characters", n=len(joined)))
        groups = [joined[start : start + GROUP_CHARACTERS] for start in range(0, len(joined), GROUP_CHARACTERS)]
    number, wrong = 0, []
    for place, group in enumerate(groups, 1):
        values = [ALPHABET.find(character) for character in group]
        if len(values) != GROUP_CHARACTERS or -1 in values or _check(place, values[:-1]) != values[-1]:
            wrong.append(place)
            continue
        for value in values[:-1]:
            number = number << 5 | value
    if wrong:
        raise _wrong_groups(wrong)
    return number.to_bytes(CODE_BYTES, "big")


def code_hash(group_key: bytes, code: bytes) -> bytes:
    """What the server stores of a code: HMAC-SHA256 under a key that is derived from the group's, 32 bytes.

    The group's key lies apart: whoever copies the drawer cannot try codes on it.
    """
    key = hmac.digest(group_key, _PURPOSE, hashlib.sha256)
    return hmac.digest(key, code, hashlib.sha256)


def _not_a_code(got: Message) -> FormatError:
    return FormatError(
        "code",
        Message(
            "{groups} groups of {characters} letters and digits, or six words",
            groups=GROUPS_COUNT,
            characters=GROUP_CHARACTERS,
        ),
        got,
        evidence=(),
    )


def _wrong_groups(wrong: list[int]) -> FormatError:
    if len(wrong) == 1:
        got = Message("a typing error in group {group}", group=wrong[0])
    else:
        got = Message("typing errors in groups {groups}", groups=", ".join(map(str, wrong)))
    return FormatError(
        "code",
        Message("a code as it was printed"),
        got,
        hint=Message("Compare with the invitation. There is no letter I, L, O or U in a code."),
        evidence=tuple(wrong),
    )
