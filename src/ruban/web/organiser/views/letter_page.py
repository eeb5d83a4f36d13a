"""An organisers' page of one letter: a draft as its readers will see it, or how an open one stands and what can be
done with it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message
from ruban.language import Language, say, translator
from ruban.primitives.encoding import parse_hex
from ruban.record.phase import Phase
from ruban.web.access import page_for_token
from ruban.web.errors import NotFound
from ruban.web.letters.draft import draft_version
from ruban.web.letters.models import LetterPage
from ruban.web.letters.reading import phase_of, reading_of
from ruban.web.letters.views.letter import local_time
from ruban.web.letters.words import phases_in
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.cards import qr_svg
from ruban.web.organiser.figures import figures
from ruban.web.organiser.letter_find import LETTERS, address_of, draft_at
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.letter_try import rehearsal_address
from ruban.web.pages import language_of_request
from ruban.web.site import site


@for_organisers("GET")
def letter_page(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The page, whichever state the letter is in."""
    page = page_for_token(token)
    if page.letter_id is None and page.draft is None:
        raise NotFound("letter", Message("one at this address"), Message("none"))
    context = around(request, page)
    if page.letter_id is None:
        more = {"figures": figures(), "rehearsal": rehearsal_address(page)}
        return show(request, me, "organiser/letter/draft.html", context | more)
    letter_id = parse_hex("letter", page.letter_id, 32)
    language = language_of_request(request)
    reading = reading_of(site(), letter_id)
    phase = phase_of(site(), letter_id)
    context |= {
        "reading": reading,
        "own": reading.version(language),
        "phase": phase,
        "phases": phases_in(translator(language)),
        "share": share_address(page),
        "deeds": _deeds(translator(language), phase, reading.extended),
    }
    return show(request, me, "organiser/letter/open.html", context)


@for_organisers("GET")
def letter_qr(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The letter's address as a picture that a phone reads."""
    page = page_for_token(token)
    return HttpResponse(qr_svg(share_address(page)), content_type="image/svg+xml")


@for_organisers("POST")
def letter_announce(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Let whoever has the link read the draft while people enrol, or take that back."""
    page, _ = draft_at(token)
    places_of(me)
    page.announced = "yes" in request.POST
    page.save(update_fields=["announced"])
    site().changes += 1
    return HttpResponseRedirect(address_of(page) + ("?done=announced" if page.announced else "?done=hidden"))


@for_organisers("POST")
def letter_public(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """List the letter on the group's page, or take it off the list; its address stays the same."""
    page = page_for_token(token)
    if page.letter_id is None:
        raise NotFound("letter", Message("one that has been opened"), Message("a draft"))
    # What everybody sees is for those whom the record names.
    places_of(me)
    page.public = "yes" in request.POST
    page.save(update_fields=["public"])
    site().changes += 1
    return HttpResponseRedirect(address_of(page) + ("?done=public" if page.public else "?done=unlisted"))


@for_organisers("GET", "POST")
def letter_delete(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Delete a draft, asked once more before: nothing of it has been in the record."""
    page, _ = draft_at(token)
    if request.method != "POST":
        return show(request, me, "organiser/letter/delete.html", around(request, page))
    with site().kept.lock:
        # Whoever opened it meanwhile has given it to the record.
        draft_at(token)
        page.delete()
    site().changes += 1
    return HttpResponseRedirect(f"{LETTERS}?done=deleted")


def around(request: HttpRequest, page: LetterPage) -> dict[str, Any]:
    """What the pages of a letter have in common: where they are, its draft in each language, times told locally."""
    language: Language = translator(language_of_request(request))
    zone = ZoneInfo(site().configuration.time_zone)
    versions = [draft_version({"texts": [text]}, text["lang"]) for text in page.draft["texts"]] if page.draft else []
    return {
        "page": page,
        "draft": page.draft,
        "versions": versions,
        "address": address_of(page),
        "zone": zone.key,
        "local": lambda seconds: local_time(language, seconds, zone),
    }


def _deeds(language: Language, phase: Phase, extended: bool) -> list[tuple[str, str]]:
    """What can still be done, and where."""
    found = [("update", Message("Publish news")), ("strike", Message("Hide or erase a name or a comment"))]
    if not phase.over:
        found.append(("change/close", Message("Close it early")))
        if not extended:
            found.append(("change/extend", Message("Close it later (once)")))
        found.append(("change/cancel", Message("Cancel it")))
        found.append(("change/supersede", Message("Put another letter in its place")))
    return [(route, say(language, message)) for route, message in found]


def share_address(page: LetterPage) -> str:
    """The whole address that is passed on, the same in every language."""
    at = site().addresses()
    return at.absolute(at.letter(page.token))
