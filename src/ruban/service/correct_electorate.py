"""Correct how many are entitled, from now on; what was said before stays in the record."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.errors import Message, RuleBroken
from ruban.record.commitment import commit_line
from ruban.service.enrol import waiting_rows
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.release import release


@one_at_a_time
def correct_electorate(
    keeper: Keeper, electorate: int, date: str, source: str, now: int, by: Sequence[int] | None = None
) -> None:
    """Say that `electorate` people are entitled, on which day that was true, and where it comes from.

    Letters that have closed keep the number of their closing. RuleBroken if more than that have enrolled, wait to be
    recorded, or hold an invitation: nobody who was promised a place may lose it. `by` are the organisers who sign;
    all whose keys are here if None.
    """
    opened = commit_line("source", source)
    release(keeper, now)
    taken = len(keeper.state.roll.rows) + len(waiting_rows(keeper)) + len(keeper.desk.unused_identifiers())
    if electorate < taken:
        raise RuleBroken(
            "electorate",
            Message("{n} or more, those enrolled and invited", n=taken),
            str(electorate),
            hint=Message("Whoever holds an invitation may still enrol."),
        )
    entry = keeper.signed(
        {
            "kind": "electorate",
            "v": 1,
            "electorate": electorate,
            "electorate_date": date,
            "electorate_source": opened.commitment.hex(),
            "at": max(now, keeper.state.clock),
        },
        by,
    )
    keeper.append_entry(entry, openings=[opened])
