"""The editor of a letter: what was typed, what is wrong with it, and the draft that comes of it. No I/O.

A draft is JSON: {"texts": [{"lang", "title", "addressee", "demands": […], "body"}], "opening", "closing",
"unnamed_from", "threshold", "ways", "retention_days"}, the first text prevailing, times as Unix seconds or None for
the usual.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ruban.errors import Message, RubanError
from ruban.record.kinds import MAX_LANGUAGES
from ruban.service.letter_file import MAX_RETENTION_DAYS, MAX_THRESHOLD, USUAL_WAYS, WAYS, LetterDraft
from ruban.service.letter_texts import (
    MAX_ADDRESSEE_CHARACTERS,
    MAX_TITLE_CHARACTERS,
    body_of,
    check_characters,
    demands_of,
    line_of,
)
from ruban.service.letter_time import parse_moment
from ruban.service.letter_yaml import Node

TIMES = ("opening", "closing", "unnamed_from")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-(?:[A-Z]{2}|[0-9]{3}|[A-Z][a-z]{3}))?")
_PARTS = ("title", "addressee", "demands", "body")

T = TypeVar("T")


@dataclass(slots=True)
class LetterForm:
    """What an organiser typed. `wrong` names each field that does not fit, and says why."""

    values: Mapping[str, str]
    wrong: dict[str, Message] = field(default_factory=dict)

    def draft(self, zone: str, now: int) -> dict[str, Any] | None:
        """The draft, times read in `zone`; None if something is wrong, which `wrong` then says."""
        numbers = [n for n in range(MAX_LANGUAGES) if n == 0 or any(self._value(f"{p}-{n}") for p in ("lang", *_PARTS))]
        texts = [self._text(n) for n in numbers]
        for n, text in zip(numbers[1:], texts[1:], strict=True):
            if len(text["demands"]) != len(texts[0]["demands"]) and f"demands-{n}" not in self.wrong:
                self.wrong[f"demands-{n}"] = Message(
                    "{n} demands, as in the first text: each is answered by its number", n=len(texts[0]["demands"])
                )
            if text["lang"] in [other["lang"] for other in texts[: numbers.index(n)]]:
                self.wrong[f"lang-{n}"] = Message("another language than the texts above")
        times = {name: self._time(name, zone, now) for name in TIMES}
        self._check_order(times, now)
        ways = [way for way in WAYS if f"way-{way}" in self.values]
        if not ways:
            self.wrong["ways"] = Message("Choose at least one.")
        elif "role" in ways and "unnamed" not in ways:
            self.wrong["ways"] = Message("Who signs as one of a role signs without their name: allow that too.")
        elif times["unnamed_from"] is not None and "unnamed" not in ways:
            self.wrong["unnamed_from"] = Message("nothing here, since nobody signs without their name")
        made = {
            "texts": texts,
            **times,
            "threshold": self._number("threshold", Message("1 to {n:,} signatures", n=MAX_THRESHOLD), MAX_THRESHOLD),
            "ways": ways,
            "retention_days": self._number(
                "retention_days", Message("1 to {n:,} days", n=MAX_RETENTION_DAYS), MAX_RETENTION_DAYS
            ),
        }
        return None if self.wrong else made

    def _value(self, name: str) -> str:
        return self.values.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()

    def _text(self, n: int) -> dict[str, Any]:
        lang = self._value(f"lang-{n}")
        if not _LANGUAGE.fullmatch(lang):
            self.wrong[f"lang-{n}"] = Message("a language tag such as fr, en or pt-BR")
        demands = demands_in(self._value(f"demands-{n}"))
        list_of = Node(line=1, items=tuple(Node(line=1, text=demand) for demand in demands))
        body = self._value(f"body-{n}")
        self._read(f"body-{n}", lambda: check_characters(body))
        return {
            "lang": lang,
            "title": self._line(f"title-{n}", MAX_TITLE_CHARACTERS),
            "addressee": self._line(f"addressee-{n}", MAX_ADDRESSEE_CHARACTERS),
            "demands": list(self._read(f"demands-{n}", lambda: demands_of(list_of, "demands")) or ()),
            "body": self._read(f"body-{n}", lambda: body_of(body, 1, lang)) or "",
        }

    def _line(self, name: str, most: int) -> str:
        return self._read(name, lambda: line_of(Node(line=1, text=self._value(name)), name, most)) or ""

    def _read(self, name: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except RubanError as error:
            # The place in the error is that of a file; beside the field it goes without saying.
            self.wrong.setdefault(name, Message("expected {expected}", expected=error.expected))
            return None

    def _time(self, name: str, zone: str, now: int) -> int | None:
        text = self._value(name).replace("T", " ")
        return self._read(name, lambda: parse_moment(name, f"{text} {zone}", now)) if text else None

    def _check_order(self, times: dict[str, int | None], now: int) -> None:
        opening, closing, unnamed = (times[name] for name in TIMES)
        if closing is not None and closing <= max(opening or now, now):
            self.wrong.setdefault("closing", Message("a moment to come, after the opening"))
        if unnamed is not None and not (opening or 0) <= unnamed < (closing or unnamed + 1):
            self.wrong.setdefault("unnamed_from", Message("a moment between opening and closing"))

    def _number(self, name: str, expected: Message, most: int) -> int | None:
        text = re.sub(r"\s", "", self._value(name))
        if text and (not re.fullmatch("[0-9]{1,8}", text) or not 1 <= int(text) <= most):
            self.wrong[name] = expected
            return None
        return int(text) if text else None


def demands_in(typed: str) -> list[str]:
    """The demands that a field holds, or several with line ends between them: one a line, empty lines left out."""
    return [line.strip() for line in typed.split("\n") if line.strip()]


def empty_values(language: str) -> dict[str, str]:
    """The fields of a new letter in the organiser's language."""
    return {"lang-0": language, **{f"way-{way}": "on" for way in USUAL_WAYS}}


def values_of(draft: Mapping[str, Any], zone: str) -> dict[str, str]:
    """The fields of the editor for a draft."""
    values = {f"way-{way}": "on" for way in draft["ways"]}
    for n, text in enumerate(draft["texts"]):
        values |= {f"{part}-{n}": text[part] for part in ("lang", "title", "addressee", "body")}
        values[f"demands-{n}"] = "\n".join(text["demands"])
    for name in TIMES:
        if draft[name] is not None:
            values[name] = datetime.fromtimestamp(draft[name], ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    for name in ("threshold", "retention_days"):
        if draft.get(name) is not None:
            values[name] = str(draft[name])
    return values


def draft_of_file(letter: LetterDraft) -> dict[str, Any]:
    """The draft that a letter file holds."""
    return {
        "texts": [
            {
                "lang": text.lang,
                "title": text.title,
                "addressee": text.addressee,
                "demands": list(text.demands),
                "body": text.body,
            }
            for text in letter.texts
        ],
        "opening": letter.opening,
        "closing": letter.closing,
        "unnamed_from": letter.unnamed_from,
        "threshold": letter.threshold,
        "ways": list(letter.ways),
        "retention_days": letter.retention_days,
    }
