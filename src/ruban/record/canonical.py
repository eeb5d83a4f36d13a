"""Strict JSON, and the restricted RFC 8785 form in which an entry is hashed and served (spec/record.md, 1).

`parse_canonical` accepts only what `encode` would give back byte for byte. `parse_strict` reads other people's JSON
(vectors, submissions, settings) with the same values but any white space.
"""

from __future__ import annotations

import json
import re
from typing import Any

from ruban.errors import FormatError, Message
from ruban.primitives.encoding import is_normal

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 4
"""Objects and arrays nested in an entry, the outermost included."""
MAX_INTEGER_CHARACTERS = 17

_KEY = re.compile(r"[a-z][a-z0-9_]{0,23}\Z")
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def encode(value: Any) -> bytes:
    """The only bytes of `value`: keys sorted, no white space, UTF-8. ValueError if no entry can hold it."""
    try:
        _check_value("value", value, MAX_DEPTH, keys=True)
    except FormatError as wrong:
        raise ValueError(str(wrong)) from None
    return _dump(value)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode("utf-8")


def parse_canonical(field: str, data: bytes, max_bytes: int) -> dict[str, Any]:
    """The object that `data` encodes; FormatError unless it is at most `max_bytes` and re-encodes to the same bytes."""
    value = parse_strict(field, data, max_bytes=max_bytes, max_depth=MAX_DEPTH, keys=True)
    if not isinstance(value, dict):
        raise FormatError(field, Message("a JSON object"), Message("another value"))
    if _dump(value) != data:
        raise FormatError(field, Message("canonical JSON (keys sorted, no white space, no needless escape)"))
    return value


def parse_strict(field: str, data: bytes, *, max_bytes: int, max_depth: int, keys: bool = False) -> Any:
    """The value of JSON `data` in UTF-8: no duplicate key, float, NaN, huge integer or lone surrogate; FormatError.

    With `keys`, the strings and keys must also be those an entry may hold.
    """
    if len(data) > max_bytes:
        raise FormatError(field, Message("at most {n} bytes", n=max_bytes), Message("{n} bytes", n=len(data)))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise FormatError(field, Message("UTF-8"), Message("other bytes at offset {n}", n=wrong.start)) from None

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            raise FormatError(field, Message("every key once in an object"), Message("a key that stands twice"))
        return result

    def integer(digits: str) -> int:
        if len(digits) > MAX_INTEGER_CHARACTERS:
            raise FormatError(field, Message("integers within ±(2^53 − 1)"), Message("a larger one"))
        return int(digits)

    def no_float(digits: str) -> Any:
        raise FormatError(field, Message("integers only"), Message("a number that is no integer"))

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_int=integer, parse_float=no_float, parse_constant=no_float
        )
    except json.JSONDecodeError as wrong:
        raise FormatError(field, "JSON", Message("an error at offset {n}", n=wrong.pos)) from None
    except RecursionError:
        raise FormatError(field, Message("at most {n} levels of nesting", n=max_depth), Message("more")) from None
    _check_value(field, value, max_depth, keys=keys)
    return value


def _check_value(field: str, value: Any, depth: int, *, keys: bool) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise FormatError(field, Message("integers within ±(2^53 − 1)"), Message("a larger one"))
    elif isinstance(value, str):
        if keys:
            check_text(field, value)
        elif any("\ud800" <= c <= "\udfff" for c in value):
            raise FormatError(field, Message("text without lone surrogates"), Message("one"))
    elif isinstance(value, list | dict):
        if depth == 0:
            raise FormatError(field, Message("at most {n} levels of nesting", n=MAX_DEPTH), Message("more"))
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str) or (keys and not _KEY.match(key)):
                    raise FormatError(field, Message("keys of a–z, 0–9 and _, at most 24 characters"), repr(key)[:60])
            value = list(value.values())
        for item in value:
            _check_value(field, item, depth - 1, keys=keys)
    else:
        raise FormatError(field, Message("a JSON value"), type(value).__name__)


def check_text(field: str, text: str) -> None:
    """Accept only NFC text without control characters and surrogates; FormatError otherwise."""
    if _FORBIDDEN.search(text):
        raise FormatError(field, Message("text without control characters or surrogates"), Message("one"))
    if not is_normal(text):
        raise FormatError(field, Message("text in Unicode normal form C"), Message("another form"))
