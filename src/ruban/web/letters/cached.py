"""When a public page that was rendered now would read differently, though the record has not grown."""

from __future__ import annotations

from ruban.service.keeper import window_end
from ruban.web.site import Site


def next_change(site: Site, now: int) -> int:
    """The next time that any page of the group depends on: a letter's opening or closing, the end of a window."""
    keeper = site.kept
    with keeper.lock:
        times = {
            at
            for letter in keeper.state.letters.values()
            for at in (letter.opening, letter.closing, letter.unnamed_from, *letter.epochs_at)
        }
        end = window_end(keeper.state, now)
    return min([at for at in times if at > now] + [end if end > now else now + 60])
