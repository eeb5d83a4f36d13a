"""The organisers: links for those who have none, helpers, passkeys; and the number of the entitled."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message, Refused, RubanError
from ruban.service.correct_electorate import correct_electorate
from ruban.web.address import ORGANISER
from ruban.web.errors import NotFound, status_of
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.links import link_for
from ruban.web.organiser.models import MAX_NAME_CHARACTERS, Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.passkeys import registration_options
from ruban.web.organiser.typed import one_line, whole_number
from ruban.web.site import site

SETTINGS = f"{ORGANISER}settings/"


@for_organisers("GET")
def settings(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Everybody who may sign in, and what may be changed."""
    return _page(request, me)


@for_organisers("POST")
def new_helper(request: HttpRequest, me: Organiser) -> HttpResponse:
    """An account for a colleague whom the record does not name, with its link."""
    name = one_line(request.POST.get("name", ""))[:MAX_NAME_CHARACTERS]
    if not name:
        return _page(request, me, wrong={"name": Message("Missing.")}, status=400)
    helper = Organiser.objects.create(name=name)
    return _page(request, me, link=_absolute(link_for(helper, site().clock())), whose=helper)


@for_organisers("POST")
def make_link(request: HttpRequest, me: Organiser, key: str) -> HttpResponse:
    """A fresh link for somebody; those made before stay good until one of them is used, or they are old."""
    organiser = _one(key)
    if not may_let_in(me, organiser):
        raise Refused(
            "organiser",
            Message("somebody whom you may let in"),
            Message("another organiser"),
            hint=Message(
                "You would then be two with one pair of hands. On the server: ruban organiser link --place {place}",
                place=(organiser.place or 0) + 1,
            ),
        )
    return _page(request, me, link=_absolute(link_for(organiser, site().clock())), whose=organiser)


@for_organisers("POST")
def remove_helper(request: HttpRequest, me: Organiser, key: str) -> HttpResponse:
    """Let a helper in no more. Refused for an organiser whom the record names: they stay one."""
    helper = _one(key)
    if helper.place is not None or helper == me:
        raise Refused("organiser", Message("a helper"), Message("an organiser whom the record names"))
    helper.delete()
    return HttpResponseRedirect(f"{SETTINGS}?done=removed")


@for_organisers("POST")
def electorate(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Correct how many are entitled: an entry of the record, with its day and source."""
    sent = {name: request.POST.get(name, "").strip() for name in ("entitled", "date", "source")}
    number = whole_number(sent["entitled"])
    if number is None:
        return _page(request, me, wrong={"entitled": Message("a whole number")}, status=400)
    try:
        correct_electorate(site().kept, number, sent["date"], sent["source"], site().clock(), by=places_of(me))
    except RubanError as error:
        return _page(request, me, problem=error, status=status_of(error))
    return HttpResponseRedirect(f"{SETTINGS}?done=electorate")


def may_let_in(me: Organiser, other: Organiser) -> bool:
    """Whether one may make a link for the other, and so be them: where it takes two, only the operator makes it."""
    if other.place is None or other == me:
        return True
    return me.place is not None and site().kept.state.opened.quorum == 1


def _page(
    request: HttpRequest,
    me: Organiser,
    *,
    wrong: dict[str, Message] | None = None,
    problem: RubanError | None = None,
    link: str | None = None,
    whose: Organiser | None = None,
    status: int = 200,
) -> HttpResponse:
    group = site().kept.state.opened
    context = {
        "organisers": Organiser.objects.order_by("place", "pk"),
        "group": group,
        "lets_in": {one.pk for one in Organiser.objects.all() if may_let_in(me, one)},
        "values": {name: str(value) for name, value in request.POST.items()},
        "wrong": wrong or {},
        "problem": problem,
        "link": link,
        "passkey_options": registration_options(request, me),
        "whose": whose,
    }
    return show(request, me, "organiser/settings.html", context, status=status)


def _one(key: str) -> Organiser:
    found = Organiser.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("organiser", Message("one who may sign in"), Message("nobody"))
    return found


def _absolute(path: str) -> str:
    return site().configuration.public_address + path
