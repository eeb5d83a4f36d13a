"""Open a letter: what will be frozen, once more; then its text and its hash stand in the public record for good.

Where the group asks for two organisers, the first one asks, and the other confirms within a day in a session of their
own; a draft that was changed in between must be asked for again.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message, Refused, RubanError
from ruban.service.open_letter import open_letter
from ruban.web.errors import status_of
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.letter_find import address_of, draft_at
from ruban.web.organiser.letter_ready import ask, asked_places, digest_of, letter_of, outlook
from ruban.web.organiser.letter_settle import settle, settle_drafts
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.letter_page import around
from ruban.web.site import site


@for_organisers("GET", "POST")
def letter_open(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The look at what is frozen, and the button."""
    problem: RubanError | None = None
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_open(token, me, request.POST.get("digest", "")))
        except RubanError as error:
            problem = error
    here = site()
    page, draft = draft_at(token)
    keeper = here.kept
    try:
        with keeper.lock:
            seen = outlook(keeper.state, draft, here.configuration.time_zone, here.clock())
    except Refused as error:
        seen, problem = None, error
    asked = asked_places(draft, here.clock())
    context = around(request, page) | {
        "seen": seen,
        "asked": [one.name for one in Organiser.objects.filter(place__in=asked)],
        "i_asked": me.place in asked,
        "missing": 1 if seen is None else seen.quorum - len({*asked, me.place}),
        "problem": problem,
    }
    status = 200 if problem is None else status_of(problem)
    return show(request, me, "organiser/letter/open_confirm.html", context, status=status)


def _open(token: str, me: Organiser, digest: str) -> str:
    """Open it, or note that one more organiser wants to; where to go on."""
    here = site()
    keeper, (place,) = here.kept, places_of(me)
    # Alone from the look at the draft to its end: of two presses at once only one opens the letter.
    with keeper.lock:
        settle_drafts(here)
        page, draft = draft_at(token)
        now = here.clock()
        if digest != digest_of(draft):
            raise Refused(
                "draft",
                Message("the draft that you looked at"),
                Message("one that has been changed since"),
                hint=Message("Look at it again, then open it."),
            )
        letter = letter_of(draft, here.configuration.time_zone, now)
        wanted = ask(draft, place, now)
        places = asked_places(wanted, now)
        if len(places) < keeper.state.opened.quorum:
            page.draft = wanted
            page.save(update_fields=["draft"])
            return address_of(page, "open") + "?done=asked"
        letter_id = open_letter(keeper, letter, now, by=places)
        settle(page, keeper.state.letters[letter_id])
    here.changes += 1
    # Readers, and the page that comes next, have it once its witnesses do.
    here.cosign()
    return address_of(page) + "?done=opened"
