"""The names of a letter as a table, for a spreadsheet: what its public page shows, no more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.people.sheet import sheet
from ruban.web.letters.reading import reading_of
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.letter_find import letter_at
from ruban.web.organiser.models import Organiser
from ruban.web.site import site


@for_organisers("GET")
def letter_names(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Name and role of each signature by name that stands, in the order of the page."""
    page, letter = letter_at(token)
    names = reading_of(site(), letter.letter_id).names
    table = sheet(["name", "role"], ([one.name, one.role or ""] for one in names))
    # With a byte-order mark, without which spreadsheets misread accents.
    answer = HttpResponse("\ufeff" + table, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="names-{page.token[:6]}.csv"'
    return answer
