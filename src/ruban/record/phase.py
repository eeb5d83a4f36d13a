"""How a letter stands for whoever reads it."""

from __future__ import annotations

from enum import StrEnum

from ruban.record.state import Letter, State


class Phase(StrEnum):
    """The state of a letter that is in the record. Whether it was extended stands beside it, in `Letter.extended`."""

    NOT_YET_OPEN = "not_yet_open"
    OPEN = "open"
    THRESHOLD_MISSED = "threshold_missed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"

    @property
    def over(self) -> bool:
        """Whether nobody can sign any more."""
        return self not in (Phase.NOT_YET_OPEN, Phase.OPEN)


def letter_phase(state: State, letter: Letter, now: int) -> Phase:
    """How the letter stands at `now`, which for an auditor is the record's own clock.

    Signing ends at the closing, but what was acknowledged by then is counted afterwards: a threshold is missed only
    once the record itself has passed the closing, even if nobody writes `letter.closed`.
    """
    if letter.ended is not None:
        return Phase.CANCELLED if letter.ended == "cancel" else Phase.SUPERSEDED
    counted = letter.closed or state.clock > letter.closing
    if counted and letter.threshold is not None and letter.threshold_reached is None:
        return Phase.THRESHOLD_MISSED
    if counted or now >= letter.closing:
        return Phase.CLOSED
    return Phase.NOT_YET_OPEN if now < letter.opening else Phase.OPEN
