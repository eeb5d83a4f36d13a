"""Moments as organisers write them, to Unix seconds: a date, an hour, and a zone, so that one moment is meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from ruban.errors import FormatError, Message

FIRST_YEAR = 2000
LAST_YEAR = 2199
MAX_MOMENT_CHARACTERS = 80

_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]+([0-9]{2})[:h]([0-9]{2})(?::([0-9]{2}))?"
    r"(?: *(Z|[+-][0-9]{2}:[0-9]{2})| +([A-Za-z][A-Za-z0-9_+/-]*))?"
)
_ZONE = re.compile(r"UTC|[A-Z][A-Za-z]*(?:/[A-Z][A-Za-z0-9_+-]*){1,2}")
_AFTER = re.compile(r"([1-9][0-9]{0,3}) (hours?|days?|minutes?) after opening")
_UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_EXAMPLE = Message("a moment such as 2026-11-20 09:00 Europe/Paris, or now")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Unix seconds, and the zone in which it was written (None for `now`, an offset or a span)."""

    at: int
    zone: str | None


def parse_moment(field: str, text: str, now: int) -> int:
    """Unix seconds of `2026-11-20 09:00 Europe/Paris`, `2026-11-20T09:00:00+01:00` or `now`; FormatError otherwise.

    A local time that the clocks skip or show twice is refused, since it would be read in two ways.
    """
    return read_moment(field, text, now).at


def read_moment(field: str, text: str, now: int, opening: int | None = None) -> Moment:
    """As parse_moment, with the zone; where `opening` is given, also `48 hours after opening`."""
    if text == "now":
        return Moment(at=now, zone=None)
    if opening is not None and (span := _AFTER.fullmatch(text)):
        return Moment(at=opening + int(span[1]) * _UNIT_SECONDS[span[2].removesuffix("s")], zone=None)
    parts = _MOMENT.fullmatch(text) if len(text) <= MAX_MOMENT_CHARACTERS else None
    if parts is None:
        raise FormatError(field, _EXAMPLE, Message("something else"))
    if not FIRST_YEAR <= int(parts[1]) <= LAST_YEAR:
        raise FormatError(field, Message("a year from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR), parts[1])
    try:
        local = datetime(*(int(part or 0) for part in parts.groups()[:6]))  # type: ignore[arg-type]  # six integers
    except ValueError:
        raise FormatError(field, Message("a day and an hour that exist"), Message("another")) from None
    if parts[7]:
        return Moment(at=_seconds(local, _offset(field, parts[7])), zone=None)
    if not parts[8]:
        raise FormatError(
            field,
            Message("a time zone after the hour, such as Europe/Paris or +01:00"),
            Message("none"),
            hint=Message("Without it nobody can tell when the letter opens."),
        )
    zone = _zone(field, parts[8])
    _check_exists_once(field, local, zone)
    return Moment(at=_seconds(local, zone), zone=parts[8])


def _seconds(local: datetime, zone: tzinfo) -> int:
    return int(local.replace(tzinfo=zone).timestamp())


def _offset(field: str, text: str) -> tzinfo:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise FormatError(field, Message("an offset from −14:00 to +14:00"), text)
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if text[0] == "-" else span)


def _zone(field: str, name: str) -> ZoneInfo:
    # The pattern keeps a stranger's text from walking the folders of the time-zone data.
    if _ZONE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise FormatError(
        field,
        Message("a time zone that exists, such as Europe/Paris, America/Montreal, UTC or +01:00"),
        repr(name),
        hint=Message("Abbreviations such as CET stand for several zones and are not read."),
    )


def _check_exists_once(field: str, local: datetime, zone: ZoneInfo) -> None:
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local:
        raise FormatError(
            field,
            Message("an hour that happens once"),
            Message("one that happens twice: the clocks go back"),
            hint=Message(
                "Write the offset instead of the zone: {first} or {second}.",
                first=first.isoformat()[19:],
                second=second.isoformat()[19:],
            ),
        )
    raise FormatError(
        field,
        Message("an hour that exists"),
        Message("one that the clocks skip"),
        hint=Message("The clocks go forward that night; choose another hour."),
    )
