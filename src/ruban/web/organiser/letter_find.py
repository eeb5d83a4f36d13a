"""Doors from an organiser's request to a letter's row: a draft, or one that is open."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from ruban.errors import FormatError, Message, Refused
from ruban.primitives.encoding import parse_hex
from ruban.record.commitment import commit_line
from ruban.record.state import Letter
from ruban.web.access import page_for_token
from ruban.web.address import ORGANISER
from ruban.web.letters.models import LetterPage
from ruban.web.site import site

LETTERS = f"{ORGANISER}letters/"


def address_of(page: LetterPage, *parts: str) -> str:
    """An organisers' page of a letter."""
    return LETTERS + "".join(f"{part}/" for part in (page.token, *parts))


def draft_at(token: str) -> tuple[LetterPage, dict[str, Any]]:
    """The draft at a token; NotFound, or Refused if the letter has been opened: its text is frozen."""
    page = page_for_token(token)
    if page.draft is None:
        raise Refused(
            "letter",
            Message("a draft"),
            Message("a letter that has been opened"),
            hint=Message("Its text is frozen. You can publish news, or put another letter in its place."),
        )
    return page, page.draft


def letter_at(token: str) -> tuple[LetterPage, Letter]:
    """The letter of the record at a token; NotFound, or Refused while it is a draft."""
    page = page_for_token(token)
    if page.letter_id is None:
        raise Refused("letter", Message("one that has been opened"), Message("a draft"))
    return page, site().letter(parse_hex("letter", page.letter_id, 32))


def reason_in(typed: str) -> str:
    """The reason for a public act, on one line; FormatError without one."""
    reason = re.sub(r"\s+", " ", unicodedata.normalize("NFC", typed)).strip()
    if not reason:
        raise FormatError("reason", Message("one line, which everybody can read"), Message("nothing"))
    commit_line("reason", reason)
    return reason
