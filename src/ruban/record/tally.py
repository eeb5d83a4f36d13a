"""The numbers of one letter, as a replay yields them. Nothing here is stored or asserted by anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ruban.proof.ring import Selector
from ruban.record.state import Letter, Recorded, State


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTally:
    """The numbers of those with one role."""

    role: str
    enrolled: int
    """Rows that bear it, released by the letter's closing."""
    named: int
    unnamed: int
    """Signatures that stand as one of them; who signs as one of all may bear the role as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Signed, of enrolled, of entitled; by way of signing; withdrawn signatures are not among those signed."""

    signed: int
    enrolled: int
    """Rows released by the letter's closing: later ones could not have signed."""
    entitled: int
    named: int
    unnamed: int
    """Those by role are among them."""
    by_role: tuple[RoleTally, ...]
    """For each role whose members may sign as such, in the letter's order."""
    withdrawn: int
    erased: int
    """Of those by name, how many names have been erased."""
    struck: int
    """Names and comments of signatures that stand, which organisers have hidden."""
    threshold: int | None
    threshold_reached: int | None

    def as_json(self) -> dict[str, Any]:
        """The numbers for programs."""
        return asdict(self) | {"by_role": [asdict(one) for one in self.by_role]}


def tally(state: State, letter: Letter) -> Tally:
    """The letter's tally at the end of what has been replayed."""
    standing = [recorded for recorded in letter.signatures.values() if not recorded.withdrawn]
    rows = state.roll.rows
    claims = [rows[recorded.row].claim for recorded in standing if recorded.row is not None]
    comments = [recorded.comment for recorded in standing if recorded.comment is not None]
    return Tally(
        signed=letter.signed,
        enrolled=state.roll.enrolled_by(letter.closing),
        entitled=state.entitled_by(letter.closing),
        named=letter.named,
        unnamed=letter.unnamed,
        by_role=_by_role(state, letter, standing),
        withdrawn=letter.withdrawn,
        erased=sum(claim in state.erased for claim in claims),
        struck=sum(given in state.struck for given in (*claims, *comments)),
        threshold=letter.threshold,
        threshold_reached=letter.threshold_reached,
    )


def _by_role(state: State, letter: Letter, standing: Sequence[Recorded]) -> tuple[RoleTally, ...]:
    roles = [role for selector in letter.selectors if (role := Selector.parse(selector).role) is not None]
    if not roles:
        return ()
    rows = state.roll.rows
    enrolled = Counter(row.role for row in rows[: state.roll.enrolled_by(letter.closing)])
    named = Counter(rows[recorded.row].role for recorded in standing if recorded.row is not None)
    unnamed = Counter(Selector.parse(recorded.selector).role for recorded in standing if recorded.row is None)
    return tuple(
        RoleTally(role=role, enrolled=enrolled[role], named=named[role], unnamed=unnamed[role]) for role in roles
    )
