"""The page on which a member enrols: the same bytes for everybody. The code stays in the browser until it is spent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.middleware import only
from ruban.web.pages import render
from ruban.web.site import site


@only("GET")
def enrol(request: HttpRequest) -> HttpResponse:
    """How to enrol, what it shows to whom, and the steps that the script goes through."""
    opened = site().kept.state.opened
    return render(request, "enrolment/enrol.html", {"base": site().prefix, "entitled": opened.electorate})
