"""Report a doubt: what to look at first, and whom to tell. Nothing is sent from here and nothing kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.access import page_for_token
from ruban.web.letters.views.letter import context_of
from ruban.web.middleware import only
from ruban.web.pages import render


@only("GET")
def doubt(request: HttpRequest, token: str) -> HttpResponse:
    """A doubt about a number, a name, or one's own row."""
    return render(request, "letters/doubt.html", context_of(request, page_for_token(token)))
