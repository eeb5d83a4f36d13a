"""How an organiser's page is rendered: with its navigation, and the language they chose kept for the next one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from ruban.errors import Message, RubanError
from ruban.language import LANGUAGES, say
from ruban.web.address import ORGANISER
from ruban.web.organiser.codes import Codes
from ruban.web.organiser.holding import holding
from ruban.web.organiser.models import Organiser
from ruban.web.pages import LANGUAGE_COOKIE, language_of_request, render
from ruban.web.sentences import hint_of, sentence_of
from ruban.web.site import site
from ruban.web.speech import phrases

LANGUAGE_SECONDS = 365 * 86_400


def show(
    request: HttpRequest, me: Organiser | None, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page `template`, which extends organiser/base.html; `me` is None where nobody is signed in yet.

    `done` in the address (`?done=sent`) is there for templates to say what has just been done.
    """
    here = site()
    language = phrases(language_of_request(request))["language"]

    def said(message: Message) -> str:
        return say(language, message)

    def refused(error: RubanError) -> str:
        return f"{sentence_of(language, error)}. {hint_of(language, error) or ''}".rstrip()

    around = {
        "me": me,
        "begun": here.keeper is not None,
        "done": request.GET.get("done", ""),
        "here": request.path,
        "say": said,
        "refused": refused,
        "Markup": Markup,
        "codes_waiting": holding.waiting(request, Codes) if me else [],
    }
    response = render(request, template, around | context, status=status)
    chosen = request.GET.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=LANGUAGE_SECONDS,
            path=ORGANISER,
            httponly=True,
            samesite="Strict",
            secure=here.configuration.secure,
        )
    return response
