"""An invitation code as six words that can be dictated: 60 bits and 6 check bits, from the lists of BIP 39.

The language is found from the words. In each list a word is known by its first four letters, accents aside.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

from mnemonic import Mnemonic

from ruban.errors import FormatError, Message

CODE_BITS = 60
CODE_BYTES = 8
"""A code is a number below 2^60 in eight big-endian bytes."""
WORDS_COUNT = 6
WORD_LANGUAGES = ("english", "french")

_CHECK_BITS = 6
_BITS_A_WORD = 11
_BEGINNING = 4
_PURPOSE = b"ruban/invitation-words/v1\x00"


def code_words(code: bytes, language: str = "english") -> str:
    """The six words of a code, one space between them, in Unicode normal form C."""
    number = int.from_bytes(code, "big") << _CHECK_BITS | _check(code)
    shifts = range(_BITS_A_WORD * (WORDS_COUNT - 1), -1, -_BITS_A_WORD)
    return " ".join(_words(language)[number >> shift & 2047] for shift in shifts)


def parse_code_words(words: list[str]) -> bytes:
    """The code of six words in either language: capitals and accents do not matter, nor what follows four letters.

    FormatError says which words are wrong (`evidence` is the tuple of their numbers), never what was typed.
    """
    if len(words) != WORDS_COUNT:
        raise FormatError("code", Message("{n} words", n=WORDS_COUNT), Message("{n} words", n=len(words)), evidence=())
    found = [code_of_words(words, language) for language in WORD_LANGUAGES]
    fitting = {code for code in found if code is not None}
    if len(fitting) == 1:
        return fitting.pop()
    # The list that knows most of them is the one that was meant.
    wrong = min((_unknown(words, language) for language in WORD_LANGUAGES), key=len)
    if len(wrong) == 1:
        got = Message("another word in place {place}", place=wrong[0])
    elif wrong:
        got = Message("other words in places {places}", places=", ".join(map(str, wrong)))
    else:
        got = Message("words that are all known, but do not fit together")
    raise FormatError(
        "code",
        Message("the six words as they were given"),
        got,
        hint=Message("Compare each word and their order with the invitation."),
        evidence=wrong,
    )


def code_of_words(words: list[str], language: str) -> bytes | None:
    """The code of six words in one language; None if one is unknown or they do not fit."""
    places = [_place(word, language) for word in words]
    number = 0
    for place in places:
        if place is None:
            return None
        number = number << _BITS_A_WORD | place
    code = (number >> _CHECK_BITS).to_bytes(CODE_BYTES, "big")
    return code if _check(code) == number & (1 << _CHECK_BITS) - 1 else None


def is_unmistakable(code: bytes) -> bool:
    """Whether the code's words, however shortened, are those of no other code in another language.

    So it is but for one code in some fifteen thousand: a third of the beginnings are in both lists.
    """
    for language in WORD_LANGUAGES:
        words = [word[:_BEGINNING] for word in map(_plain, code_words(code, language).split(" "))]
        if any(code_of_words(words, other) not in (code, None) for other in WORD_LANGUAGES):
            return False
    return True


def _check(code: bytes) -> int:
    return hashlib.sha256(_PURPOSE + code).digest()[0] >> 8 - _CHECK_BITS


def _unknown(words: list[str], language: str) -> tuple[int, ...]:
    return tuple(number for number, word in enumerate(words, 1) if _place(word, language) is None)


def _place(word: str, language: str) -> int | None:
    """The word's place in the list. Words of three letters are their own beginning."""
    plain = _plain(word)
    found = _by_beginning(language).get(plain[:_BEGINNING])
    return found[0] if found is not None and found[1].startswith(plain) else None


def _plain(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c))


@lru_cache(maxsize=len(WORD_LANGUAGES))
def _words(language: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic(language).wordlist)


@lru_cache(maxsize=len(WORD_LANGUAGES))
def _by_beginning(language: str) -> dict[str, tuple[int, str]]:
    plain = [_plain(word) for word in _words(language)]
    return {word[:_BEGINNING]: (place, word) for place, word in enumerate(plain)}
