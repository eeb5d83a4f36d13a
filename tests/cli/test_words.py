"""The 24 words bring a seed back, in two languages, and a slip is named by its place and never shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.cli.words import WORD_LANGUAGES, seed_of_words, words_of_seed
from ruban.errors import FormatError

SEED = bytes(range(32))
# BIP 39's own test vectors, the last of 256 bits.
KNOWN = (
    "68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c",
    "hamster diagram private dutch cause delay private meat slide toddler razor book happy fancy gospel tennis maple "
    "dilemma loan word shrug inflict delay length",
)


def test_words_are_those_of_bip_39() -> None:
    assert words_of_seed(bytes.fromhex(KNOWN[0])) == KNOWN[1]
    assert seed_of_words(KNOWN[1]).hex() == KNOWN[0]


@given(st.binary(min_size=32, max_size=32), st.sampled_from(WORD_LANGUAGES))
def test_words_bring_every_seed_back(seed: bytes, language: str) -> None:
    assert seed_of_words(words_of_seed(seed, language)) == seed


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_accents_may_be_written_either_way(form: str) -> None:
    text = words_of_seed(SEED, "french")
    assert "é" in text
    assert seed_of_words(unicodedata.normalize(form, text)) == SEED  # type: ignore[arg-type]


def test_accents_capitals_and_spaces_may_be_missing_or_many() -> None:
    text = words_of_seed(SEED, "french")
    assert seed_of_words(text.replace("é", "e")) == SEED
    assert seed_of_words("  " + text.upper().replace(" ", " \t ") + "\n") == SEED


@pytest.mark.parametrize("language", WORD_LANGUAGES)
def test_a_misspelt_word_is_named_by_its_place_with_the_nearest(language: str) -> None:
    words = words_of_seed(SEED, language).split(" ")
    wrong = words[6][:-1] + "xx"
    with pytest.raises(FormatError) as caught:
        seed_of_words(" ".join([*words[:6], wrong, *words[7:]]))
    assert caught.value.field == "word 7"
    assert words[6] in str(caught.value.hint)
    assert wrong not in str(caught.value)


def test_a_word_that_resembles_nothing_gets_no_suggestion() -> None:
    words = words_of_seed(SEED).split(" ")
    with pytest.raises(FormatError) as caught:
        seed_of_words(" ".join([*words[:23], "qqqqqqqqqq"]))
    assert (caught.value.field, caught.value.hint) == ("word 24", None)


def test_two_words_exchanged_do_not_fit() -> None:
    words = words_of_seed(SEED).split(" ")
    words[0], words[4] = words[4], words[0]
    with pytest.raises(FormatError) as caught:
        seed_of_words(" ".join(words))
    assert caught.value.field == "words"
    assert not set(words) & set(str(caught.value).split(" ")) - {"that", "all", "but", "words", "fit"}


@pytest.mark.parametrize("count", [0, 12, 23, 25])
def test_another_number_of_words_is_refused(count: int) -> None:
    with pytest.raises(FormatError) as caught:
        seed_of_words(" ".join((words_of_seed(SEED).split(" ") * 2)[:count]))
    assert str(caught.value) == f"words: expected 24 words, got {count} words"


def test_a_word_of_the_other_language_is_the_wrong_one() -> None:
    french = words_of_seed(SEED, "french").split(" ")
    with pytest.raises(FormatError) as caught:
        seed_of_words(" ".join([*french[:20], "zebra", *french[21:]]))
    assert caught.value.field == "word 21"


def test_words_that_both_languages_have_are_told_apart_by_the_checksum() -> None:
    # All words of this phrase stand in both lists; only in English do they fit.
    text = _in_both_lists()
    assert words_of_seed(seed_of_words(text), "english") == text


def _in_both_lists() -> str:
    from ruban.cli.words import _known, _list

    shared = sorted(set(_known("english")) & set(_known("french")))
    assert len(shared) > 100
    for shift in range(1000):
        words = [shared[(shift * 7 + place * (shift % 11 + 1)) % len(shared)] for place in range(24)]
        english = " ".join(_known("english")[word] for word in words)
        french = " ".join(_known("french")[word] for word in words)
        if _list("english").check(english) and not _list("french").check(french):
            return english
    raise AssertionError("no such phrase found")


def test_a_seed_of_another_size_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        words_of_seed(bytes(31))
