"""Invitation codes, `XXXXX-XXXXX-XXXXX-XXXXX`: 80 random bits that can be read out, typed, and checked group by group.

Each group is four characters of Crockford's base 32 and a check character, so that a slip of the finger is told from a
code that nobody was given, and the person is told which group to look at. The server keeps `code_hash` alone. Another
spelling of the same bits (words, say) would be another pair of functions in front of `code_hash`.
"""

from __future__ import annotations

import hashlib
import re

from ruban.errors import FormatError, Message
from ruban.primitives.randomness import random_bytes

CODE_BYTES = 10
GROUPS_COUNT = 4
GROUP_CHARACTERS = 5

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: I, L, O and U are missing, since they are read as 1, 1, 0 and V."""

MAX_TYPED_CHARACTERS = 100

_PURPOSE = b"ruban/invitation-code/v1\x00"
_READ_AS = str.maketrans("ILO", "110")
_SEPARATORS = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff_.\u2010-\u2015\u2212\ufe58\ufe63\uff0d-]+")

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
    """A fresh code of 80 uniform bits, in its printed form."""
    return format_code(random_bytes(CODE_BYTES))


def format_code(code: bytes) -> str:
    """The printed form of a code's CODE_BYTES bytes; ValueError for another length."""
    if len(code) != CODE_BYTES:
        raise ValueError(f"a code has {CODE_BYTES} bytes")
    number = int.from_bytes(code, "big")
    groups = []
    for place in range(1, GROUPS_COUNT + 1):
        twenty_bits = number >> 20 * (GROUPS_COUNT - place)
        values = [twenty_bits >> shift & 31 for shift in (15, 10, 5, 0)]
        groups.append("".join(ALPHABET[value] for value in [*values, _check(place, values)]))
    return "-".join(groups)


def parse_code(text: str) -> bytes:
    """The CODE_BYTES bytes of a code as people type it: any case, hyphens or none, spaces, O for 0, I and L for 1.

    FormatError says which groups are wrong (`evidence` is the tuple of their numbers, empty if that cannot be said),
    never what was typed. That somebody was given the code is another question.
    """
    if len(text) > MAX_TYPED_CHARACTERS:
        raise _not_a_code(Message("a longer text"))
    groups = [group for group in _SEPARATORS.split(text.upper().translate(_READ_AS)) if group]
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


def code_hash(code: bytes) -> bytes:
    """What the server stores of a code: SHA-256(purpose ‖ code), 32 bytes. 80 random bits need no salt."""
    return hashlib.sha256(_PURPOSE + code).digest()


def _not_a_code(got: Message) -> FormatError:
    return FormatError(
        "code",
        Message("{groups} groups of {characters} letters and digits", groups=GROUPS_COUNT, characters=GROUP_CHARACTERS),
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
