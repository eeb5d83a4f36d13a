"""Canonical JSON: what is accepted re-encodes to the same bytes; what is not is refused as such, never with a crash."""

from __future__ import annotations

import contextlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import FormatError
from ruban.primitives.encoding import is_normal
from ruban.record.canonical import MAX_DEPTH, MAX_INTEGER, encode, parse_canonical, parse_strict

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,23}", fullmatch=True)
CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
TEXT = st.text(CHARACTERS, max_size=20).map(lambda text: unicodedata.normalize("NFC", text)).filter(is_normal)
LEAVES = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT
LEVEL_2 = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(KEYS, LEAVES, max_size=3)
OBJECTS = st.dictionaries(KEYS, LEVEL_2 | st.lists(LEVEL_2, max_size=3), max_size=4)
LIMIT = 8192


def parse(data: bytes) -> dict[str, Any]:
    return parse_canonical("entry", data, LIMIT)


@settings(max_examples=200, deadline=None)
@given(OBJECTS)
def test_what_is_encoded_parses_to_the_same_value(value: dict[str, Any]) -> None:
    data = encode(value)
    if len(data) <= LIMIT:
        assert parse(data) == value
        assert encode(parse(data)) == data


@settings(max_examples=200, deadline=None)
@given(OBJECTS)
def test_the_encoding_is_that_of_rfc_8785(value: dict[str, Any]) -> None:
    """Sorted by UTF-16 units, no white space, escapes of quote and backslash only: here keys are ASCII."""
    assert encode(value).decode() == _rfc_8785(value)


def _rfc_8785(value: Any) -> str:
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_rfc_8785(key)}:{_rfc_8785(item)}" for key, item in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_rfc_8785, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return {None: "null", True: "true", False: "false"}.get(value, str(value)) if not _number(value) else str(value)


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


@settings(max_examples=300, deadline=None)
@given(OBJECTS, st.data())
def test_accepted_bytes_are_the_only_encoding_of_their_value(value: dict[str, Any], data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 1))] = data.draw(st.binary(max_size=2))
    try:
        parsed = parse(bytes(raw))
    except FormatError:
        return
    assert encode(parsed) == bytes(raw)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_the_parser_crash(data: bytes) -> None:
    for strict in (False, True):
        with contextlib.suppress(FormatError):
            parse_strict("x", data, max_bytes=100, max_depth=4, keys=strict)


REFUSED = {
    "white space": b'{"a": 1}',
    "a line feed at the end": b'{"a":1}\n',
    "keys out of order": b'{"b":1,"a":1}',
    "a key twice": b'{"a":1,"a":1}',
    "a key twice, once escaped": b'{"a":1,"\\u0061":1}',
    "an upper-case key": b'{"A":1}',
    "a key of 25 characters": b'{"a' + b"b" * 24 + b'":1}',
    "an empty key": b'{"":1}',
    "a float": b'{"a":1.0}',
    "an exponent": b'{"a":1e2}',
    "minus zero": b'{"a":-0}',
    "a leading zero": b'{"a":01}',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":-Infinity}',
    "2^53": b'{"a":9007199254740992}',
    "-2^53": b'{"a":-9007199254740992}',
    "an integer of 5,000 digits": b'{"a":' + b"9" * 5000 + b"}",
    "a needless escape": b'{"a":"\\u0062"}',
    "an escaped slash": b'{"a":"\\/"}',
    "an escaped line feed": b'{"a":"\\n"}',
    "a raw control character": b'{"a":"\x01"}',
    "DEL": b'{"a":"\x7f"}',
    "a C1 control character": '{"a":"\u0085"}'.encode(),
    "a lone surrogate": b'{"a":"\\ud800"}',
    "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
    "an escaped pair": b'{"a":"\\ud83d\\ude00"}',
    "a decomposed letter": '{"a":"e\u0301"}'.encode(),
    "bytes that are no UTF-8": b'{"a":"\xff"}',
    "an overlong slash": b'{"a":"\xc0\xaf"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a comma too many": b'{"a":1,}',
    "single quotes": b"{'a':1}",
    "two values": b"{}{}",
    "nothing": b"",
    "an array": b"[]",
    "a string": b'"a"',
    "a number": b"1",
    "five levels": b'{"a":[[[[]]]]}',
    "ten thousand levels": b"[" * 8000,
    "one byte too many": b'{"a":"' + b"b" * (LIMIT - 7) + b'"}',
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_canonical_is_refused(name: str) -> None:
    with pytest.raises(FormatError) as wrong:
        parse(REFUSED[name])
    assert wrong.value.field == "entry"


ACCEPTED = [
    b"{}",
    b'{"a":[[[]]]}',
    b'{"a":9007199254740991}',
    '{"a":"é 😀"}'.encode(),
    b'{"a":"' + b"b" * (LIMIT - 8) + b'"}',
]


@pytest.mark.parametrize("data", ACCEPTED, ids=lambda data: data[:20])
def test_what_lies_just_inside_the_limits_is_accepted(data: bytes) -> None:
    assert encode(parse(data)) == data
    assert json.loads(data) == parse(data)


@pytest.mark.parametrize(
    "value", [{"a": 1.0}, {"a": "\x00"}, {"A": 1}, {"a": 2**53}, {"a": b""}, {1: 1}, {"a": ["e\u0301"]}]
)
def test_what_no_entry_can_hold_is_not_encoded(value: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        encode(value)


def test_the_depth_is_that_of_the_specification() -> None:
    assert MAX_DEPTH == 4
