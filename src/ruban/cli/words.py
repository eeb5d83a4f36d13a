"""The 24 words that are a seed, in English or French (BIP 39), typed by hand and read with care.

The language is found from the words. Nothing here is ever shown: an error says which word is wrong by its place.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache

from mnemonic import Mnemonic

from ruban.errors import FormatError, Message
from ruban.proof.secret import SEED_BYTES

WORD_COUNT = 24
WORD_LANGUAGES = ("english", "french")
_BETWEEN = re.compile("[ \t\u3000]+")


def words_of_seed(seed: bytes, language: str = "english") -> str:
    """The 24 words of 32 bytes, one space between them, in Unicode normal form C."""
    if len(seed) != SEED_BYTES:
        raise ValueError("a seed has 32 bytes")
    return unicodedata.normalize("NFC", _list(language).to_mnemonic(seed))


def seed_of_words(text: str) -> bytes:
    """The 32 bytes of 24 words in either language; FormatError that says which word is wrong, or that they do not fit.

    Capitals, accents written in another way, and more spaces than one do not matter.
    """
    words = [_plain(word) for word in _BETWEEN.split(text.strip()) if word]
    if len(words) != WORD_COUNT:
        raise FormatError("words", Message("{n} words", n=WORD_COUNT), Message("{n} words", n=len(words)))
    known = {language: _known(language) for language in WORD_LANGUAGES}
    hits = {language: sum(word in known[language] for word in words) for language in WORD_LANGUAGES}
    whole = [language for language in WORD_LANGUAGES if hits[language] == WORD_COUNT]
    if not whole:
        # A word that only one list has settles it; the list that knows most of them is the one that was meant.
        raise _unknown_word(words, max(WORD_LANGUAGES, key=lambda language: hits[language]))
    # Some words stand in both lists: where all do, the checksum decides.
    for language in whole:
        phrase = " ".join(known[language][word] for word in words)
        if _list(language).check(phrase):
            return bytes(_list(language).to_entropy(phrase))
    raise FormatError(
        "words",
        Message("24 words that fit together"),
        Message("words that are all known, but do not"),
        hint=Message("Compare each word and their order with what you wrote down: one is another word of the list."),
    )


def _unknown_word(words: list[str], language: str) -> FormatError:
    known = _known(language)
    place = next(place for place, word in enumerate(words) if word not in known)
    near = difflib.get_close_matches(words[place], known, n=1)
    return FormatError(
        Message("word {n}", n=place + 1),
        Message("a word of the list"),
        Message("another word"),
        hint=Message("Perhaps {word}?", word=unicodedata.normalize("NFC", known[near[0]])) if near else None,
    )


def _plain(word: str) -> str:
    """A word without accents and capitals: both lists stay free of doubles so, and keyboards differ."""
    spread = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in spread if not unicodedata.combining(c))


@lru_cache(maxsize=len(WORD_LANGUAGES))
def _list(language: str) -> Mnemonic:
    return Mnemonic(language)


@lru_cache(maxsize=len(WORD_LANGUAGES))
def _known(language: str) -> dict[str, str]:
    """Each word of the list as the list has it, by its plain form."""
    return {_plain(word): word for word in _list(language).wordlist}
