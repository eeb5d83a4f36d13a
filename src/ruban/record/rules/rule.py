"""The shape of a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ruban.errors import Message, RuleBroken
from ruban.proof import Claim
from ruban.record.deeds import Act, Deed
from ruban.record.entry import Entry
from ruban.record.state import State


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry where it stands: its index in the log, and the time that it bears or that its batch gives it."""

    entry: Entry
    index: int
    time: int


class Rule(Protocol):
    """What one kind of entry must obey."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        """The proof's equations, parsed, where the kind has a proof. Raises if the entry refers to nothing there is.

        Depends on letters and epochs only, never on other members' entries, so that the proofs of a whole log can be
        judged before any of them counts.
        """

    def check(self, state: State, placed: Placed) -> None:
        """Raise unless the entry is allowed where it stands, its proof apart."""

    def apply(self, state: State, placed: Placed) -> None:
        """Change the state as a checked entry does."""


def require_time(state: State, time: int) -> None:
    """Times never fall: RuleBroken for one before the latest in the record."""
    if time < state.clock:
        raise RuleBroken("time", Message("{time} or later", time=state.clock), str(time))


def require_aligned(state: State, field: str, time: int) -> None:
    """RuleBroken unless `time` is the end of a window."""
    window = state.opened.window
    if window and time % window:
        raise RuleBroken(field, Message("a multiple of the window of {n} s", n=window), str(time))


def note_commitments(state: State, index: int, commitments: list[bytes]) -> None:
    """Remember which entry bore a commitment first."""
    for commitment in commitments:
        state.commitments.setdefault(commitment, index)


def note_act(state: State, placed: Placed, deed: Deed, letter: bytes | None = None) -> None:
    """Remember what organisers did, and whose keys signed it."""
    signers = tuple(bytes.fromhex(sig["key"]) for sig in placed.entry.data.get("sigs", ()))
    state.acts.append(Act(index=placed.index, time=placed.time, deed=deed, letter=letter, signers=signers))
