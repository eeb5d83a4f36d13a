"""A one-time link: opening it does nothing, so that a mail scanner uses nothing up; pressing its button signs in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Refused
from ruban.web.address import ORGANISER
from ruban.web.middleware import only
from ruban.web.organiser.access import sign_in, slow_down
from ruban.web.organiser.links import use_link
from ruban.web.organiser.pages import show
from ruban.web.pages import language_of_request
from ruban.web.sentences import hint_of
from ruban.web.site import site
from ruban.web.speech import phrases


@only("GET", "POST")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The button, the same whether the link is good or not; and what it does."""
    if request.method != "POST":
        return show(request, None, "organiser/link.html", {"hint": None})
    slow_down(request)
    try:
        organiser = use_link(token, site().clock())
    except Refused as refused:
        language = phrases(language_of_request(request))["language"]
        return show(request, None, "organiser/link.html", {"hint": hint_of(language, refused)}, status=409)
    sign_in(request, organiser)
    return HttpResponseRedirect(ORGANISER)
