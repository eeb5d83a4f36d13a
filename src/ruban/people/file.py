"""The list of the entitled, from a CSV to people: read in full, shown with what is wrong, imported only if nothing is.

No I/O. Nothing here prints a person: reprs and findings bear places, never names or identifiers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ruban.errors import Message
from ruban.people.columns import Meaning, read_header
from ruban.people.findings import Code, Finding, Severity, finding
from ruban.people.rows import Person, RowReader, normalised_identifier
from ruban.people.table import (
    ENCODINGS,
    MAX_PEOPLE_BYTES,
    UTF_8,
    Text,
    decode_people,
    detect_delimiter,
    records,
)

__all__ = [
    "ENCODINGS",
    "MAX_PEOPLE",
    "MAX_PEOPLE_BYTES",
    "Code",
    "Finding",
    "Meaning",
    "Person",
    "Preview",
    "Severity",
    "normalised_identifier",
    "preview_people",
]

MAX_PEOPLE = 50_000
MAX_FINDINGS_COUNT = 200
MAX_SAMPLES_COUNT = 5

_SEPARATORS = {",": Message("commas"), ";": Message("semicolons"), "\t": Message("tabs")}
_MEANINGS = {
    Meaning.NAME: Message("name"),
    Meaning.GIVEN: Message("given name"),
    Meaning.FAMILY: Message("family name"),
    Meaning.IDENTIFIER: Message("identifier"),
    Meaning.EMAIL: Message("e-mail address"),
    Meaning.ROLE: Message("role"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What was understood of a list, and what is wrong with it; `people()` gives it only if nothing is."""

    encoding: str | None
    """One of ENCODINGS; None if the file could not be read."""
    encoding_assumed: bool
    """True if the encoding is a guess: then there is an error until the organiser names it."""
    delimiter: str | None
    used: tuple[tuple[int, Meaning], ...]
    """Column number from 1, and what it was understood to hold."""
    count: int
    """Records below the first line, right or wrong."""
    findings: tuple[Finding, ...]
    """In file order; of more than MAX_FINDINGS_COUNT the first, errors before warnings. The next two count all."""
    errors: int
    warnings: int
    ignored: tuple[str, ...] = field(repr=False)
    """Headers of columns that are not used."""
    samples: tuple[str, ...] = field(repr=False)
    """Names with letters beyond ASCII, to judge the encoding by."""
    _people: tuple[Person, ...] = field(repr=False)

    @property
    def assumptions(self) -> tuple[Message, ...]:
        """How the file was read, one sentence each. One shows names, to judge the accents: for organisers' eyes."""
        said: list[Message] = []
        if self.encoding is not None:
            sentence = (
                Message("read as {encoding}, which is a guess", encoding=self.encoding)
                if self.encoding_assumed
                else Message("read as {encoding}", encoding=self.encoding)
            )
            said.append(sentence)
        if self.delimiter is not None:
            said.append(Message("columns separated by {separator}", separator=_SEPARATORS[self.delimiter]))
        said.extend(
            Message("column {column} is the {meaning}", column=number, meaning=_MEANINGS[meaning])
            for number, meaning in self.used
        )
        if self.ignored:
            said.append(Message("{n} columns are not used", n=len(self.ignored)))
        if self.samples and self.encoding != UTF_8:
            said.append(Message("names with accents read: {names}", names=", ".join(self.samples)))
        return tuple(said)

    def people(self) -> tuple[Person, ...]:
        """Everybody on the list, in its order; raises the first error as a FormatError if there is any."""
        for each in self.findings:
            if each.severity is Severity.ERROR:
                raise each.error()
        return self._people


def preview_people(data: bytes, encoding: str | None = None) -> Preview:
    """Everything that can be said of a list of people, never raising for what stands in it.

    `encoding` (one of ENCODINGS) is the organiser's word for how the file is encoded; without it UTF-8 and UTF-16 are
    recognised, and Windows-1252 is assumed for the preview, which is an error until it is confirmed that way.
    """
    text = decode_people(data, encoding)
    if isinstance(text, Finding):
        return _preview(None, None, [text])
    delimiter = detect_delimiter(text.text)
    rows = records(text.text, delimiter)
    found: list[Finding] = []
    first = next(rows, None)
    if first is None:
        return _preview(text, delimiter, [finding(Code.EMPTY_FILE, 1)])
    if isinstance(first, Finding):
        return _preview(text, delimiter, [first])
    header = read_header(first.fields, first.line)
    found.extend(header.findings)
    people: list[Person] = []
    count = 0
    if header.columns is not None:
        reader = RowReader(header.columns)
        for row in rows:
            if count == MAX_PEOPLE:
                found.append(finding(Code.TOO_MANY_ROWS, row.line, most=MAX_PEOPLE))
                break
            count += 1
            if isinstance(row, Finding):
                found.append(row)
                continue
            person, wrong = reader.read(row)
            found.extend(wrong)
            if person is not None:
                people.append(person)
        if not count:
            found.append(finding(Code.HEADER_ONLY, first.line))
    if text.assumed:
        found.insert(0, finding(Code.ENCODING_ASSUMED, 1, encoding=text.encoding))
    return _preview(text, delimiter, found, header.used, header.ignored, count, tuple(people))


def _preview(
    text: Text | None,
    delimiter: str | None,
    found: list[Finding],
    used: tuple[tuple[int, Meaning], ...] = (),
    ignored: tuple[str, ...] = (),
    count: int = 0,
    people: tuple[Person, ...] = (),
) -> Preview:
    found_of = Counter(each.severity for each in found)
    shown = found
    if len(found) > MAX_FINDINGS_COUNT:
        shown = sorted(found, key=lambda each: each.severity is Severity.WARNING)[:MAX_FINDINGS_COUNT]
    accented = [person.name for person in people if not person.name.isascii()]
    return Preview(
        encoding=None if text is None else text.encoding,
        encoding_assumed=text is not None and text.assumed,
        delimiter=delimiter,
        used=used,
        count=count,
        findings=tuple(shown),
        errors=found_of[Severity.ERROR],
        warnings=found_of[Severity.WARNING],
        ignored=ignored,
        samples=tuple(accented[:MAX_SAMPLES_COUNT]),
        _people=people,
    )
