"""Begin the group: one short form, one look at what will be public and what will not, one button."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message
from ruban.record.rules.group import is_loopback
from ruban.service.code_days import usual_last_day
from ruban.service.people_file import ENCODINGS, Preview, preview_people
from ruban.service.people_table import MAX_PEOPLE_BYTES
from ruban.web.address import ORGANISER
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.begin import BeginForm, Plan
from ruban.web.organiser.codes import invite_and_keep
from ruban.web.organiser.holding import holding
from ruban.web.organiser.models import MAX_NAME_CHARACTERS, Organiser
from ruban.web.organiser.pages import show
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
    form = BeginForm({name: str(value) for name, value in request.POST.items()})
    preview = sent_list(request)
    if preview is None:
        form.wrong["people"] = Message("Choose the file with the list.")
    language = phrases(language_of_request(request))["language"]
    plan = form.plan(here.configuration.public_host, language, preview, here.clock())
    if plan is None:
        return form_page(request, me, form, preview, status=400)
    return HttpResponseRedirect(f"{ORGANISER}begin/{holding.keep(request, plan)}/")


@for_organisers("GET", "POST")
def confirm(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """Everything once more, in words; the button begins the record, invites everybody, and leads to the letter."""
    if request.method != "POST":
        plan = holding.find(request, token, Plan)
        return show(request, me, "organiser/begin_confirm.html", {"plan": plan})
    if site().keeper is not None:
        return HttpResponseRedirect(ORGANISER)
    plan = holding.drop(request, token, Plan)
    keeper = site().found(plan.group)
    _name_accounts(me, plan.group.organisers)
    if plan.people:
        invite_and_keep(request, keeper, plan.people, plan.expires)
    site().changes += 1
    return HttpResponseRedirect(AFTERWARDS)


def form_page(
    request: HttpRequest, me: Organiser, form: BeginForm, preview: Preview | None, *, status: int = 200
) -> HttpResponse:
    """The form with what was typed, and what is wrong with it."""
    context = {
        "values": {"until": usual_last_day(site().clock()).isoformat()} | dict(form.values),
        "wrong": form.wrong,
        "preview": preview,
        "more_is_wrong": not form.wrong.keys() <= FIRST_FIELDS,
        "at_once": is_loopback(site().configuration.public_host),
    }
    return show(request, me, "organiser/begin.html", context, status=status)


def sent_list(request: HttpRequest) -> Preview | None:
    """What the file `people` of a form holds; None if none was sent."""
    sent = request.FILES.get("people")
    if sent is None:
        return None
    encoding = request.POST.get("encoding")
    return preview_people(sent.read(MAX_PEOPLE_BYTES + 1), encoding if encoding in ENCODINGS else None)


def _name_accounts(me: Organiser, names: tuple[str, ...]) -> None:
    """Give every organiser whom the record names an account; whoever begins the group is the first of them."""
    with transaction.atomic():
        Organiser.objects.filter(place__isnull=False).exclude(pk=me.pk).update(place=None)
        me.place, me.name = 0, names[0][:MAX_NAME_CHARACTERS]
        me.save()
        for place, name in enumerate(names[1:], 1):
            Organiser.objects.create(place=place, name=name[:MAX_NAME_CHARACTERS])
