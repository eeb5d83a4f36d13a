"""Codes that have just been made: as cards, as a table, and how to forget them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.web.address import ORGANISER
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.cards import cards_pdf
from ruban.web.organiser.codes import Codes, codes_as_csv
from ruban.web.organiser.holding import holding
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.site import site


@for_organisers("GET")
def codes(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """What can be done with them, and until when."""
    found = holding.find(request, token, Codes)
    until = next((until for one, until, _ in holding.waiting(request, Codes) if one == token), site().clock())
    return show(request, me, "organiser/codes.html", {"codes": found, "token": token, "until": until})


@for_organisers("GET")
def cards(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """A PDF to print and cut apart."""
    found = holding.find(request, token, Codes)
    return _download(cards_pdf(found, site().group_title or ""), "application/pdf", "codes.pdf")


@for_organisers("GET")
def table(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """A table for a spreadsheet or a mail merge."""
    return _download(codes_as_csv(holding.find(request, token, Codes)), "text/csv; charset=utf-8", "codes.csv")


@for_organisers("POST")
def forget(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Let nobody have them any more."""
    holding.drop(request, token, Codes)
    return HttpResponseRedirect(f"{ORGANISER}people/?done=forgotten")


def _download(body: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
