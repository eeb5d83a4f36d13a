"""Until which day a code can be used: the day is the one that was promised, wherever on earth it is read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from ruban.errors import FormatError, Message
from ruban.language import Language, date_in_words, say

DAYS_OF_A_CODE = 60
"""What organisers get unless they say otherwise. Longer than a list takes to hand out and a letter to be signed, so
that nobody is late who was not asked late; short enough that a card found in a drawer next year lets nobody in."""

_DAY = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}")
# The last place on earth where a day ends is twelve hours behind UTC.
_BEHIND = timedelta(hours=12)


def parse_day(text: str) -> date:
    """The day that `2026-11-22` names; FormatError for any other text."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise FormatError("day", Message("a day such as 2026-11-22"), repr(text))


def end_of_day(last: date) -> int:
    """The Unix second at which codes end whose last day this is: it is over everywhere by then."""
    return int((datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1) + _BEHIND).timestamp())


def last_day(expires: int) -> date:
    """The last day that a code with this end has in full, everywhere."""
    return (datetime.fromtimestamp(expires, UTC) - _BEHIND - timedelta(days=1)).date()


def good_until(language: Language, expires: int | None) -> str | None:
    """`Good until 22 January 2027.`, for whoever has the code; None for one without end."""
    if expires is None:
        return None
    day = last_day(expires)
    words = date_in_words(language, datetime(day.year, day.month, day.day, tzinfo=UTC))
    return say(language, Message("Good until {day}.", day=words))


def usual_last_day(now: int) -> date:
    """The last day of codes made at `now`, unless the organiser says otherwise."""
    return datetime.fromtimestamp(now, UTC).date() + timedelta(days=DAYS_OF_A_CODE)


def usual_end(now: int) -> int:
    """The end of codes made at `now`, unless the organiser says otherwise."""
    return end_of_day(usual_last_day(now))


def end_of_codes(text: str, now: int) -> int | None:
    """The end of codes whose last day somebody typed; None, no end, if they typed nothing.

    FormatError for what is no day, and for one that is over: nobody means to hand out codes that let nobody in.
    """
    if not text:
        return None
    end = end_of_day(parse_day(text))
    if end <= now:
        raise FormatError("day", Message("a day that is not over"), text)
    return end


def later(one: int | None, other: int | None) -> int | None:
    """The later of two ends; None is no end."""
    return None if one is None or other is None else max(one, other)
