"""Invitation codes: a slip of the finger is found, placed in its group, and never repeated in an error."""

from __future__ import annotations

import hmac
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.service.code_words import CODE_BITS, WORD_LANGUAGES, is_unmistakable
from ruban.service.codes import ALPHABET, CODE_BYTES, code_hash, code_words, format_code, new_code, parse_code

codes = st.integers(0, 2**CODE_BITS - 1).map(lambda number: number.to_bytes(CODE_BYTES, "big"))
ZEROS = bytes(CODE_BYTES)
SOME = bytes(range(3, 3 + CODE_BYTES))
FORM = "6105K-0R3GR-G28AN"
WORDS = {
    "english": "core action blossom three animal film",
    "french": "chocolat acarien bagage soupape ajuster énumérer",
}


@settings(deadline=None)
@given(codes)
def test_a_printed_code_is_read_back(code: bytes) -> None:
    assert parse_code(format_code(code)) == code


@settings(deadline=None)
@given(codes, st.sampled_from(["", " ", "-", " - ", "–", "\u00a0", "\u2011", "_", "\n"]))
def test_a_code_is_read_as_people_type_it(code: bytes, separator: str) -> None:
    typed = separator.join(format_code(code).lower().split("-")).replace("0", "o").replace("1", "l")
    assert parse_code(f" {typed} ") == code
    assert parse_code(typed.replace("l", "I").upper()) == code


@settings(deadline=None)
@given(codes, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_substitution_is_noticed_in_its_group(code: bytes, position: int, other: str) -> None:
    printed = format_code(code)
    if printed[position] in ("-", other):
        return
    with pytest.raises(FormatError) as caught:
        parse_code(printed[:position] + other + printed[position + 1 :])
    assert caught.value.evidence == (position // 6 + 1,)


def test_every_substitution_of_one_code_is_noticed() -> None:
    printed = format_code(bytes(range(3, 3 + CODE_BYTES)))
    for position, right in enumerate(printed):
        for other in set(ALPHABET + "U*é") - {right}:
            if right != "-":
                with pytest.raises(FormatError):
                    parse_code(printed[:position] + other + printed[position + 1 :])


@settings(deadline=None)
@given(codes, st.integers(0, 2), st.integers(0, 3))
def test_neighbours_that_changed_places_are_noticed(code: bytes, group: int, offset: int) -> None:
    printed = format_code(code)
    at = 6 * group + offset
    swapped = printed[:at] + printed[at + 1] + printed[at] + printed[at + 2 :]
    if swapped != printed:
        with pytest.raises(FormatError):
            parse_code(swapped)


@settings(deadline=None)
@given(codes, st.permutations(range(3)))
def test_groups_that_changed_places_are_noticed(code: bytes, order: list[int]) -> None:
    groups = format_code(code).split("-")
    if order != [0, 1, 2]:
        with pytest.raises(FormatError) as caught:
            parse_code("-".join(groups[index] for index in order))
        assert caught.value.evidence == tuple(place for place, index in enumerate(order, 1) if index != place - 1)


def test_a_missing_character_is_placed_in_its_group() -> None:
    groups = format_code(ZEROS).split("-")
    with pytest.raises(FormatError) as caught:
        parse_code("-".join([groups[0], groups[1][:-1], *groups[2:]]))
    assert caught.value.evidence == (2,)
    assert str(caught.value) == "code: expected a code as it was printed, got a typing error in group 2"


@pytest.mark.parametrize("text", ["", "-", "ABC", "A" * 21, "0" * 101, "٣" * 20, "\0" * 20])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_code(text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_code_or_a_format_error(text: str) -> None:
    try:
        code = parse_code(text)
    except FormatError:
        return
    assert len(code) == CODE_BYTES


def test_a_wrong_code_is_not_repeated_in_the_error() -> None:
    printed = format_code(ZEROS)
    with pytest.raises(FormatError) as caught:
        parse_code(printed[:-1] + ("2" if printed[-1] != "2" else "3"))
    for group in printed.split("-"):
        assert group not in repr((str(caught.value), caught.value.args, caught.value.evidence))


def test_the_form_of_codes_does_not_change() -> None:
    # Codes are on paper: a release that reads them otherwise would lock people out.
    assert format_code(ZEROS) == "00001-00002-00003"
    assert format_code(SOME) == FORM


@pytest.mark.parametrize("language", WORD_LANGUAGES)
def test_the_words_of_a_code_do_not_change(language: str) -> None:
    assert code_words(SOME, language) == WORDS[language]


@settings(deadline=None, max_examples=50)
@given(codes, st.sampled_from(WORD_LANGUAGES))
def test_words_are_read_back_as_people_say_them(code: bytes, language: str) -> None:
    spoken = code_words(code, language)
    plain = "".join(c for c in unicodedata.normalize("NFKD", spoken) if not unicodedata.combining(c))
    try:
        assert parse_code(plain.upper()) == code
        assert parse_code(", ".join(spoken.split())) == code
    except FormatError:
        assert not is_unmistakable(code)


def test_new_codes_have_words_that_mean_no_other_code() -> None:
    assert all(is_unmistakable(parse_code(new_code())) for _ in range(50))


def test_a_word_that_is_not_in_the_list_is_told_by_its_place() -> None:
    words = code_words(SOME).split()
    with pytest.raises(FormatError) as caught:
        parse_code(" ".join([*words[:2], "ruban", *words[3:]]))
    assert caught.value.evidence == (3,)
    assert "ruban" not in str(caught.value)


def test_words_in_another_order_are_refused() -> None:
    words = code_words(SOME).split()
    with pytest.raises(FormatError):
        parse_code(" ".join([words[1], words[0], *words[2:]]))


def test_new_codes_are_sixty_bits_and_differ() -> None:
    made = {parse_code(new_code()) for _ in range(100)}
    assert len(made) == 100
    assert all(int.from_bytes(code, "big") < 2**CODE_BITS for code in made)
    assert any(int.from_bytes(code, "big") >= 2 ** (CODE_BITS - 2) for code in made)


def test_the_stored_hash_needs_the_groups_key() -> None:
    derived = hmac.digest(b"k" * 32, b"ruban/invitation-code/v2\x00", "sha256")
    assert code_hash(b"k" * 32, SOME) == hmac.digest(derived, SOME, "sha256")
    assert code_hash(b"l" * 32, SOME) != code_hash(b"k" * 32, SOME)


@pytest.mark.parametrize("code", [b"short", b"\xff" * CODE_BYTES])
def test_what_is_no_code_is_a_mistake_of_the_caller(code: bytes) -> None:
    with pytest.raises(ValueError, match="60 bits"):
        format_code(code)
