"""Codes that have just been made, as the organiser's browser finds them again for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from ruban.people.file import Person
from ruban.people.sheet import sheet
from ruban.service.code_days import usual_end
from ruban.service.codes import code_words, parse_code
from ruban.service.invite import Invited, invite
from ruban.service.keeper import Keeper
from ruban.service.take_back import reissue
from ruban.web.organiser.holding import holding
from ruban.web.site import site

WORD_LISTS = {"en": "english", "fr": "french"}


@dataclass(frozen=True, slots=True)
class Codes:
    """Invitations, each with its code."""

    invited: tuple[Invited, ...] = field(repr=False)

    @property
    def count(self) -> int:
        """How many."""
        return len(self.invited)


def invite_and_keep(request: HttpRequest, keeper: Keeper, people: tuple[Person, ...], expires: int | None) -> str:
    """Invite `people`, with their codes kept for this session before any is valid. Returns the token of the codes."""
    return _keep(request, lambda hand_out: invite(keeper, people, hand_out, expires=expires))


def reissue_and_keep(request: HttpRequest, keeper: Keeper, identifier: str) -> str:
    """A new code for one person, kept for this session before the old one ends. Returns the token of the codes."""
    expires = usual_end(site().clock())
    return _keep(request, lambda hand_out: reissue(keeper, identifier, hand_out, expires=expires))


def _keep(request: HttpRequest, make: Callable[[Callable[[Sequence[Invited]], None]], object]) -> str:
    """Keep what `make` hands out; if it fails afterwards, the codes are none, and nobody finds them here."""
    kept: list[str] = []
    try:
        make(lambda invited: kept.append(holding.keep(request, Codes(tuple(invited)))))
    except Exception:
        for token in kept:
            holding.drop(request, token, Codes)
        raise
    return kept[0]


def enrol_link(code: str) -> str:
    """The address at which a code is used: in the fragment, which browsers send to no server."""
    addresses = site().addresses()
    return f"{addresses.absolute(addresses.page('enrol'))}#{code}"


def words_of(code: str, language: str) -> str:
    """The six words of a code."""
    return code_words(parse_code(code), WORD_LISTS[language])


def codes_as_csv(codes: Codes) -> bytes:
    """Name, identifier, code, its words in both languages, and link: as `ruban roll invite`, and more."""
    rows = (
        [
            *(one.person.name, one.person.identifier, one.code),
            *(words_of(one.code, "en"), words_of(one.code, "fr"), enrol_link(one.code)),
        ]
        for one in codes.invited
    )
    return sheet(["name", "identifier", "code", "words", "mots", "link"], rows).encode("utf-8-sig")
