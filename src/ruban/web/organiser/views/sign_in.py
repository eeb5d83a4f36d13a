"""Signing out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.web.middleware import only
from ruban.web.organiser.access import SIGN_IN, sign_out
from ruban.web.organiser.holding import holding


@only("POST")
def leave(request: HttpRequest) -> HttpResponse:
    """End the session, and forget what it left to be fetched."""
    holding.forget(request)
    sign_out(request)
    return HttpResponseRedirect(SIGN_IN)
