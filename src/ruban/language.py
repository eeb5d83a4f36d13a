"""What people read, in their language: sentences, plurals, numbers and dates, in English and French.

Pure, but for one read of Ruban's own compiled catalogue: which language to speak is an argument (`cli` reads the
environment). Code keeps its English sentence as the key: `say(language, Message("at most {n} bytes", n=8192))`.
A sentence that has no translation is said in English; a test finds it before a reader does.
"""

from __future__ import annotations

import gettext as _gettext
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any

from ruban.errors import Message, RubanError

__all__ = [
    "LANGUAGES",
    "Language",
    "date_in_words",
    "instant",
    "instant_in_words",
    "language_of",
    "ngettext",
    "number",
    "percent",
    "say",
    "say_error",
    "translator",
]

NARROW_NO_BREAK_SPACE = "\u202f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language: its catalogue, and how it writes numbers and dates."""

    name: str
    thousands: str
    decimal: str
    before_percent: str
    months: tuple[str, ...] = field(repr=False)
    first_of_month: str
    catalogue: _gettext.NullTranslations = field(repr=False, compare=False)


_ENGLISH = {
    "thousands": ",",
    "decimal": ".",
    "before_percent": " ",
    "first_of_month": "1",
    "months": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_FRENCH = {
    "thousands": NARROW_NO_BREAK_SPACE,
    "decimal": ",",
    "before_percent": NARROW_NO_BREAK_SPACE,
    "first_of_month": "1er",
    "months": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}
_CONVENTIONS: dict[str, dict[str, Any]] = {"en": _ENGLISH, "fr": _FRENCH}
LANGUAGES = tuple(_CONVENTIONS)


def language_of(locale_name: str) -> str:
    """Return which of LANGUAGES a locale's name asks for (`fr_CH.UTF-8`, `fr-CA`); English where it asks for none."""
    code = re.split(r"[-_.@]", locale_name, maxsplit=1)[0].lower()
    return code if code in _CONVENTIONS else "en"


@lru_cache(maxsize=len(LANGUAGES))
def _language(name: str) -> Language:
    compiled = files("ruban").joinpath("locale", name, "LC_MESSAGES", "ruban.mo")
    catalogue = _gettext.NullTranslations()
    if compiled.is_file():
        with compiled.open("rb") as stream:
            catalogue = _gettext.GNUTranslations(stream)
    return Language(name=name, catalogue=catalogue, **_CONVENTIONS[name])


def translator(locale_name: str) -> Language:
    """Return the language that a locale's name asks for; never fails, English is the answer to a name it knows not."""
    return _language(language_of(locale_name))


class _Parts(Formatter):
    """str.format in a language: a part that is a Message is said, and `{n:,}` groups digits as the language does."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Message):
            return say(self.language, value)
        if format_spec == "," and isinstance(value, int):
            return number(self.language, value)
        return str(super().format_field(value, format_spec))


def say(language: Language, message: str) -> str:
    """Return the sentence in the language: a Message by its template and parts, any other string by itself."""
    if not isinstance(message, Message):
        return language.catalogue.gettext(message) if message else ""
    template = language.catalogue.gettext(message.msgid)
    return _Parts(language).vformat(template, (), message.parts) if message.parts else template


def ngettext(language: Language, one: str, many: str, n: int, **parts: Any) -> str:
    """Return the form of a sentence that goes with `n`; its templates may use `{n}` or `{n:,}` besides the parts."""
    template = language.catalogue.ngettext(one, many, n)
    return _Parts(language).vformat(template, (), {"n": n, **parts})


def say_error(language: Language, error: RubanError) -> str:
    """Return an error's one line (field, expected, got). Its hint is another sentence: `say(language, error.hint)`."""
    parts = {"field": say(language, error.field), "expected": say(language, error.expected)}
    if error.got is None:
        return say(language, Message("{field}: expected {expected}", **parts))
    return say(language, Message("{field}: expected {expected}, got {got}", **parts, got=say(language, error.got)))


def number(language: Language, n: int) -> str:
    """Return an integer with its digits in threes: `1,543`, in French with a narrow no-break space."""
    return f"{n:,}".replace(",", language.thousands)


def percent(language: Language, part: int, whole: int) -> str:
    """Return `92.2 %` for 710 of 770: one decimal, nearest, computed in integers.

    All but one never reads 100 %, and one never reads 0 %: a rounded figure must not say "all" or "nobody".
    """
    if whole <= 0 or part < 0:
        raise ValueError("a share needs part >= 0 and whole > 0")
    tenths = (2000 * part + whole) // (2 * whole)
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)
    return f"{number(language, tenths // 10)}{language.decimal}{tenths % 10}{language.before_percent}%"


def _in_utc(when: datetime) -> datetime:
    if when.tzinfo is None:
        raise ValueError("a time without a zone cannot be said")
    return when.astimezone(UTC)


def instant(when: datetime) -> str:
    """Return `2026-11-22 09:00 UTC`, the same in every language."""
    return f"{_in_utc(when):%Y-%m-%d %H:%M} UTC"


def date_in_words(language: Language, when: datetime) -> str:
    """Return `22 November 2026`, `22 novembre 2026`: the day in UTC."""
    utc = _in_utc(when)
    day = language.first_of_month if utc.day == 1 else str(utc.day)
    return f"{day} {language.months[utc.month - 1]} {utc.year}"


def instant_in_words(language: Language, when: datetime) -> str:
    """Return `22 November 2026, 09:00 UTC`, `22 novembre 2026, 09:00 UTC`."""
    return f"{date_in_words(language, when)}, {_in_utc(when):%H:%M} UTC"
