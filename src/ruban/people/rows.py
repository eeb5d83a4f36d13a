"""A record to a person: each cell cleaned and judged, each person once."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from ruban.errors import FormatError, Message
from ruban.people.columns import Columns
from ruban.people.findings import Code, Finding, Severity, finding
from ruban.people.sheet import as_written
from ruban.people.table import Record
from ruban.proof.ring import MAX_ROLE_BYTES
from ruban.record.commitment import MAX_NAME_CHARACTERS
from ruban.record.kinds import MAX_ROLES

MAX_IDENTIFIER_BYTES = 254
MAX_EMAIL_LOCAL_BYTES = 64

# Zero-width joiner and non-joiner belong to how some names are written; every other invisible sign does not.
_JOINERS = "\u200c\u200d"
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
_SPACES = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# What é, à, ’ and such become when UTF-8 is read as Windows-1252, and what is left of a letter that was lost.
_DAMAGED = re.compile(
    "\ufffd|[ÃÂ][\u0080-\u009f\u00a1-\u00bf\u0192\u0152\u0153\u0160\u0161\u017d\u017e\u02c6\u2013-\u2122]|â€"
)
_EMAIL = re.compile(
    r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*"
    r"@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?\Z"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the entitled. Only `line` is printed."""

    line: int
    name: str = field(repr=False)
    """NFC, single spaces, 1 to MAX_NAME_CHARACTERS."""
    identifier: str = field(repr=False)
    """E-mail address or personnel number as it stands in the list, trimmed, NFC, at most MAX_IDENTIFIER_BYTES."""
    role: str | None = field(repr=False)
    """NFC, at most MAX_ROLE_BYTES, without `#`."""


def normalised_identifier(text: str) -> bytes:
    """The one form of an identifier that decides whether two are the same person: trimmed, case-folded, NFC, UTF-8.

    This is what the group key hashes into `spent(h)`. A run of spaces of any width counts as one space; an address
    with a plus sign is another address. Raises FormatError if it is empty, longer than MAX_IDENTIFIER_BYTES, or has an
    invisible character.
    """
    # The canonical caseless match of the Unicode Standard (D145) folds decomposed text; the second round
    # makes the form a fixed point, since folding may give what folds again once it is decomposed.
    folded = text
    for _ in range(2):
        folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", folded).casefold())
    folded = unicodedata.normalize("NFC", _clean(folded))
    if not folded:
        raise FormatError("identifier", Message("an e-mail address or identifier"), Message("nothing"))
    if _invisible(folded) is not None:
        raise FormatError("identifier", Message("visible characters"), Message("an invisible one"))
    data = folded.encode("utf-8")
    if len(data) > MAX_IDENTIFIER_BYTES:
        raise FormatError(
            "identifier", Message("at most {n} bytes", n=MAX_IDENTIFIER_BYTES), Message("{n} bytes", n=len(data))
        )
    return data


def _clean(cell: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", cell)).strip()


def _invisible(text: str, allowed: str = "") -> str | None:
    if text.isascii() and text.isprintable():
        return None
    for character in text:
        if character not in allowed and unicodedata.category(character) in _INVISIBLE:
            return f"U+{ord(character):04X}"
    return None


class RowReader:
    """Reads the records of one list in their order, and remembers what it has seen, to find what comes twice."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._identifiers: dict[bytes, int] = {}
        self._names: dict[str, int] = {}
        self._roles: set[str] = set()

    def read(self, record: Record) -> tuple[Person | None, list[Finding]]:
        """The person of this record, None if there is an error, and every finding about it."""
        width, fields = self._columns.width, record.fields
        if len(fields) < width or any(cell.strip() for cell in fields[width:]):
            return None, [finding(Code.WRONG_COLUMNS, record.line, columns=width, n=len(fields))]
        # A table of ours that comes back bears an apostrophe before +33612345678: it is the same person.
        record = replace(record, fields=tuple(map(as_written, fields)))
        wrong: list[Finding] = []
        name = self._name(record, wrong)
        identifier = self._identifier(record, wrong)
        role = self._role(record, wrong)
        if any(each.severity is Severity.ERROR for each in wrong):
            return None, wrong
        return Person(line=record.line, name=name, identifier=identifier, role=role), wrong

    def _name(self, record: Record, wrong: list[Finding]) -> str:
        columns, place = self._columns, (record.line, self._columns.named_at)
        indexes = [columns.name] if columns.name is not None else [columns.given, columns.family]
        cells = [record.fields[index] for index in indexes if index is not None]
        name = _clean(" ".join(_clean(cell) for cell in cells))
        if not name:
            wrong.append(finding(Code.MISSING_NAME, *place))
            return ""
        faults = _text_faults(name, " ".join(cells), place, _JOINERS)
        if len(name) > MAX_NAME_CHARACTERS:
            faults.append(finding(Code.TOO_LONG, *place, most=MAX_NAME_CHARACTERS, n=len(name), unit=_CHARACTERS))
        elif name[0] in "=+" or "@" in name or not any(unicodedata.category(each)[0] == "L" for each in name):
            faults.append(finding(Code.BAD_NAME, *place))
        wrong.extend(faults)
        if not faults:
            first = self._names.setdefault(name.casefold(), record.line)
            if first != record.line:
                wrong.append(finding(Code.DUPLICATE_NAME, *place, other=first))
        return name

    def _identifier(self, record: Record, wrong: list[Finding]) -> str:
        place = (record.line, self._columns.identifier + 1)
        identifier = _clean(record.fields[self._columns.identifier])
        size = len(identifier.encode("utf-8", "surrogatepass"))
        if not identifier:
            wrong.append(finding(Code.MISSING_IDENTIFIER, *place))
        elif size > MAX_IDENTIFIER_BYTES:
            wrong.append(finding(Code.TOO_LONG, *place, most=MAX_IDENTIFIER_BYTES, n=size, unit=_BYTES))
        elif faults := _text_faults(identifier, identifier, place):
            wrong.extend(faults)
        elif (self._columns.identifier_is_email or "@" in identifier) and not _is_email(identifier):
            wrong.append(finding(Code.BAD_EMAIL, *place))
        else:
            try:
                key = normalised_identifier(identifier)
            except FormatError:
                # Case folding lengthens some letters, so what was short enough may no longer be.
                wrong.append(finding(Code.TOO_LONG, *place, most=MAX_IDENTIFIER_BYTES, n=size, unit=_BYTES))
                return identifier
            first = self._identifiers.setdefault(key, record.line)
            if first != record.line:
                wrong.append(finding(Code.DUPLICATE_IDENTIFIER, *place, other=first))
        return identifier

    def _role(self, record: Record, wrong: list[Finding]) -> str | None:
        if self._columns.role is None:
            return None
        place = (record.line, self._columns.role + 1)
        role = _clean(record.fields[self._columns.role])
        if not role:
            return None
        faults = _text_faults(role, record.fields[self._columns.role], place)
        size = len(role.encode("utf-8", "surrogatepass"))
        if size > MAX_ROLE_BYTES:
            faults.append(finding(Code.TOO_LONG, *place, most=MAX_ROLE_BYTES, n=size, unit=_BYTES))
        elif "#" in role:
            # The selector of a ring writes the block of a role after this sign.
            faults.append(finding(Code.BAD_ROLE, *place))
        if not faults and role not in self._roles:
            if len(self._roles) == MAX_ROLES:
                faults.append(finding(Code.TOO_MANY_ROLES, *place, most=MAX_ROLES))
            else:
                self._roles.add(role)
        wrong.extend(faults)
        return role


_CHARACTERS = Message("characters")
_BYTES = Message("bytes")


def _text_faults(text: str, raw: str, place: tuple[int, int], allowed: str = "") -> list[Finding]:
    if _DAMAGED.search(raw):
        return [finding(Code.DAMAGED_TEXT, *place)]
    character = _invisible(text, allowed)
    return [] if character is None else [finding(Code.CONTROL_CHARACTER, *place, character=character)]


def _is_email(text: str) -> bool:
    return bool(_EMAIL.match(text)) and len(text.partition("@")[0].encode("utf-8")) <= MAX_EMAIL_LOCAL_BYTES
