"""Begin the group: one short form, one look at what will be public and what will not, one button."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message, RubanError
from ruban.record.rules.group import is_loopback
from ruban.service.code_days import usual_last_day
from ruban.service.keeper import Keeper
from ruban.web.address import ORGANISER
from ruban.web.errors import status_of
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.addition import Addition
from ruban.web.organiser.begin import BeginForm, Plan
from ruban.web.organiser.codes import invite_and_keep
from ruban.web.organiser.holding import holding
from ruban.web.organiser.models import MAX_NAME_CHARACTERS, Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.sent_list import FIELD, SentList, kept_list, sent_list
from ruban.web.pages import language_of_request
from ruban.web.site import site
from ruban.web.speech import phrases

FIRST_FIELDS = {"title", "name", "people"}
AFTERWARDS = f"{ORGANISER}letters/new/"


@for_organisers("GET", "POST")
def begin(request: HttpRequest, me: Organiser) -> HttpResponse:
    """The form, again with what is wrong; then on to the look at it all."""
    here = site()
    if request.method != "POST" or here.keeper is not None:
        return HttpResponseRedirect(ORGANISER)
    kept = sent_list(request)
    values = {name: str(value) for name, value in request.POST.items()}
    form = BeginForm(values | ({} if kept is None else {FIELD: kept.token}))
    if kept is None:
        form.wrong["people"] = Message("Choose the file with the list.")
    language = phrases(language_of_request(request))["language"]
    preview = None if kept is None else kept.preview
    plan = form.plan(here.configuration.public_host, language, preview, here.clock())
    if plan is None:
        return form_page(request, me, form, kept, status=400)
    return HttpResponseRedirect(f"{ORGANISER}begin/{holding.keep(request, plan)}/")


@for_organisers("GET")
def begin_again(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The form as it was filled, list and all."""
    typed = holding.find(request, token, Plan).typed
    return form_page(request, me, BeginForm(typed), kept_list(request, typed.get(FIELD, "")))


@for_organisers("GET", "POST")
def confirm(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Everything once more, in words; the button begins the record, invites everybody, and leads to the letter.

    What the record refuses is said on the same page: the form, filled as it was, is one step back.
    """
    here, problem = site(), None
    if request.method == "POST" and here.keeper is not None:
        return HttpResponseRedirect(ORGANISER)
    plan = holding.find(request, token, Plan)
    if request.method == "POST":
        try:
            keeper = here.found(plan.group)
        except RubanError as error:
            if here.keeper is not None:
                # Of two presses at once, the other began it.
                return HttpResponseRedirect(ORGANISER)
            problem = error
        else:
            holding.drop(request, token, Plan)
            _name_accounts(me, plan.group.organisers)
            here.changes += 1
            return HttpResponseRedirect(_invited(request, keeper, plan))
    context = {"plan": plan, "problem": problem, "form": f"{ORGANISER}begin/{token}/form/"}
    status = 200 if problem is None else status_of(problem)
    return show(request, me, "organiser/begin_confirm.html", context, status=status)


def _invited(request: HttpRequest, keeper: Keeper, plan: Plan) -> str:
    """Invite everybody; where it goes on."""
    try:
        if plan.people:
            invite_and_keep(request, keeper, plan.people, plan.expires)
    except RubanError:
        # The group stands. Its list waits behind the button that makes codes, which says what is wrong.
        waiting = Addition(plan.preview, plan.people, 0, plan.expires)
        return f"{ORGANISER}people/add/{holding.keep(request, waiting)}/"
    return AFTERWARDS


def form_page(
    request: HttpRequest, me: Organiser, form: BeginForm, kept: SentList | None, *, status: int = 200
) -> HttpResponse:
    """The form with what was typed, and what is wrong with it."""
    context = {
        "values": {"until": usual_last_day(site().clock()).isoformat()} | dict(form.values),
        "wrong": form.wrong,
        "preview": None if kept is None else kept.preview,
        "kept": kept,
        "more_is_wrong": not form.wrong.keys() <= FIRST_FIELDS,
        "at_once": is_loopback(site().configuration.public_host),
    }
    return show(request, me, "organiser/begin.html", context, status=status)


def _name_accounts(me: Organiser, names: tuple[str, ...]) -> None:
    """Give every organiser whom the record names an account; whoever begins the group is the first of them."""
    with transaction.atomic():
        Organiser.objects.filter(place__isnull=False).exclude(pk=me.pk).update(place=None)
        me.place, me.name = 0, names[0][:MAX_NAME_CHARACTERS]
        me.save()
        for place, name in enumerate(names[1:], 1):
            Organiser.objects.create(place=place, name=name[:MAX_NAME_CHARACTERS])
