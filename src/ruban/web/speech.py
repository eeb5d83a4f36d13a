"""Which language a reader gets, and how templates speak it: `_("{n:,} signed", n=710)` in a Jinja2 template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from ruban.errors import Message
from ruban.language import LANGUAGES, Language, say, translator
from ruban.language import ngettext as plural

MAX_HEADER_CHARACTERS = 200


def language_for(accept_language: str, fallback: str = "en") -> str:
    """The language of LANGUAGES that an Accept-Language header prefers; `fallback` if it names none."""
    best, best_weight = fallback, 0.0
    for part in accept_language[:MAX_HEADER_CHARACTERS].split(","):
        tag, _, parameter = part.strip().partition(";")
        code = tag.strip().partition("-")[0].lower()
        if code in LANGUAGES and (weight := _weight(parameter)) > best_weight:
            best, best_weight = code, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    digits = value.strip()
    if not (digits.isascii() and digits.replace(".", "", 1).isdigit()):
        return 0.0
    return min(float(digits), 1.0)


def phrases(name: str) -> dict[str, Any]:
    """What a template needs to speak: `_`, `ngettext`, and the language itself."""
    language = translator(name)
    return {"language": language, "_": _translate(language), "ngettext": _plural(language)}


def _translate(language: Language) -> Callable[..., str]:
    def translate(msgid: str, /, **parts: Any) -> str:
        if any(isinstance(part, Markup) for part in parts.values()):
            # A sentence around a link: the sentence is escaped, the link is not.
            safe = {key: part if isinstance(part, int) else escape(part) for key, part in parts.items()}
            return Markup(say(language, _escaped(language, msgid, safe)))
        return say(language, Message(msgid, **parts))

    return translate


def _escaped(language: Language, msgid: str, parts: dict[str, Any]) -> str:
    template = str(escape(say(language, msgid)))
    # Already in the reader's language: a Message that no catalogue has is said as it stands.
    return say(language, Message(template, **parts))


def _plural(language: Language) -> Callable[..., str]:
    def translate(one: str, many: str, n: int, /, **parts: Any) -> str:
        return plural(language, one, many, n, **parts)

    return translate
