"""The names of a letter as a table, for a spreadsheet: what its public page shows, no more."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse

from ruban.web.letters.reading import reading_of
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.letter_find import letter_at
from ruban.web.organiser.models import Organiser
from ruban.web.site import site

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@for_organisers("GET")
def letter_names(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Name and role of each signature by name that stands, in the order of the page."""
    page, letter = letter_at(token)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("name", "role"))
    for one in reading_of(site(), letter.letter_id).names:
        table.writerow((_harmless(one.name), _harmless(one.role or "")))
    # With a byte-order mark, without which spreadsheets misread accents.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="names-{page.token[:6]}.csv"'
    return answer


def _harmless(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula: names come from a list that somebody else wrote."""
    return f"'{text}" if text.startswith(_FORMULA) else text
