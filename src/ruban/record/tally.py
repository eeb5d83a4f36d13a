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
    struck: int
    """Names and comments of signatures that stand, which organisers have hidden."""
    threshold: int | None
    threshold_reached: int | None


def tally(state: State, letter: Letter) -> Tally:
    """The letter's tally at the end of what has been replayed."""
    standing = [recorded for recorded in letter.signatures.values() if not recorded.withdrawn]
    claims = [state.roll.rows[recorded.row].claim for recorded in standing if recorded.row is not None]
    comments = [recorded.comment for recorded in standing if recorded.comment is not None]
    return Tally(
        signed=letter.signed,
        enrolled=state.roll.enrolled_by(letter.closing),
        entitled=state.entitled_by(letter.closing),
        named=letter.named,
        unnamed=letter.unnamed,
        withdrawn=letter.withdrawn,
        erased=sum(claim in state.erased for claim in claims),
        struck=sum(given in state.struck for given in (*claims, *comments)),
        threshold=letter.threshold,
        threshold_reached=letter.threshold_reached,
    )
