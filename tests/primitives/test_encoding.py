"""Whatever text is accepted has one spelling, and what Python is lenient about is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.primitives.encoding import encode_base64, is_normal, le64, parse_base64, parse_decimal, parse_hex

ANY = st.text(max_size=12) | st.from_regex(r"[0-9a-fA-F+/=_ ]{0,8}", fullmatch=True)


@given(st.binary(max_size=40))
def test_bytes_are_read_back_from_hexadecimal_and_base64(data: bytes) -> None:
    assert parse_hex("x", data.hex()) == parse_hex("x", data.hex(), len(data)) == data
    assert parse_base64("x", encode_base64(data)) == data


@given(ANY)
def test_whatever_is_accepted_has_one_spelling(text: str) -> None:
    forms: tuple[tuple[Callable[[str], Any], Callable[[Any], str]], ...] = (
        (lambda t: parse_hex("x", t), lambda v: v.hex()),
        (lambda t: parse_base64("x", t), encode_base64),
        (lambda t: parse_decimal("x", t), str),
    )
    for parse, encode in forms:
        try:
            value = parse(text)
        except FormatError:
            continue
        assert encode(value) == text


@pytest.mark.parametrize("text", ["0", "AB", "0x00", " 00", "00\n", "00 00", "0g", "\uff10\uff10", "é0"])
def test_other_hexadecimal_is_refused(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_hex("here", text)
    assert caught.value.field == "here"


def test_hexadecimal_of_another_length_is_refused() -> None:
    for size in (0, 1, 3):
        with pytest.raises(FormatError):
            parse_hex("x", "aabb", size)


@pytest.mark.parametrize("text", ["", "00", "01", "-1", "+1", "1_0", " 1", "1\n", "\uff11", "1.0", "1e3", "9" * 20])
def test_other_decimals_are_refused(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_decimal("here", text)
    assert caught.value.field == "here"


@pytest.mark.parametrize("text", ["A", "AA", "AA=", "AA==\n", "AB==", "AAA", "AA-_", "A A=", "AAA=AAA=", "===="])
def test_other_base64_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_base64("x", text)


def test_le64_is_little_endian_and_bounded() -> None:
    assert le64(0x0102) == b"\2\1" + bytes(6)
    assert le64(2**64 - 1) == b"\xff" * 8
    for value in (-1, 2**64):
        with pytest.raises(ValueError, match="2\\^64"):
            le64(value)


@pytest.mark.parametrize(
    "text",
    [
        "a\U0001e08f\u0316",
        "a\u0316\U0001e08f",
        "\U000105d2\u0307",
        "\U000105c9",
        "\u0897",
        "e\u0301",
    ],
)
def test_text_whose_normal_form_hangs_on_the_unicode_version_is_not_normal(text: str) -> None:
    """Python 3.11 knows Unicode 14.0, Python 3.13 15.1, a browser 17.0: one record must not get two verdicts."""
    assert not is_normal(text)


@pytest.mark.parametrize("text", ["", "é", "क\u200d्ष", "🫨", "\U0001fae8 ok", "가"])
def test_text_that_every_version_calls_normal_is(text: str) -> None:
    assert is_normal(text)
