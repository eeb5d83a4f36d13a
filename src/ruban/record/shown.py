"""Which names and comments a letter shows: those that stand, and that nobody has struck or erased."""

from __future__ import annotations

from collections.abc import Iterator

from ruban.record.state import Letter, State


def shown_names(state: State, letter: Letter) -> Iterator[tuple[bytes, bytes]]:
    """Tag, and commitment to the claim, of each signature by name whose name may be shown, in the order of the log."""
    for tag, recorded in letter.signatures.items():
        claim = None if recorded.row is None else state.roll.rows[recorded.row].claim
        if claim is not None and not recorded.withdrawn and _may_be_read(state, claim):
            yield tag, claim


def shown_comments(state: State, letter: Letter) -> Iterator[tuple[bytes, bytes]]:
    """Tag and commitment of each comment that may be shown, in the order of the signatures."""
    for tag, recorded in letter.signatures.items():
        comment = recorded.comment
        if comment is not None and not recorded.withdrawn and _may_be_read(state, comment):
            yield tag, comment


def _may_be_read(state: State, commitment: bytes) -> bool:
    return commitment not in state.struck and commitment not in state.erased
