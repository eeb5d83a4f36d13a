"""Those entitled: how many have been invited, and more of them to invite."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import FormatError, Message, Refused, RubanError
from ruban.people.file import Preview, preview_people
from ruban.service.code_days import end_of_codes, last_day, usual_last_day
from ruban.service.keeper import Keeper
from ruban.service.take_back import end_all, withdraw_invitation
from ruban.web.address import ORGANISER
from ruban.web.errors import status_of
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.addition import Addition, addition_of
from ruban.web.organiser.codes import invite_and_keep, reissue_and_keep
from ruban.web.organiser.figures import figures
from ruban.web.organiser.holding import holding
from ruban.web.organiser.models import Organiser, StewardShare
from ruban.web.organiser.pages import show
from ruban.web.organiser.sent_list import SentList, sent_list
from ruban.web.organiser.typed import one_line
from ruban.web.site import site


@for_organisers("GET")
def people(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Sums, and the forms for more."""
    return people_page(request, me)


@for_organisers("POST")
def add(request: HttpRequest, me: Organiser) -> HttpResponse:
    """A list, or one person typed in: on to the look at it, or back with what is wrong."""
    kept = sent_list(request)
    preview = kept.preview if kept is not None else None
    if preview is None and (request.POST.get("name") or request.POST.get("identifier")):
        preview = _typed(request.POST.get("name", ""), request.POST.get("identifier", ""), request.POST.get("role", ""))
    if preview is None:
        missing = {"people": Message("Choose the file with the list, or type one person.")}
        return people_page(request, me, wrong=missing, status=400)
    if preview.errors:
        return people_page(request, me, preview=preview, kept=kept, status=400)
    try:
        expires = end_of_codes(request.POST.get("until", _usual_day()).strip(), site().clock())
    except FormatError as error:
        wrong = {"until": Message("expected {expected}", expected=error.expected)}
        return people_page(request, me, preview=preview, kept=kept, wrong=wrong, status=400)
    addition = addition_of(site().kept, preview, expires)
    return HttpResponseRedirect(f"{ORGANISER}people/add/{holding.keep(request, addition)}/")


@for_organisers("GET", "POST")
def confirm_add(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """How the list was read; the button makes the codes."""
    addition = holding.find(request, token, Addition)
    problem: RubanError | None = None
    if request.method == "POST" and addition.fresh:
        try:
            codes = invite_and_keep(request, site().kept, addition.fresh, addition.expires)
        except RubanError as error:
            problem = error
        else:
            holding.drop(request, token, Addition)
            return HttpResponseRedirect(f"{ORGANISER}codes/{codes}/")
    context = {"addition": addition, "problem": problem}
    status = 200 if problem is None else status_of(problem)
    return show(request, me, "organiser/people_confirm.html", context, status=status)


@for_organisers("POST")
def take_back(request: HttpRequest, me: Organiser) -> HttpResponse:
    """A new code in place of one that was lost or seen, or an invitation ended."""
    identifier = one_line(request.POST.get("whose", ""))
    try:
        if request.POST.get("what") == "withdraw":
            withdraw_invitation(site().kept, identifier)
            return HttpResponseRedirect(f"{ORGANISER}people/?done=withdrawn")
        return HttpResponseRedirect(f"{ORGANISER}codes/{reissue_and_keep(request, site().kept, identifier)}/")
    except (FormatError, Refused) as error:
        return people_page(
            request,
            me,
            wrong={"whose": error.hint if isinstance(error.hint, Message) else Message("Missing.")},
            status=status_of(error),
        )


@for_organisers("POST")
def all_until(request: HttpRequest, me: Organiser) -> HttpResponse:
    """Another last day for all codes at once, used or not."""
    try:
        end_all(site().kept, end_of_codes(request.POST.get("all_until", _usual_day()).strip(), site().clock()))
    except FormatError as error:
        wrong = {"all_until": Message("expected {expected}", expected=error.expected)}
        return people_page(request, me, wrong=wrong, status=400)
    return HttpResponseRedirect(f"{ORGANISER}people/?done=until")


def people_page(
    request: HttpRequest,
    me: Organiser,
    *,
    preview: Preview | None = None,
    kept: SentList | None = None,
    wrong: dict[str, Message] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of people, with what is wrong with what was sent."""
    keeper = site().kept
    context = {
        "figures": figures(),
        "preview": preview,
        "kept": kept,
        "wrong": wrong or {},
        "values": {"until": _usual_day(), "all_until": _usual_day()}
        | {name: str(value) for name, value in request.POST.items()},
        "ends": _last_days(keeper),
        "roles": keeper.state.opened.roles,
        "disputed": keeper.state.open_disputes,
        "shares": StewardShare.objects.filter(until__gt=site().clock()).order_by("label"),
    }
    return show(request, me, "organiser/people.html", context, status=status)


def _usual_day() -> str:
    return usual_last_day(site().clock()).isoformat()


def _last_days(keeper: Keeper) -> list[str | None]:
    """The last days of all codes, used or not; None stands for codes without an end."""
    with keeper.lock:
        return [None if end is None else last_day(end).isoformat() for end in keeper.desk.expiries()]


def _typed(*cells: str) -> Preview:
    text = io.StringIO()
    writer = csv.writer(text)
    with_role = bool(cells[2].strip())
    writer.writerow(["name", "identifier", "role"][: 3 if with_role else 2])
    writer.writerow([one_line(cell) for cell in cells[: 3 if with_role else 2]])
    return preview_people(text.getvalue().encode("utf-8"), "UTF-8")
