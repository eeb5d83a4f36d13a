"""The form that begins a group: what was typed, what is wrong with it, and the group that comes of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ruban.errors import Message, RubanError
from ruban.language import Language, say
from ruban.people.file import Person, Preview
from ruban.record.commitment import commit_line
from ruban.record.rules.group import is_loopback
from ruban.service.code_days import end_of_codes, last_day, usual_last_day
from ruban.service.open_group import DEFAULT_WINDOW_SECONDS, TAKEN_PATHS, NewGroup
from ruban.web.organiser.typed import lines, one_line, whole_number

WINDOWS = (900, 3600)
AT_ONCE = 0
MAX_SLUG_CHARACTERS = 40
MAX_OTHERS_COUNT = 15

_USUAL_SOURCE = Message("the organisers’ list")


@dataclass(frozen=True, slots=True)
class Plan:
    """A group that is ready to begin, with its people: shown once more before it does."""

    group: NewGroup
    people: tuple[Person, ...] = field(repr=False)
    preview: Preview = field(repr=False)
    typed: Mapping[str, str] = field(repr=False)
    """What the form held, for whoever goes back to it."""
    expires: int | None = None
    """When the codes end."""

    @property
    def last_day(self) -> str | None:
        """The codes' last day, `2026-11-22`; None: they have no end."""
        return None if self.expires is None else last_day(self.expires).isoformat()


@dataclass(slots=True)
class BeginForm:
    """What the organiser typed. `wrong` names each field that does not fit, and says why."""

    values: Mapping[str, str]
    wrong: dict[str, Message] = field(default_factory=dict)

    def plan(self, host: str, language: Language, preview: Preview | None, now: int) -> Plan | None:
        """The plan; None if something is wrong with a field or the list, which `wrong` and `preview` say."""
        title = self._line("title", "title")
        names = [self._line("name", "organiser"), *self._others()]
        people = () if preview is None or preview.errors else preview.people()
        roles = self._roles(people)
        entitled = self._number("entitled", len(people), 1, 100_000_000)
        if people and entitled < len(people):
            self.wrong["entitled"] = Message("{n:,} or more: so many are on the list", n=len(people))
        source = self._line("source", "source") if self._typed("source") else say(language, _USUAL_SOURCE)
        rehearsal = "rehearsal" in self.values
        origin = f"{host}/{slug_of(title)}{'-rehearsal' if rehearsal else ''}"
        window = self._number("window", DEFAULT_WINDOW_SECONDS, 0, 86_400)
        if window not in WINDOWS and not (window == AT_ONCE and is_loopback(origin)):
            self.wrong["window"] = Message("one of the choices")
        quorum = self._number("quorum", 1, 1, 16)
        if quorum > len(names):
            self.wrong["quorum"] = Message("at most {n}, the number of organisers", n=len(names))
        expires = self._end_of_codes(now)
        group = NewGroup(
            origin=origin,
            title=title,
            organisers=tuple(names),
            electorate=max(entitled, 1),
            electorate_date=self._day(now),
            electorate_source=source,
            quorum=quorum,
            window=window,
            roles=roles,
            rehearsal=rehearsal,
        )
        if self.wrong or preview is None or preview.errors:
            return None
        return Plan(group, people, preview, self.values, expires)

    def _typed(self, name: str) -> str:
        return one_line(self.values.get(name, ""))

    def _line(self, name: str, field_name: str) -> str:
        text = self._typed(name)
        try:
            commit_line(field_name, text)
        except RubanError as error:
            self.wrong[name] = Message("expected {expected}", expected=error.expected) if text else Message("Missing.")
        return text

    def _others(self) -> list[str]:
        found = lines(self.values.get("others", ""))
        for name in found:
            try:
                commit_line("organiser", name)
            except RubanError as error:
                self.wrong["others"] = Message("expected {expected}", expected=error.expected)
        if len(found) > MAX_OTHERS_COUNT:
            self.wrong["others"] = Message("at most {n} names", n=MAX_OTHERS_COUNT)
        return found

    def _number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.values.get(name, "").strip()
        if not text:
            return default
        number = whole_number(text)
        if number is None or not least <= number <= most:
            self.wrong[name] = Message("a whole number from {least:,} to {most:,}", least=least, most=most)
            return default
        return number

    def _end_of_codes(self, now: int) -> int | None:
        try:
            return end_of_codes(self.values.get("until", usual_last_day(now).isoformat()).strip(), now)
        except RubanError as error:
            self.wrong["until"] = Message("expected {expected}", expected=error.expected)
            return None

    def _day(self, now: int) -> str:
        text = self.values.get("date", "").strip() or datetime.fromtimestamp(now, UTC).date().isoformat()
        try:
            return datetime.strptime(text, "%Y-%m-%d").date().isoformat()
        except ValueError:
            self.wrong["date"] = Message("a day such as 2026-11-22")
            return "2026-01-01"

    def _roles(self, people: tuple[Person, ...]) -> tuple[str, ...]:
        if "roles" not in self.values:
            return ()
        if any(person.role is None for person in people):
            self.wrong["roles"] = Message("a list in which everybody has a role")
        return tuple(sorted({person.role for person in people if person.role is not None}))


def slug_of(title: str) -> str:
    """The path of a group named so: `Équipe de Meridian` under /equipe-de-meridian."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG_CHARACTERS].strip("-")
    return f"group-{slug}".rstrip("-") if slug in TAKEN_PATHS or not slug else slug
