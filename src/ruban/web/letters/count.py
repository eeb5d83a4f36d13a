"""The count of a letter for programs and for the page that signs: what a replay yields, and when to ask again."""

from __future__ import annotations

from typing import Any

from ruban.record.state import Letter, State
from ruban.record.tally import tally
from ruban.service.keeper import Keeper, window_end
from ruban.web.site import Site


def count_of(site: Site, letter_id: bytes) -> dict[str, Any]:
    """The count of a letter as of the record's last entry; NotFound if the record has no such letter."""
    site.published_letter(letter_id)
    figures: dict[str, Any] = site.snapshot(
        "count", letter_id, lambda state, keeper: _figures(state, letter_id, keeper)
    )
    return figures | _times(site, site.kept.state.letters[letter_id])


def _figures(state: State, letter_id: bytes, keeper: Keeper) -> dict[str, Any]:
    letter = state.letters[letter_id]
    counts, newest = tally(state, letter), state.roll.newest_epoch
    return {
        "letter": letter_id.hex(),
        "index": letter.index,
        "slot": letter.slot,
        "size": state.size,
        "as_of": state.clock,
        "signed": counts.signed,
        "named": counts.named,
        "unnamed": counts.unnamed,
        "withdrawn": counts.withdrawn,
        "enrolled": counts.enrolled,
        "entitled": counts.entitled,
        "epoch": None if newest is None else newest.index,
        "ring": 0 if newest is None else newest.rows,
        "by_role": [
            {
                "role": one.role,
                "ring": 0 if newest is None else newest.roles.get(one.role, 0),
                "named": one.named,
                "unnamed": one.unnamed,
            }
            for one in counts.by_role
        ],
        "disputes": state.open_disputes,
        "ring_min": letter.ring_min,
        "opening": letter.opening,
        "closing": letter.closing,
        "unnamed_from": letter.unnamed_from,
        "closed": letter.closed or letter.ended is not None,
        "window": state.opened.window,
    }


def _times(site: Site, letter: Letter) -> dict[str, Any]:
    """What depends on the clock, and so is not part of a snapshot."""
    at, state = site.clock(), site.kept.state
    over = letter.closed or letter.ended is not None
    return {
        "now": at,
        "next_release": None if over else window_end(state, at),
        "next_epoch": next((moment for moment in letter.epochs_at if moment > at), None),
        "paused": site.paused is not None,
    }
