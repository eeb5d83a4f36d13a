"""The numbers of one letter, as a replay yields them. Nothing here is stored or asserted by anybody."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.record.state import Letter, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Signed, of enrolled, of entitled; by way of signing; withdrawn signatures are not among those signed."""

    signed: int
    enrolled: int
    """Rows released by the letter's closing: later ones could not have signed."""
    entitled: int
    named: int
    unnamed: int
    withdrawn: int
    erased: int
    """Of those by name, how many names have been erased."""
    threshold: int | None
    threshold_reached: int | None


def tally(state: State, letter: Letter) -> Tally:
    """The letter's tally at the end of what has been replayed."""
    rows = state.roll.rows
    erased = sum(
        1
        for recorded in letter.signatures.values()
        if recorded.row is not None and not recorded.withdrawn and rows[recorded.row].claim in state.erased
    )
    return Tally(
        signed=letter.signed,
        enrolled=state.roll.enrolled_by(letter.closing),
        entitled=state.opened.electorate,
        named=letter.named,
        unnamed=letter.unnamed,
        withdrawn=letter.withdrawn,
        erased=erased,
        threshold=letter.threshold,
        threshold_reached=letter.threshold_reached,
    )
