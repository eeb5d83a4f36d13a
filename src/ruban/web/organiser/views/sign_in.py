"""Where one signs in with a passkey or is told how to get a link, and signs out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.web.middleware import only
from ruban.web.organiser.access import SIGN_IN, sign_out
from ruban.web.organiser.holding import holding
from ruban.web.organiser.pages import show


@only("GET")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: it says nothing about who is an organiser."""
    return show(request, None, "organiser/sign_in.html", {})


@only("POST")
def leave(request: HttpRequest) -> HttpResponse:
    """End the session."""
    holding.forget(request)
    sign_out(request)
    return HttpResponseRedirect(SIGN_IN)
