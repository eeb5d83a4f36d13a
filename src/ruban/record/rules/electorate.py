"""A later E: how many are entitled, where that was stated wrongly or has changed."""

from __future__ import annotations

from dataclasses import replace

from ruban.errors import Message, RuleBroken
from ruban.proof import Claim
from ruban.record.deeds import Deed
from ruban.record.entry import verify_quorum
from ruban.record.rules.group import check_date, electorate_of
from ruban.record.rules.rule import Placed, note_act, note_commitments, require_time
from ruban.record.state import State


class ElectorateRule:
    """E from now on; letters that have closed keep theirs. Never fewer than there are on the roll."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        group, data = state.opened, placed.entry.data
        verify_quorum(group.origin, placed.entry, group.organisers, group.quorum)
        require_time(state, placed.time)
        check_date(data["electorate_date"])
        rows = len(state.roll.rows)
        if data["electorate"] < rows:
            least = Message("{n} or more, as many as are on the roll", n=rows)
            raise RuleBroken("electorate", least, str(data["electorate"]))

    def apply(self, state: State, placed: Placed) -> None:
        stated = electorate_of(placed)
        state.group = replace(
            state.opened,
            electorate=stated.entitled,
            electorate_date=stated.date,
            electorate_source=stated.source,
        )
        state.electorates.append(stated)
        state.clock = placed.time
        note_commitments(state, placed.index, [stated.source])
        note_act(state, placed, Deed.ELECTORATE_CORRECTED)
