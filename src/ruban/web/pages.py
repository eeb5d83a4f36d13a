"""Rendering: one Jinja2 environment, escaped by default, whose templates speak the reader's language."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from markupsafe import Markup

from ruban.errors import IntakePaused, RubanError
from ruban.language import LANGUAGES, Language, date_in_words, instant_in_words, number, percent
from ruban.web.address import ORGANISER, Addresses
from ruban.web.errors import status_of
from ruban.web.headers import HTML
from ruban.web.sentences import hint_of, sentence_of
from ruban.web.site import site
from ruban.web.speech import language_for, phrases

LANGUAGE_NAMES = {"en": "English", "fr": "Français"}
LANGUAGE_COOKIE = "ruban_organiser_lang"
"""For organisers alone, like every cookie; set where they choose a language."""
COPIED_AT = "ruban.copied_at"
"""In a request that no network can send: when the copy is made that the page goes into (`ruban export`)."""
_ASSETS = "/static/"
_LANGUAGE = re.compile(r"^/(?:en|fr)/")

HERE = Path(__file__).resolve().parent
DIST = HERE / "static"
"""What `npm run bundle` makes of ts/src/page and assets/; not in the repository, but in the wheel."""


def environment(**options: Any) -> jinja2.Environment:
    """The environment of all templates; a name that is missing is an error, not an empty place."""
    made = jinja2.Environment(
        **{
            **options,
            "autoescape": True,
            "undefined": jinja2.StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    made.globals |= {
        "asset": asset,
        "script": script,
        "number": number,
        "percent": percent,
        "moment": moment,
        "day": day,
        "link": link,
    }
    return made


@cache
def _manifest() -> dict[str, list[str]]:
    return dict(json.loads((DIST / "manifest.json").read_text("utf-8")))


def asset(name: str) -> str:
    """The address of an asset, `page.css`, with the hash of its content in its name; KeyError for none of ours."""
    return _ASSETS + _manifest()[name][0]


def script(name: str) -> Markup:
    """The elements that run a script of ours, and have what it imports fetched beside it rather than after it."""
    file, *imported = _manifest()[name]
    links = [Markup('<link rel="modulepreload" href="{}">').format(_ASSETS + other) for other in imported]
    return Markup("").join([*links, Markup('<script type="module" src="{}"></script>').format(_ASSETS + file)])


def moment(language: Language, seconds: int) -> str:
    """A time in words, in UTC: `22 November 2026, 09:00 UTC`."""
    return instant_in_words(language, datetime.fromtimestamp(seconds, UTC))


def day(language: Language, date: str) -> str:
    """A day of the record, `2026-11-22`, in words; as it stands if it is no day."""
    try:
        return date_in_words(language, datetime.fromisoformat(date).replace(tzinfo=UTC))
    except ValueError:
        return date


def link(address: str, text: str, **attributes: str) -> Markup:
    """A link for the middle of a sentence."""
    more = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in attributes.items())
    return Markup('<a href="{}"{}>{}</a>').format(address, more, text)


def language_of_request(request: HttpRequest) -> str:
    """That of the address if it names one (/fr/), else what the browser prefers, else the server's."""
    return _named_language(request) or language_for(
        request.headers.get("Accept-Language", ""), site().configuration.language
    )


def _named_language(request: HttpRequest) -> str | None:
    match = request.resolver_match
    named = match.kwargs.get("language") if match is not None else None
    if named is None and request.path.startswith(ORGANISER):
        named = request.GET.get("lang") or request.COOKIES.get(LANGUAGE_COOKIE)
    return named if named in LANGUAGES else None


def render(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page in the reader's language. `Vary` says that the neutral address depends on the header."""
    text = render_part(request, template, _of_form(request) | context)
    response = HttpResponse(text, status=status, content_type=HTML)
    response.headers["Vary"] = "Accept-Language"
    return response


def render_part(request: HttpRequest, template: str, context: dict[str, Any]) -> Markup:
    """A part of a page in the reader's language, without any form: it is the same for everybody who has its address."""
    return Markup(render_text(language_of_request(request), template, _around(request) | context))


def render_text(language: str, template: str, context: dict[str, Any]) -> str:
    """The text of a page in a language."""
    jinja = engines["jinja2"].env  # type: ignore[attr-defined]  # of Django's Jinja2 backend
    whole = phrases(language) | {"languages": LANGUAGES, "organiser_address": ORGANISER} | context
    return str(jinja.get_template(template).render(whole))


def _around(request: HttpRequest) -> dict[str, Any]:
    """What every page has around its content: whose it is, and the same page in the other languages.

    What answers a form has no address of its own: a link from there to another language would lose what was typed.
    """
    here = site()
    prefix = "" if here.keeper is None or here.under_review is not None else here.prefix
    rest = _LANGUAGE.sub("/", request.path.removeprefix(prefix), count=1)
    organiser = request.path.startswith(ORGANISER)

    def in_language(name: str) -> str:
        return f"{request.path}?lang={name}" if organiser else f"{prefix}/{name}{rest}"

    return {
        "place_name": here.group_title,
        "is_rehearsal": here.is_rehearsal,
        "frozen": here.frozen,
        "copied_at": request.META.get(COPIED_AT),
        "unwitnessed_since": here.unwitnessed_since,
        "home": f"{prefix}/",
        "in_language": in_language if request.method in {"GET", "HEAD"} else None,
        "language_names": LANGUAGE_NAMES,
        "at": Addresses(here.configuration.public_address, prefix, _named_language(request)),
    }


def _of_form(request: HttpRequest) -> dict[str, Any]:
    """A form's token, made only when a template asks for it: a page without a form sets no cookie."""
    return {
        "csrf_input": lambda: Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(
            get_token(request)
        )
    }


def error_page(request: HttpRequest, error: RubanError) -> HttpResponse:
    """The page of an error: what was expected, what came, what to do. A record under review has its own."""
    if isinstance(error, IntakePaused) and site().under_review is not None:
        return render(request, "letters/under_review.html", {"since": site().under_review}, status=status_of(error))
    spoken = phrases(language_of_request(request))["language"]
    context = {"sentence": sentence_of(spoken, error), "hint": hint_of(spoken, error), "status": status_of(error)}
    return render(request, "error.html", context, status=status_of(error))
