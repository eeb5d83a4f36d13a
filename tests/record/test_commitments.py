"""Openings, claims and short texts: one form each, and nothing secret in what is printed."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import CommitmentInvalid, FormatError
from ruban.record.canonical import encode
from ruban.record.commitment import (
    MAX_LINE_BYTES,
    MAX_NAME_CHARACTERS,
    MAX_PAYLOAD_BYTES,
    Opening,
    claim_payload,
    commit,
    encode_opening,
    parse_claim,
    parse_line,
    parse_opening,
    parse_text,
    verify_opening,
)

SALT = bytes([7]) * 32
OPENING = Opening(SALT, "Été".encode())


def test_a_commitment_is_the_hash_of_purpose_salt_and_payload() -> None:
    assert OPENING.commitment == hashlib.sha256(b"ruban/commit/v1\x00" + SALT + "Été".encode()).digest()


def test_an_opening_opens_its_own_commitment_only() -> None:
    verify_opening(OPENING.commitment, OPENING)
    for other in (Opening(bytes(32), OPENING.payload), Opening(SALT, b"x")):
        with pytest.raises(CommitmentInvalid):
            verify_opening(OPENING.commitment, other)


def test_an_opening_shows_neither_salt_nor_payload() -> None:
    assert repr(OPENING) == "Opening()"


def test_two_commitments_to_one_text_have_nothing_in_common() -> None:
    assert commit("Ada").commitment != commit("Ada").commitment
    assert commit(unicodedata.normalize("NFD", "Été")).payload == "Été".encode()


def test_salt_and_payload_have_their_sizes() -> None:
    Opening(SALT, bytes(MAX_PAYLOAD_BYTES))
    for salt, payload, field in ((SALT[1:], b"", "salt"), (SALT, bytes(MAX_PAYLOAD_BYTES + 1), "payload")):
        with pytest.raises(FormatError) as wrong:
            Opening(salt, payload)
        assert wrong.value.field == field


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_a_line_of_payloads_parses_to_its_opening(salt: bytes, payload: bytes) -> None:
    opening = Opening(salt, payload)
    assert parse_opening(encode_opening(opening)) == opening


LINE = encode_opening(OPENING)


@pytest.mark.parametrize("place", range(0, len(LINE), 3))
def test_a_changed_line_of_payloads_is_refused(place: int) -> None:
    for value in (LINE[place] ^ 1, ord(" "), ord("A")):
        changed = LINE[:place] + bytes([value]) + LINE[place + 1 :]
        with pytest.raises((FormatError, CommitmentInvalid)):
            parse_opening(changed)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        LINE + b" ",
        b" " + LINE,
        LINE.replace(b'"c"', b'"d"'),
        LINE.replace(b"}", b',"x":1}'),
        LINE.replace(b'"payload":"', b'"payload":1,"x":"'),
        LINE.upper(),
        b'{"c":1,"payload":"","salt":""}',
        b'{"c":"","payload":[],"salt":""}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_line_of_payloads_is_refused(line: bytes) -> None:
    with pytest.raises(FormatError):
        parse_opening(line)


def test_a_claim_has_one_form() -> None:
    assert claim_payload("Chloé") == '{"name":"Chloé"}'.encode()
    assert parse_claim(claim_payload("Chloé", "Chef")) == ("Chloé", "Chef")
    assert parse_claim(claim_payload("Chloé")) == ("Chloé", None)


CLAIMS = {
    "white space": b'{"name": "Ada"}',
    "no name": b'{"role":"Chef"}',
    "an address": b'{"address":"x","name":"Ada"}',
    "no role": b'{"name":"Ada","role":null}',
    "an empty name": b'{"name":""}',
    "a name after a space": b'{"name":" Ada"}',
    "a name before a no-break space": '{"name":"Ada\u00a0"}'.encode(),
    "a number": b'{"name":1}',
    "a decomposed name": encode({"name": "Chloé"}).replace("é".encode(), "e\u0301".encode()),
    "an escape sequence": b'{"name":"\x1b[2J"}',
    "201 characters": claim_payload("a" * (MAX_NAME_CHARACTERS + 1)),
    "more than a kilobyte": claim_payload("\U00010000" * 300),
    "a plain name": b"Ada",
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_of_another_form_is_refused_without_showing_it(name: str) -> None:
    with pytest.raises(FormatError) as wrong:
        parse_claim(CLAIMS[name])
    assert "Ada" not in str(wrong.value)
    assert "Chlo" not in str(wrong.value)


@pytest.mark.parametrize("text", ["", "À la direction", "a" * MAX_LINE_BYTES])
def test_a_short_text_is_what_it_says(text: str) -> None:
    assert parse_line("title", text.encode()) == text


@pytest.mark.parametrize(
    "data", [b"\xff", b"\x1b[2J", b"a\nb", b"a\tb", "e\u0301".encode(), b"a" * (MAX_LINE_BYTES + 1)]
)
def test_a_short_text_steers_no_terminal(data: bytes) -> None:
    with pytest.raises(FormatError, match="title"):
        parse_line("title", data)


def test_a_letters_text_has_lines_and_tabs_and_no_other_control_characters() -> None:
    assert parse_text("text", b"Un\r\n\tdeux\n") == "Un\r\n\tdeux\n"
    assert parse_text("text", b"a" * MAX_PAYLOAD_BYTES)
    for data in (b"\x00", b"\x1b[2J", b"\xff", "\u0085".encode(), "e\u0301".encode()):
        with pytest.raises(FormatError, match="text"):
            parse_text("text", data)
