"""All letters of the group: drafts first, then those in the record, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from ruban.record.phase import Phase, letter_phase
from ruban.record.state import State
from ruban.record.tally import tally
from ruban.service.keeper import Keeper
from ruban.web.access import page_for_letter
from ruban.web.letters.models import LetterPage
from ruban.web.letters.words import phases_in
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.pages import language_of_request
from ruban.web.site import site
from ruban.web.speech import phrases
from ruban.web.texts import text_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter of the record, in a list."""

    page: LetterPage
    title: str | None
    phase: Phase
    signed: int
    entitled: int


@for_organisers("GET")
def letter_list(request: HttpRequest, me: Organiser) -> HttpResponse:
    """The list, or what to do when there is none."""
    here = site()
    language = phrases(language_of_request(request))["language"]
    rows = here.snapshot("organiser-letters", b"", lambda _, keeper: _rows(keeper.state, keeper))
    now = here.clock()
    opened = [
        Opened(page_for_letter(letter_id), title, _phase(letter_id, now), signed, entitled)
        for letter_id, title, signed, entitled in rows
    ]
    context = {
        "drafts": list(LetterPage.objects.filter(letter_id__isnull=True, draft__isnull=False)),
        "opened": opened,
        "phases": phases_in(language),
    }
    return show(request, me, "organiser/letter/list.html", context)


def _rows(state: State, keeper: Keeper) -> tuple[tuple[bytes, str | None, int, int], ...]:
    found = []
    for letter in reversed(state.letters.values()):
        counts = tally(state, letter)
        found.append((letter.letter_id, text_of(keeper, letter.texts[0].title), counts.signed, counts.entitled))
    return tuple(found)


def _phase(letter_id: bytes, now: int) -> Phase:
    keeper = site().kept
    with keeper.lock:
        return letter_phase(keeper.state, keeper.state.letters[letter_id], now)
