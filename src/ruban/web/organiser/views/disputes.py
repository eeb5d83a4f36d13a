"""What those say whose codes were used by others: how many, and how each was settled."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import FormatError, Message, RubanError
from ruban.primitives.encoding import parse_hex
from ruban.service.dispute import ID_BYTES, settle_dispute
from ruban.web.address import ORGANISER
from ruban.web.errors import status_of
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.typed import one_line
from ruban.web.site import site
from ruban.web.texts import text_of

DISPUTES = f"{ORGANISER}people/disputes/"


@for_organisers("GET")
def disputes(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Open ones, each with a form; settled ones with their reasons."""
    return _page(request, me)


@for_organisers("POST")
def settle(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Close one, for a reason that everybody reads."""
    reason = one_line(request.POST.get("reason", ""))
    if not reason:
        return _page(request, me, wrong={"reason": Message("Missing.")}, status=400)
    try:
        key = parse_hex("id", request.POST.get("id", ""), ID_BYTES)
        settle_dispute(site().kept, key, reason, site().clock(), by=places_of(me))
    except (FormatError, RubanError) as error:
        return _page(request, me, problem=error, status=status_of(error))
    return HttpResponseRedirect(f"{DISPUTES}?done=settled")


def _page(
    request: HttpRequest,
    me: Organiser,
    *,
    wrong: dict[str, Message] | None = None,
    problem: RubanError | None = None,
    status: int = 200,
) -> HttpResponse:
    keeper = site().kept
    with keeper.lock:
        state = keeper.state
        context = {
            "open": [(one.at, one.key.hex()) for one in state.disputes.values() if one.settled is None],
            "settled": [(one.at, text_of(keeper, one.reason)) for one in reversed(state.settlements)],
            "wrong": wrong or {},
            "problem": problem,
            "values": {name: str(value) for name, value in request.POST.items()},
        }
    return show(request, me, "organiser/disputes.html", context, status=status)
