"""Publish news on a letter: written in its languages, looked at, then public for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from ruban.errors import FormatError, Message, RubanError
from ruban.record.commitment import parse_update
from ruban.service.publish_update import publish_update
from ruban.web.errors import status_of
from ruban.web.letters.markdown import markdown_as_html
from ruban.web.letters.reading import reading_of
from ruban.web.organiser.access import for_organisers, places_of
from ruban.web.organiser.letter_find import address_of, letter_at
from ruban.web.organiser.models import Organiser
from ruban.web.organiser.pages import show
from ruban.web.organiser.views.letter_page import around
from ruban.web.pages import language_of_request
from ruban.web.site import site


@for_organisers("GET", "POST")
def letter_update(request: HttpRequest, me: Organiser, token: str) -> HttpResponse:
    """The form; sent once it shows the news as readers will see them, sent from there it publishes them."""
    here = site()
    page, letter = letter_at(token)
    reading = reading_of(here, letter.letter_id)
    values = {name: str(value).replace("\r\n", "\n") for name, value in request.POST.items()}
    texts: dict[str, str] = {}
    problem: RubanError | None = None
    if request.method == "POST":
        try:
            by = places_of(me)
            texts = _texts([one.lang for one in reading.versions], values)
            if "publish" in values:
                publish_update(here.kept, letter, texts, here.clock(), by=by)
                here.changes += 1
                return HttpResponseRedirect(address_of(page) + "?done=published")
        except RubanError as error:
            problem = error
    context = around(request, page) | {
        "reading": reading,
        "own": reading.version(language_of_request(request)),
        "values": values,
        "preview": [] if problem else [(lang, markdown_as_html(text)) for lang, text in texts.items()],
        "problem": problem,
    }
    status = 200 if problem is None else status_of(problem)
    return show(request, me, "organiser/letter/update.html", context, status=status)


def _texts(languages: list[str], values: dict[str, str]) -> dict[str, str]:
    texts = {lang: text for lang in languages if (text := values.get(f"text-{lang}", "").strip())}
    if not texts:
        raise FormatError("update", Message("a text"), Message("nothing"))
    for text in texts.values():
        parse_update("update", text.encode("utf-8", "replace"))
    return texts
