"""The first screen: what there is to do next, and who can see what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show


@for_organisers("GET")
def home(request: HttpRequest, me: Organiser) -> HttpResponse:
    """The first screen."""
    return show(request, me, "organiser/home.html", {})
