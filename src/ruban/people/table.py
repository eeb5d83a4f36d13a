"""Bytes of a CSV to records: which encoding, which separator, which fields; time and memory linear in the bytes.

Written here rather than with the csv module, which gives up at its first error and names no line of an open quotation
mark. Reads what csv.writer writes (RFC 4180), with comma, semicolon or tab.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ruban.people.columns import meaning_of
from ruban.people.findings import Code, Finding, finding

MAX_PEOPLE_BYTES = 16 * 1024 * 1024
MAX_LINE_BYTES = 8192

UTF_8 = "UTF-8"
UTF_16 = "UTF-16"
WINDOWS_1252 = "Windows-1252"
ENCODINGS = (UTF_8, UTF_16, WINDOWS_1252)
DELIMITERS = (",", ";", "\t")

_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\n")
# Possessive, so that an open quotation mark costs one pass and no more.
_QUOTED = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
_CONTENT = re.compile(r'[^\s,;"]')
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Decoded text, all of whose lines end in a line feed alone; `assumed` if the encoding is a guess."""

    text: str
    encoding: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one record, and the line (from 1) where it starts."""

    line: int
    fields: tuple[str, ...]


def decode_people(data: bytes, encoding: str | None) -> Text | Finding:
    """The text of a file within bounds; `encoding` is what the organiser says it is, None to find out.

    Windows-1252 is the only guess, made where bytes are not UTF-8. ValueError for an encoding not in ENCODINGS.
    """
    if encoding is not None and encoding not in ENCODINGS:
        raise ValueError("an encoding of ENCODINGS")
    if len(data) > MAX_PEOPLE_BYTES:
        return finding(Code.FILE_TOO_LARGE, 1, most=MAX_PEOPLE_BYTES, n=len(data))
    two_bytes = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    two_bytes = two_bytes or encoding == UTF_16
    if not two_bytes and b"\0" in data:
        return finding(Code.BINARY_FILE, 1 + data.count(b"\n", 0, data.index(b"\0")))
    tried = [encoding] if encoding else [UTF_16] if two_bytes else [UTF_8, WINDOWS_1252]
    for name in tried:
        try:
            text = data.decode({UTF_8: "utf-8-sig", UTF_16: "utf-16", WINDOWS_1252: "cp1252"}[name])
        except UnicodeDecodeError as error:
            line = 1 + data.count(b"\n", 0, error.start)
            continue
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return _bounded(Text(text=text, encoding=name, assumed=encoding is None and name == WINDOWS_1252))
    return finding(Code.NOT_THIS_ENCODING, line, encoding=encoding or (UTF_16 if two_bytes else UTF_8))


def _bounded(text: Text) -> Text | Finding:
    if "\0" in text.text:
        return finding(Code.BINARY_FILE, 1 + text.text.count("\n", 0, text.text.index("\0")))
    if not _CONTENT.search(text.text):
        return finding(Code.EMPTY_FILE, 1)
    for match in _LINE.finditer(text.text):
        length = match.end() - match.start()
        if length > MAX_LINE_BYTES or (
            4 * length > MAX_LINE_BYTES and len(match.group().encode("utf-8")) > MAX_LINE_BYTES
        ):
            return finding(Code.LINE_TOO_LONG, 1 + text.text.count("\n", 0, match.start()), most=MAX_LINE_BYTES)
    return text


def detect_delimiter(text: str) -> str:
    """The separator that makes the most known headers of the first record, then the most fields; else a comma."""
    said = _SEPARATOR_LINE.match(text)
    if said:
        return said[1]

    def score(delimiter: str) -> tuple[int, int]:
        first = next(records(text, delimiter), None)
        if not isinstance(first, Record):
            return 0, 0
        return sum(meaning_of(field) is not None for field in first.fields), len(first.fields)

    return max(DELIMITERS, key=score)


def records(text: str, delimiter: str) -> Iterator[Record | Finding]:
    """Each record that is not blank, or what is wrong with it. After an open quotation mark nothing follows."""
    said = _SEPARATOR_LINE.match(text)
    position, line = (said.end(), 2) if said else (0, 1)
    plain = re.compile(rf"[^\n{delimiter}]*")
    while position < len(text):
        start_line, fields, fault = line, list[str](), None
        while True:
            if text.startswith('"', position):
                quoted = _QUOTED.match(text, position)
                if quoted is None:
                    yield finding(Code.UNCLOSED_QUOTE, start_line, len(fields) + 1)
                    return
                line += quoted[1].count("\n")
                fields.append(quoted[1].replace('""', '"'))
                position = quoted.end()
                if not text.startswith((delimiter, "\n"), position) and position < len(text):
                    fault = fault or finding(Code.TEXT_AFTER_QUOTE, start_line, len(fields))
                    position = _end_of(plain, text, position)
            else:
                end = _end_of(plain, text, position)
                fields.append(text[position:end])
                position = end
            if not text.startswith(delimiter, position):
                break
            position += 1
        position += 1
        line += 1
        if fault:
            yield fault
        elif any(field.strip() for field in fields):
            yield Record(start_line, tuple(fields))


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
