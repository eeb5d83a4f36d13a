"""What a field of an entry may hold. One description serves the check and the documentation (spec/record.md, 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ruban.errors import FormatError, Message
from ruban.primitives.encoding import parse_hex
from ruban.record.canonical import MAX_INTEGER


class Type(Protocol):
    """A set of JSON values."""

    def check(self, field: str, value: Any) -> None:
        """Accept only a value of this type; FormatError that names `field` otherwise."""

    @property
    def words(self) -> str:
        """The type in words, for the specification."""


@dataclass(frozen=True, slots=True)
class Hex:
    """Bytes as lower-case hexadecimal: `size` bytes, or 1 to `most`."""

    size: int | None = None
    most: int = 0

    def check(self, field: str, value: Any) -> None:
        if not isinstance(value, str):
            raise FormatError(field, Message("a string of hexadecimal digits"), type(value).__name__)
        data = parse_hex(field, value, self.size)
        if self.size is None and not 1 <= len(data) <= self.most:
            raise FormatError(field, Message("1 to {n} bytes", n=self.most), Message("{n} bytes", n=len(data)))

    @property
    def words(self) -> str:
        return f"hex, {self.size} bytes" if self.size is not None else f"hex, 1 to {self.most} bytes"


@dataclass(frozen=True, slots=True)
class Int:
    """An integer between two bounds, both included."""

    least: int = 0
    most: int = MAX_INTEGER

    def check(self, field: str, value: Any) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise FormatError(field, Message("an integer"), type(value).__name__)
        if not self.least <= value <= self.most:
            raise FormatError(field, Message("{low} to {high}", low=self.least, high=self.most), str(value))

    @property
    def words(self) -> str:
        return f"integer, {self.least} to {'2^53 − 1' if self.most == MAX_INTEGER else self.most}"


@dataclass(frozen=True, slots=True)
class Text:
    """A string of 1 to `most` UTF-8 bytes, matching `pattern` whole if there is one."""

    most: int
    pattern: str | None = None

    def check(self, field: str, value: Any) -> None:
        if not isinstance(value, str):
            raise FormatError(field, Message("a string"), type(value).__name__)
        size = len(value.encode("utf-8"))
        if not 1 <= size <= self.most:
            raise FormatError(field, Message("1 to {n} bytes of text", n=self.most), str(size))
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            raise FormatError(field, Message("text of the form {pattern}", pattern=self.pattern), repr(value[:80]))

    @property
    def words(self) -> str:
        form = "" if self.pattern is None else f", of the form `{self.pattern}`"
        return f"text, at most {self.most} bytes{form}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some strings."""

    options: tuple[str, ...]

    def check(self, field: str, value: Any) -> None:
        if value not in self.options or not isinstance(value, str):
            raise FormatError(field, Message("one of {options}", options=", ".join(self.options)), repr(value)[:60])

    @property
    def words(self) -> str:
        return "one of " + ", ".join(f"`{option}`" for option in self.options)


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, field: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise FormatError(field, Message("true or false"), type(value).__name__)

    @property
    def words(self) -> str:
        return "true or false"


@dataclass(frozen=True, slots=True)
class Nullable:
    """Null, or a value of another type."""

    of: Type

    def check(self, field: str, value: Any) -> None:
        if value is not None:
            self.of.check(field, value)

    @property
    def words(self) -> str:
        return f"null, or {self.of.words}"


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array of `least` to `most` values of one type; `unique` where none may stand twice."""

    of: Type
    least: int
    most: int
    unique: bool = False

    def check(self, field: str, value: Any) -> None:
        if not isinstance(value, list):
            raise FormatError(field, Message("an array"), type(value).__name__)
        if not self.least <= len(value) <= self.most:
            raise FormatError(field, Message("{low} to {high} items", low=self.least, high=self.most), str(len(value)))
        for i, item in enumerate(value):
            self.of.check(f"{field}[{i}]", item)
        if self.unique and len(set(value)) != len(value):
            raise FormatError(field, Message("every item once"), Message("one that stands twice"))

    @property
    def words(self) -> str:
        return f"array of {self.least} to {self.most}{', each once' if self.unique else ''}: {self.of.words}"


@dataclass(frozen=True, slots=True)
class Object:
    """An object with exactly these keys, but for those in `optional`."""

    fields: Mapping[str, tuple[Type, str]]
    optional: frozenset[str] = frozenset()

    def check(self, field: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise FormatError(field, Message("an object"), type(value).__name__)
        prefix = f"{field}." if field else ""
        for key in value:
            if key not in self.fields:
                raise FormatError(f"{prefix}{key}", Message("no such field"), Message("one"))
        for key, (kind, _) in self.fields.items():
            if key in value:
                kind.check(f"{prefix}{key}", value[key])
            elif key not in self.optional:
                raise FormatError(f"{prefix}{key}", Message("a value"), Message("none"))

    @property
    def words(self) -> str:
        parts = (f"`{key}`: {kind.words} ({meaning})" for key, (kind, meaning) in self.fields.items())
        return "object of " + "; ".join(parts)
