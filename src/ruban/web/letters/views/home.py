"""The front of a server, and the page of its group: the letters that were made public, and how to take part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.web.access import public_pages
from ruban.web.address import ORGANISER
from ruban.web.middleware import only
from ruban.web.pages import render
from ruban.web.site import site


@only("GET")
def front(request: HttpRequest) -> HttpResponse:
    """Leads to the group's page, or to where one is begun."""
    here = site()
    if here.keeper is None and here.under_review is None:
        return HttpResponseRedirect(ORGANISER)
    if here.under_review is None and here.prefix:
        return HttpResponseRedirect(here.addresses().page())
    return group(request)


@only("GET")
def group(request: HttpRequest) -> HttpResponse:
    """The group's page."""
    return render(request, "letters/group.html", {"pages": public_pages()})
