"""Erase openings on request: the record says so first, then they are deleted; the count stands."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.errors import Message, RuleBroken
from ruban.record.entry import make_entry
from ruban.record.kinds import MAX_ERASED
from ruban.record.state import Letter
from ruban.service.keeper import Keeper, one_at_a_time


@one_at_a_time
def erase(keeper: Keeper, commitments: Sequence[bytes], reason: str = "request") -> None:
    """Delete the openings of these commitments for good. CommitmentInvalid if the record has no such commitment."""
    ordered = sorted(set(commitments) - keeper.state.erased)
    for start in range(0, len(ordered), MAX_ERASED):
        part = ordered[start : start + MAX_ERASED]
        data = {"kind": "erasure", "v": 1, "commitments": [c.hex() for c in part], "reason": reason}
        keeper.append_entry(make_entry(data), erased=part)


def name_commitment(keeper: Keeper, letter: Letter, tag: bytes) -> bytes:
    """The commitment to the name that a signature gave; RuleBroken if it gave none."""
    recorded = letter.signatures.get(tag)
    if recorded is None or recorded.row is None:
        raise RuleBroken("tag", Message("that of a signature by name"), tag.hex())
    return keeper.state.roll.rows[recorded.row].claim
