"""Write a letter: a new draft, or an old one again; typed into the form, or read from a letter file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import Message, RubanError
from ruban.record.kinds import MAX_DEMANDS, MAX_LANGUAGES
from ruban.service.letter_file import MAX_LETTER_BYTES, parse_letter
from ruban.web.letters.models import LetterPage
from ruban.web.organiser.access import for_organisers
from ruban.web.organiser.letter_find import LETTERS, address_of, draft_at
from ruban.web.organiser.letter_form import TIMES, LetterForm, demands_in, draft_of_file, empty_values, values_of
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.letter_try import KEY
from ruban.web.pages import language_of_request
from ruban.web.site import site

MORE_DEMANDS = "more-demands"
"""The button that only asks for one more field; it saves nothing."""
MORE_LANGUAGES = 2
"""Empty places for further texts, beside those that a letter has."""


@for_organisers("GET", "POST")
def letter_new(request: HttpRequest, me: Organiser) -> HttpResponse:
    """The empty form; what is sent becomes a draft that nobody but the organisers can see."""
    if request.method != "POST":
        return _form(request, me, LetterForm(empty_values(language_of_request(request))))
    return _save(request, me, LetterPage())


@for_organisers("GET", "POST")
def letter_edit(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The form of a draft."""
    page, draft = draft_at(token)
    if request.method != "POST":
        return _form(request, me, LetterForm(values_of(draft, site().configuration.time_zone)), page)
    return _save(request, me, page)


@for_organisers("POST")
def letter_load(request: HttpRequest, me: Organiser) -> HttpResponse:
    """A letter file: what it holds becomes a new draft; an error says the line."""
    here, sent = site(), request.FILES.get("letter")
    problem: RubanError | None = None
    if sent is not None:
        try:
            letter = parse_letter(sent.read(MAX_LETTER_BYTES + 1), here.clock())
        except RubanError as error:
            problem = error
        else:
            page = LetterPage.objects.create(draft=draft_of_file(letter))
            return HttpResponseRedirect(address_of(page) + "?done=saved")
    form = LetterForm(empty_values(language_of_request(request)))
    if sent is None:
        form.wrong["letter"] = Message("Choose the file with the letter.")
    return _form(request, me, form, problem=problem, status=400)


def _save(request: HttpRequest, me: Organiser, page: LetterPage) -> HttpResponse:
    here = site()
    # Each demand has a field; several have the same name.
    form = LetterForm({name: "\n".join(map(str, request.POST.getlist(name))) for name in request.POST})
    if MORE_DEMANDS in request.POST:
        return _form(request, me, form, page)
    draft = form.draft(here.configuration.time_zone, here.clock())
    if draft is None:
        return _form(request, me, form, page, status=400)
    with here.kept.lock:
        # Whoever opened it meanwhile has frozen it: nothing may turn a letter of the record back into a draft.
        if LetterPage.objects.filter(token=page.token).exclude(letter_id=None).exists():
            draft_at(page.token)
        new = page.draft is None
        # The rehearsal goes on with the changed text; who asked to open the old one must ask again.
        page.draft = draft | {name: kept for name, kept in (page.draft or {}).items() if name == KEY}
        page.save()
        may_open = new and here.kept.state.roll.newest_epoch is not None
    here.changes += 1
    # The page that opens a letter shows all of it: who writes one when people have enrolled needs no screen between.
    return HttpResponseRedirect(address_of(page) + ("open/?done=saved" if may_open else "?done=saved"))


def _form(
    request: HttpRequest,
    me: Organiser,
    form: LetterForm,
    page: LetterPage | None = None,
    *,
    problem: RubanError | None = None,
    status: int = 200,
) -> HttpResponse:
    written = [n for n in range(1, MAX_LANGUAGES) if any(v and k.endswith(f"-{n}") for k, v in form.values.items())]
    places = range(1, min(MAX_LANGUAGES, max([0, *written]) + 1 + MORE_LANGUAGES))
    fewest = max(1, len(demands_in(form.values.get("demands-0", ""))))
    first = {f"{part}-0" for part in ("lang", "title", "addressee", "demands", "body")} | {"closing", "letter"}
    context = {
        "values": form.values,
        "wrong": form.wrong,
        "problem": problem,
        "page": page if page is not None and page.draft is not None else None,
        "places": list(places),
        "demands": {n: _demand_fields(request, form, n, fewest) for n in (0, *places)},
        "most_demands": MAX_DEMANDS,
        "more_demands": request.POST.get(MORE_DEMANDS),
        "written": written,
        "zone": site().configuration.time_zone,
        "more_is_wrong": not form.wrong.keys() <= first,
        "times_set": any(form.values.get(name) for name in TIMES if name != "closing"),
        "roles": site().kept.state.opened.roles,
        "load": f"{LETTERS}load/",
    }
    return show(request, me, "organiser/letter/edit.html", context, status=status)


def _demand_fields(request: HttpRequest, form: LetterForm, n: int, fewest: int) -> list[str]:
    """What the fields for a text's demands hold: as many as the first text has, and one more if it was asked for."""
    typed = demands_in(form.values.get(f"demands-{n}", ""))
    more = 1 if request.POST.get(MORE_DEMANDS) == str(n) else 0
    return [*typed, *[""] * max(more, fewest - len(typed))][:MAX_DEMANDS]
