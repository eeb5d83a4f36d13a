"""How many are entitled, invited and enrolled: sums alone, never who."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.record.state import State
from ruban.service.enrol import waiting_rows
from ruban.service.keeper import Keeper
from ruban.web.site import site


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one moment."""

    entitled: int
    invited: int
    """Invitations, used or not."""
    enrolled: int
    """Rows in the record."""
    waiting: int
    """Rows received, to be recorded at the next release."""
    letters: int


def figures() -> Figures:
    """Those of now; raises IntakePaused while the record is under review."""
    keeper = site().kept
    with keeper.lock:
        return _count(keeper.state, keeper)


def _count(state: State, keeper: Keeper) -> Figures:
    return Figures(
        entitled=state.opened.electorate,
        invited=keeper.desk.invitation_counts()[0],
        enrolled=len(state.roll.rows),
        waiting=len(waiting_rows(keeper)),
        letters=len(state.letters),
    )
