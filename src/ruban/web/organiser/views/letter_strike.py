"""Hide a name or a comment for abuse, for a reason that everybody reads; or erase it at the wish of who gave it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import FormatError, Message, RubanError
from ruban.primitives.encoding import parse_hex
from ruban.record.commitment import parse_claim
from ruban.record.shown import shown_comments, shown_names
from ruban.record.state import State
from ruban.service.erase import erase
from ruban.service.keeper import Keeper
from ruban.service.strike import strike
from ruban.web.errors import status_of
from ruban.web.letters.reading import reading_of, sort_key
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.letter_find import address_of, letter_at, reason_in
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.letter_page import around
from ruban.web.pages import language_of_request
from ruban.web.site import Site, site

SHOWN_FINDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A name or comment that can be hidden."""

    commitment: str
    text: str = field(repr=False)
    is_comment: bool


@for_organisers("GET", "POST")
def letter_strike(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The search, what it found, and the form that hides it."""
    here = site()
    page, letter = letter_at(token)
    chosen = request.POST.getlist("hide")
    problem: RubanError | None = None
    if request.method == "POST":
        try:
            wished = "wish" in request.POST
            places = places_of(me)
            if wished:
                erase(here.kept, _chosen_of(here, letter.letter_id, chosen))
            else:
                reason = reason_in(request.POST.get("reason", ""))
                strike(here.kept, letter, _chosen(chosen), reason, here.clock(), by=places)
            here.changes += 1
            return HttpResponseRedirect(address_of(page) + ("?done=erased" if wished else "?done=struck"))
        except RubanError as error:
            problem = error
    sought = (request.POST.get("q") or request.GET.get("q", "")).strip()[:200]
    reading = reading_of(here, letter.letter_id)
    key = sort_key(sought)
    everything = here.snapshot(
        "strikable", letter.letter_id, lambda state, keeper: _everything(state, keeper, letter.letter_id)
    )
    found = [one for one in everything if key and key in sort_key(one.text)]
    context = around(request, page) | {
        "reading": reading,
        "own": reading.version(language_of_request(request)),
        "sought": sought,
        "found": found[:SHOWN_FINDS],
        "more": max(0, len(found) - SHOWN_FINDS),
        "chosen": chosen,
        "reason": request.POST.get("reason", ""),
        "problem": problem,
    }
    status = 200 if problem is None else status_of(problem)
    return show(request, me, "organiser/letter/strike.html", context, status=status)


def _chosen_of(here: Site, letter_id: bytes, sent: list[str]) -> list[bytes]:
    """The chosen ones, which must be names and comments of this letter: an erasure may name anything of the record."""
    chosen = _chosen(sent)
    if not set(chosen) <= here.kept.state.given(here.letter(letter_id), withdrawn=True):
        raise FormatError("names", Message("names and comments of this letter"), Message("others"))
    return chosen


def _chosen(sent: list[str]) -> list[bytes]:
    chosen = [parse_hex("names", one, 32) for one in sent]
    if not chosen:
        raise FormatError("names", Message("at least one that is ticked"), Message("none"))
    return chosen


def _everything(state: State, keeper: Keeper, letter_id: bytes) -> tuple[Find, ...]:
    letter, found = state.letters[letter_id], []
    for _, claim in shown_names(state, letter):
        if (opening := keeper.store.opening(claim)) is not None:
            name, role = parse_claim(opening.payload)
            text = name if role is None else f"{name}, {role}"
            found.append(Find(commitment=claim.hex(), text=text, is_comment=False))
    for _, comment in shown_comments(state, letter):
        if (opening := keeper.store.opening(comment)) is not None:
            found.append(Find(commitment=comment.hex(), text=opening.payload.decode("utf-8"), is_comment=True))
    # Sorted: the order of the record would tell who signed before whom.
    return tuple(sorted(found, key=lambda one: sort_key(one.text)))
