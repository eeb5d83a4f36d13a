"""The few doors from a request to a private row; views use no other."""

from __future__ import annotations

from ruban.errors import Message
from ruban.web.errors import NotFound
from ruban.web.letters.models import LetterPage


def page_for_token(token: str) -> LetterPage:
    """The letter at an address; NotFound, the same for a wrong address and one that never was."""
    found = LetterPage.objects.filter(token=token).first()
    if found is None:
        raise NotFound("letter", Message("one at this address"), Message("none"))
    return found


def page_for_letter(letter_id: bytes) -> LetterPage:
    """The address of a letter that is open; one is made if it was opened on the command line."""
    found, _ = LetterPage.objects.get_or_create(letter_id=letter_id.hex())
    return found


def public_pages() -> list[LetterPage]:
    """The letters that the organisers have made public, in the order of their addresses, which says nothing."""
    return list(LetterPage.objects.filter(public=True, letter_id__isnull=False))
