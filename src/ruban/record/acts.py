"""The list of what organisers did, which anybody can check entry by entry."""

from __future__ import annotations

from ruban.record.deeds import Act
from ruban.record.state import State


def acts_of(state: State, letter: bytes | None = None) -> tuple[Act, ...]:
    """What the organisers did, in the order of the log: all of it, or what concerns one letter.

    Erasures concern no letter in particular: a name is one for all the letters that its row has signed.
    """
    return tuple(act for act in state.acts if letter is None or act.letter == letter)
