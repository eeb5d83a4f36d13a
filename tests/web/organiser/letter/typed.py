"""What an organiser types in these tests."""

from __future__ import annotations

from django.test import Client

from ruban.web.letters.models import LetterPage
from ruban.web.organiser.letter_ready import digest_of

LETTERS = "/organiser/letters/"


def typed(**changes: str) -> dict[str, str]:
    """A form that fits."""
    fields = {
        "lang-0": "en",
        "title-0": "To the board",
        "addressee-0": "The board",
        "demands-0": "Publish the budget.\n\nAnswer us.\n",
        "body-0": "We *ask* you.",
        "way-name": "on",
        "way-unnamed": "on",
    }
    return fields | {name.replace("_", "-") if name[-1].isdigit() else name: text for name, text in changes.items()}


def saved(organiser: Client, **changes: str) -> LetterPage:
    """A draft that has been saved."""
    answer = organiser.post(f"{LETTERS}new/", typed(**changes))
    assert answer.status_code == 302, answer.content.decode()
    return LetterPage.objects.get(token=answer.headers["Location"].split("/")[3])


def opened(organiser: Client, **changes: str) -> LetterPage:
    """A letter that has been opened."""
    page = saved(organiser, **changes)
    answer = organiser.post(f"{LETTERS}{page.token}/open/", {"digest": digest_of(page.draft or {})})
    assert answer.status_code == 302, answer.content.decode()
    page.refresh_from_db()
    return page
