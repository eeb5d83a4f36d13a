"""Close a letter early, extend it once, cancel it, or put another in its place: for a reason that everybody reads."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import FormatError, Message, RubanError
from ruban.primitives.encoding import parse_hex
from ruban.service.change_letter import change_letter
from ruban.service.letter_time import parse_moment
from ruban.web.errors import status_of
from ruban.web.letters.reading import reading_of
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.letter_find import address_of, letter_at, reason_in
from ruban.web.organiser.letter_wishes import Change, wishes
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.letter_page import around
from ruban.web.pages import language_of_request
from ruban.web.site import site

ACTIONS = ("close", "extend", "cancel", "supersede")


@for_organisers("GET", "POST")
def letter_change(request: HttpRequest, me: Organiser, token: str, action: str) -> HttpResponse:
    """What the change does, the reason, and the button."""
    page, letter = letter_at(token)
    here, problem = site(), None
    if request.method == "POST":
        try:
            done = _change(request, me, token, action)
            return HttpResponseRedirect(address_of(page, *done[:-1]) + f"?done={done[-1]}")
        except RubanError as error:
            problem = error
    keeper = here.kept
    with keeper.lock:
        wish = wishes.of(letter.letter_id, here.clock())
        others = [one for one in reversed(keeper.shown.letters) if one != letter.letter_id]
        quorum = keeper.state.opened.quorum
    if wish is not None and wish.change.action != action:
        wish = None
    reading = reading_of(here, letter.letter_id)
    language = language_of_request(request)
    context = around(request, page) | {
        "action": action,
        "reading": reading,
        "own": reading.version(language),
        "others": [(one.hex(), reading_of(here, one).version(language).title) for one in others],
        "values": {name: str(value) for name, value in request.POST.items()} or _wished(wish.change if wish else None),
        "wish": wish,
        "i_asked": wish is not None and me.place in wish.places,
        "quorum": quorum,
        "problem": problem,
        "wrong": {},
    }
    status = 200 if problem is None else status_of(problem)
    return show(request, me, "organiser/letter/change.html", context, status=status)


def _change(request: HttpRequest, me: Organiser, token: str, action: str) -> tuple[str, ...]:
    """Do it, or note that one more organiser wants it; the way on, and what is said there."""
    here = site()
    keeper, (place,) = here.kept, places_of(me)
    with keeper.lock:
        _, letter = letter_at(token)
        change, now = _asked(request, action), here.clock()
        wish = wishes.add(letter.letter_id, change, place, now)
        if len(wish.places) < keeper.state.opened.quorum:
            return ("change", action, "asked")
        try:
            change_letter(
                keeper,
                letter,
                action,
                change.reason,
                now,
                closing=change.closing,
                successor=change.successor,
                by=sorted(wish.places),
            )
        finally:
            wishes.drop(letter.letter_id)
    here.changes += 1
    return ("changed",)


def _asked(request: HttpRequest, action: str) -> Change:
    reason = reason_in(request.POST.get("reason", ""))
    closing, successor = None, None
    if action == "extend":
        text = f"{request.POST.get('closing', '').replace('T', ' ')} {site().configuration.time_zone}"
        closing = parse_moment("closing", text, site().clock())
    if action == "supersede":
        try:
            successor = parse_hex("letter", request.POST.get("successor", ""), 32)
        except ValueError:
            successor = b""
        if len(successor) != 32:
            raise FormatError("successor", Message("one of the letters of this group"), Message("none"))
    return Change(action=action, reason=reason, closing=closing, successor=successor)


def _wished(change: Change | None) -> dict[str, str]:
    """The fields as the first organiser filled them, so that the second confirms the same."""
    if change is None:
        return {}
    found = {"reason": change.reason}
    if change.closing is not None:
        zone = ZoneInfo(site().configuration.time_zone)
        found["closing"] = datetime.fromtimestamp(change.closing, zone).strftime("%Y-%m-%dT%H:%M")
    if change.successor is not None:
        found["successor"] = change.successor.hex()
    return found
