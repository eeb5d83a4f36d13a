"""The first screen: before the group, the form that begins it; afterwards how it stands; on both, who can see what."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.begin import BeginForm
from ruban.web.organiser.figures import figures
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.begin import form_page
from ruban.web.site import site


@for_organisers("GET")
def home(request: HttpRequest, me: Organiser) -> HttpResponse:
    """The first screen."""
    if site().keeper is None and site().under_review is None:
        return form_page(request, me, BeginForm({}), None)
    return show(request, me, "organiser/home.html", {"figures": figures()})
