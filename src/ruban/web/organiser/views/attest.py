"""A second party that compares the lists: name it by its key, tell it a number, and publish what it signed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import FormatError, Message, RubanError
from ruban.primitives.encoding import parse_hex
from ruban.record.submission import MAX_SUBMISSION_BYTES
from ruban.service.attest import name_attester, take_attestation
from ruban.web.address import ORGANISER
from ruban.web.errors import status_of
from ruban.web.letters.attested import attested_in
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.typed import one_line
from ruban.web.site import site
from ruban.web.texts import text_of

ATTEST = f"{ORGANISER}people/attest/"


@for_organisers("GET")
def attest(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Who may attest, what they said, and how it is done."""
    return _page(request, me)


@for_organisers("POST")
def new_attester(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Name a second party: an entry of the record, for good."""
    name, typed = one_line(request.POST.get("name", "")), request.POST.get("key", "").strip().lower()
    wrong = {} if name else {"name": Message("Missing.")}
    try:
        key = parse_hex("key", typed, 32)
    except FormatError as error:
        wrong["key"] = Message("expected {expected}", expected=error.expected)
    if wrong:
        return _page(request, me, wrong=wrong, status=400)
    try:
        name_attester(site().kept, key, name, site().clock(), by=places_of(me))
    except RubanError as error:
        return _page(request, me, problem=error, status=status_of(error))
    return HttpResponseRedirect(f"{ATTEST}?done=named")


@for_organisers("POST")
def bring_attestation(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Publish what a second party signed: nobody here can change it."""
    sent = request.FILES.get("attestation")
    if sent is None:
        return _page(request, me, wrong={"attestation": Message("Choose the file that it gave you.")}, status=400)
    try:
        take_attestation(site().kept, sent.read(MAX_SUBMISSION_BYTES + 1), site().clock())
    except RubanError as error:
        return _page(request, me, problem=error, status=status_of(error))
    return HttpResponseRedirect(f"{ATTEST}?done=published")


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
            "parties": [(text_of(keeper, one.name), key.hex()) for key, one in state.attesters.items()],
            "said": attested_in(state, keeper),
            "spent": keeper.store.spent_count(),
            "record": site().addresses().absolute(site().prefix),
            "wrong": wrong or {},
            "problem": problem,
            "values": {name: str(value) for name, value in request.POST.items()},
        }
    return show(request, me, "organiser/attest.html", context, status=status)
