"""The front of a server, and the page of its group: the letters that were made public, and how to take part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.language import translator
from ruban.primitives.encoding import parse_hex
from ruban.web.access import public_pages
from ruban.web.address import ORGANISER
from ruban.web.letters.reading import phase_of, reading_of
from ruban.web.letters.words import phases_in
from ruban.web.middleware import only
from ruban.web.pages import language_of_request, render
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
    here = site()
    opened = here.kept.state.opened
    language = language_of_request(request)
    listed = []
    for page in public_pages():
        letter_id = parse_hex("letter", page.letter_id or "", 32)
        if not here.is_published(letter_id):
            continue
        reading = reading_of(here, letter_id)
        listed.append((page, reading, reading.version(language), phase_of(here, letter_id)))
    return render(
        request,
        "letters/group.html",
        {
            # By title, an order that says nothing.
            "letters": sorted(listed, key=lambda one: one[2].title or ""),
            "phases": phases_in(translator(language)),
            "enrolled": here.snapshot("rows", b"", lambda state, keeper: len(state.roll.rows)),
            "entitled": opened.electorate,
        },
    )
