"""The texts behind the record's commitments, as readers get them: None where one has been erased or struck."""

from __future__ import annotations

from ruban.service.keeper import Keeper


def text_of(keeper: Keeper, commitment: bytes) -> str | None:
    """The text that a commitment of an entry opens to; None if it is not here any more. Hold the keeper's lock."""
    if commitment in keeper.state.erased or commitment in keeper.state.struck:
        return None
    opening = keeper.store.opening(commitment)
    return None if opening is None else opening.payload.decode("utf-8")
