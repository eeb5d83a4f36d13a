"""What the first line of a list of people says: which column is the name, which identifies, which is the role.

Headers are known in English and French, whatever their case, accents, spaces and hyphens.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from ruban.people.findings import Code, Finding, finding


class Meaning(StrEnum):
    """What a column holds."""

    NAME = "name"
    GIVEN = "given name"
    FAMILY = "family name"
    IDENTIFIER = "identifier"
    EMAIL = "email"
    ROLE = "role"


_HEADERS = {
    Meaning.NAME: "name, full name, display name, person, member, employee, "
    "nom, nom complet, nom et prénom, prénom et nom, nom prénom, prénom nom, personne, membre, salarié, salariée",
    Meaning.GIVEN: "given name, given names, first name, forename, prénom, prénoms",
    Meaning.FAMILY: "family name, last name, surname, nom de famille, nom d'usage, patronyme",
    Meaning.IDENTIFIER: "identifier, id, number, personnel number, staff number, employee number, employee id, "
    "staff id, member number, membership number, identifiant, matricule, numéro, n°, numéro de matricule, "
    "numéro d'adhérent, numéro de salarié, numéro de membre",
    Meaning.EMAIL: "email, e-mail, mail, email address, e-mail address, "
    "courriel, adresse courriel, adresse e-mail, adresse email, adresse mail, adresse électronique, mél",
    Meaning.ROLE: "role, service, department, team, unit, division, function, "
    "rôle, département, équipe, unité, fonction, direction, pôle",
}


def _key(header: str) -> str:
    plain = unicodedata.normalize("NFD", header.replace("°", "o")).casefold()
    return re.sub(r"[^a-z0-9]", "", plain)


_MEANINGS = {_key(header): meaning for meaning, text in _HEADERS.items() for header in text.split(", ")}


def meaning_of(header: str) -> Meaning | None:
    """What a column with this header holds; None if the header is not known."""
    return _MEANINGS.get(_key(header))


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where things stand in a record, as indexes from 0; `width` is the number of fields that a record must have."""

    width: int
    name: int | None
    given: int | None
    family: int | None
    identifier: int
    identifier_is_email: bool
    role: int | None

    @property
    def named_at(self) -> int:
        """The number, from 1, of the column where a missing name is reported."""
        for index in (self.name, self.family, self.given):
            if index is not None:
                return index + 1
        raise ValueError("columns without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What was read from the first line: the columns, or None where findings forbid to go on."""

    columns: Columns | None
    findings: tuple[Finding, ...]
    used: tuple[tuple[int, Meaning], ...]
    """Number from 1 and meaning of each column that is used."""
    ignored: tuple[str, ...] = field(repr=False)
    """Headers of the columns that are not: without a header line these would be a person's data, so never printed."""


def read_header(fields: tuple[str, ...], line: int) -> Header:
    """The columns that a first line announces, with what is wrong about them."""
    found: dict[Meaning, int] = {}
    wrong: list[Finding] = []
    for index, text in enumerate(fields):
        meaning = meaning_of(text)
        if meaning is None:
            continue
        if meaning in found:
            wrong.append(finding(Code.DUPLICATE_COLUMN, line, index + 1, other=found[meaning] + 1))
        else:
            found[meaning] = index
    # In French a list headed "nom, prénom" means the family name by "nom".
    if Meaning.GIVEN in found and Meaning.NAME in found and Meaning.FAMILY not in found:
        found[Meaning.FAMILY] = found.pop(Meaning.NAME)
    named = Meaning.NAME in found or (Meaning.GIVEN in found and Meaning.FAMILY in found)
    identified = Meaning.IDENTIFIER in found or Meaning.EMAIL in found
    if not found:
        wrong.append(finding(Code.NO_HEADER, line))
    elif not named:
        wrong.append(finding(Code.NO_NAME_COLUMN, line))
    if found and not identified:
        wrong.append(finding(Code.NO_IDENTIFIER_COLUMN, line))
    if wrong:
        return Header(columns=None, findings=tuple(wrong), used=(), ignored=())
    if Meaning.IDENTIFIER in found and Meaning.EMAIL in found:
        unused = found.pop(Meaning.EMAIL)
        wrong.append(finding(Code.COLUMN_NOT_USED, line, unused + 1, other=found[Meaning.IDENTIFIER] + 1))
    if Meaning.NAME in found:
        found.pop(Meaning.GIVEN, None)
        found.pop(Meaning.FAMILY, None)
    by_email = Meaning.IDENTIFIER not in found
    used = sorted((index + 1, meaning) for meaning, index in found.items())
    numbers = {number for number, _ in used}
    return Header(
        columns=Columns(
            width=len(fields),
            name=found.get(Meaning.NAME),
            given=found.get(Meaning.GIVEN),
            family=found.get(Meaning.FAMILY),
            identifier=found[Meaning.EMAIL if by_email else Meaning.IDENTIFIER],
            identifier_is_email=by_email,
            role=found.get(Meaning.ROLE),
        ),
        findings=tuple(wrong),
        used=tuple(used),
        ignored=tuple(text for number, text in enumerate(fields, 1) if number not in numbers and text.strip()),
    )
