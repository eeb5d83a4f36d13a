"""Publish a group's record: the log up to its checkpoint, with the openings of some letters or of all."""

from __future__ import annotations

from ruban.published import Settings
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.export import PublishedStore, published_files


@one_at_a_time
def publish(keeper: Keeper, letters: tuple[bytes, ...] | None = None) -> PublishedStore:
    """The record as a reader gets it, with the openings of the group and of these letters; of all letters if None.

    Pending entries, and openings that no reader needs, are not in it.
    """
    state = keeper.shown
    group = state.opened
    found = []
    if letters is None:
        needed = state.required_openings()
    else:
        needed = state.group_openings().union(*(state.required_openings(letter) for letter in letters))
    for commitment in needed - keeper.state.erased:
        opening = keeper.store.opening(commitment)
        if opening is not None:
            found.append((state.commitments[commitment], opening))
    settings = Settings(
        origin=group.origin,
        log_key=group.log_key,
        receipt_key=group.receipt_key,
        openings=letters,
    )
    leaves = list(keeper.store.entries(0, state.size))
    return PublishedStore(published_files(leaves, keeper.shown_note, settings, found, keeper.policy))
