"""The group: `group.opened`, always entry 0."""

from __future__ import annotations

import re
from datetime import date

from ruban.errors import FormatError, Message, RuleBroken
from ruban.proof import Claim
from ruban.record.deeds import Deed, Electorate
from ruban.record.entry import Entry, roll_id, verify_quorum
from ruban.record.rules.rule import Placed, note_act, note_commitments
from ruban.record.state import Group, State

_LOOPBACK = re.compile(r"(?:localhost|127\.0\.0\.1)(?::[0-9]+)?(?:/|\Z)")
DAY_SECONDS = 86_400
REHEARSAL_MINIMUM = 2
MINIMUM = 5
"""Unnamed signatures released together, at least, outside rehearsals and demonstrations."""


def is_loopback(origin: str) -> bool:
    """Whether a log of this origin can only be reached from its own machine."""
    return _LOOPBACK.match(origin) is not None


def group_of(entry: Entry) -> Group:
    """What a `group.opened` says."""
    data = entry.data
    return Group(
        roll_id=roll_id(entry.leaf),
        origin=data["origin"],
        log_key=entry.bytes_of("log_key"),
        receipt_key=entry.bytes_of("receipt_key"),
        title=entry.bytes_of("title"),
        organisers=tuple(bytes.fromhex(organiser["key"]) for organiser in data["organisers"]),
        organiser_names=tuple(bytes.fromhex(organiser["name"]) for organiser in data["organisers"]),
        quorum=data["quorum"],
        electorate=data["electorate"],
        electorate_date=data["electorate_date"],
        electorate_source=entry.bytes_of("electorate_source"),
        slots=data["slots"],
        window=data["window"],
        minimum=data["minimum"],
        ways_in=tuple(data["ways_in"]),
        roles=tuple(data["roles"]),
        rehearsal=data["rehearsal"],
    )


def electorate_of(placed: Placed) -> Electorate:
    """E as an entry states it."""
    entry = placed.entry
    return Electorate(
        index=placed.index,
        at=placed.time,
        entitled=entry.data["electorate"],
        date=entry.data["electorate_date"],
        source=entry.bytes_of("electorate_source"),
    )


def check_date(text: str, field: str = "electorate_date") -> None:
    """FormatError for a day that no calendar has."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise FormatError(field, Message("a day of the calendar"), text) from None


class GroupOpened:
    """Entry 0, and no other."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        if placed.index != 0:
            raise RuleBroken("group.opened", Message("at index 0 only"), str(placed.index))
        group = group_of(placed.entry)
        if len(set(group.organisers)) != len(group.organisers):
            raise FormatError("organisers", Message("every key once"), Message("one that stands twice"))
        if group.quorum > len(group.organisers):
            raise RuleBroken("quorum", Message("at most {n} organisers", n=len(group.organisers)), str(group.quorum))
        if group.window == 0:
            if not is_loopback(group.origin):
                raise RuleBroken("window", Message("more than 0 seconds, but on a loopback origin"), "0")
            least = 1
        else:
            if DAY_SECONDS % group.window or group.window < 60:
                raise RuleBroken("window", Message("a divisor of a day, at least 60 seconds"), str(group.window))
            least = REHEARSAL_MINIMUM if group.rehearsal else MINIMUM
        if group.minimum < least:
            raise RuleBroken("minimum", Message("{n} or more", n=least), str(group.minimum))
        check_date(group.electorate_date)
        verify_quorum(group.origin, placed.entry, group.organisers, group.quorum)

    def apply(self, state: State, placed: Placed) -> None:
        group = group_of(placed.entry)
        state.group = group
        state.electorates.append(electorate_of(placed))
        state.clock = placed.time
        note_commitments(state, placed.index, [group.title, group.electorate_source, *group.organiser_names])
        note_act(state, placed, Deed.GROUP_OPENED)
