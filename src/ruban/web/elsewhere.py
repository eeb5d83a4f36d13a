"""Before a server signs anything: does anybody know more of its record? Its own address and its mirrors are asked.

Whoever does not answer says nothing, and stops nothing: a server must start without the rest of the world.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from ruban.audit.fetch import WebSource
from ruban.errors import CheckpointInvalid, FetchFailed, FormatError
from ruban.log.checkpoint import open_checkpoint
from ruban.published import CHECKPOINT, MAX_CHECKPOINT_BYTES
from ruban.service.freeze import compare_with
from ruban.web.site import Site

ANSWER_SECONDS = 5.0
"""Longest silence of one of them: they are asked at once, and the start waits for the slowest."""


def ask_elsewhere(site: Site) -> None:
    """Freeze the group's record if a checkpoint that its keys have signed stands elsewhere and leads beyond it."""
    keeper = site.keeper
    if keeper is None or keeper.state.group is None:
        return
    places = (f"{site.configuration.public_address}{site.prefix}", *site.configuration.mirror_addresses)
    with ThreadPoolExecutor(len(places), thread_name_prefix="ruban-elsewhere") as executor:
        notes = list(executor.map(_checkpoint_at, places))
    for place, note in zip(places, notes, strict=True):
        # What these keys have not signed says nothing about this record.
        with suppress(CheckpointInvalid, FormatError):
            if note is not None:
                compare_with(keeper, note, place)


def is_served(site: Site) -> bool:
    """Whether the group's own address gives a checkpoint of its keys. To be asked while nothing here serves it."""
    keeper = site.kept
    note = _checkpoint_at(f"{site.configuration.public_address}{site.prefix}")
    if note is None:
        return False
    group = keeper.state.opened
    try:
        open_checkpoint(note, group.origin, group.log_key)
    except (CheckpointInvalid, FormatError):
        return False
    return True


def _checkpoint_at(place: str) -> bytes | None:
    try:
        return WebSource(place, ANSWER_SECONDS).read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
    except (FetchFailed, FormatError):
        return None
