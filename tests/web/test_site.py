"""The context of a server: which folder its group lies in, and that nobody waits for whoever holds the keeper."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from ruban.service.open_group import group_folder
from ruban.web.configuration import Configuration
from ruban.web.site import KEPT_SNAPSHOTS, Site
from tests.service.cast import Cast, cast_of
from tests.web.hot.asgi_client import AsgiClient
from tests.web.hot.conftest import hot

__all__ = ["hot"]


@pytest.mark.parametrize("below", ["", "group"], ids=["made on the command line", "made in the pages"])
def test_a_group_is_found_whichever_way_it_was_made(tmp_path: Path, below: str) -> None:
    with cast_of(tmp_path, entitled=12, enrolled=0) as cast:
        cast.keeper.close()
        data = tmp_path / "data"
        (tmp_path / "group").rename(data if not below else (data.mkdir() or data / below))  # type: ignore[func-returns-value]
        site = Site(Configuration(data=data))
        site.open()
        assert site.kept.state.opened.origin == "cast.example/group"
        site.close()
        assert group_folder(data) == data / below


def test_a_count_waits_for_the_keeper_without_stopping_other_requests(cast: Cast, hot: AsgiClient) -> None:
    """A batch that is judged holds the keeper: whoever asks meanwhile for something else is answered."""
    letter = cast.open_letter().letter_id.hex()
    held, let_go, let_go_in_time = threading.Event(), threading.Event(), threading.Event()

    def judge() -> None:
        with cast.keeper.lock:
            held.set()
            if let_go.wait(20):
                let_go_in_time.set()

    holder = threading.Thread(target=judge)
    holder.start()
    held.wait()

    async def both() -> tuple[int, int]:
        waiting = asyncio.create_task(hot.ask("GET", f"/cast/count/{letter}"))
        await asyncio.sleep(0)
        foreign = [("content-type", "application/json"), ("origin", "https://evil.example")]
        other = await hot.ask("POST", "/cast/submit", b"{}", foreign)
        let_go.set()
        return (await waiting).status, other.status

    try:
        assert asyncio.run(both()) == (200, 403)
    finally:
        let_go.set()
        holder.join()
    assert let_go_in_time.is_set(), "the other request was answered only after the keeper was free"


def test_what_pages_are_made_of_is_not_made_again_for_many_letters(site: Site) -> None:
    """Every kind has room of its own: a page that needs nine kinds pushes out nothing of another letter's."""
    made: list[tuple[str, bytes]] = []
    letters = [bytes([number]) * 32 for number in range(KEPT_SNAPSHOTS)]
    for _ in range(2):
        for letter in letters:
            for kind in ("reading", "count", "card"):
                site.snapshot(kind, letter, lambda state, keeper, key=(kind, letter): made.append(key))  # type: ignore[misc]
    assert len(made) == len(set(made)) == 3 * KEPT_SNAPSHOTS


def test_of_too_many_letters_the_one_made_longest_ago_is_forgotten(site: Site) -> None:
    made: list[bytes] = []
    letters = [number.to_bytes(32) for number in range(KEPT_SNAPSHOTS + 1)]
    for letter in [*letters, letters[-1], letters[1], letters[0]]:
        site.snapshot("reading", letter, lambda state, keeper, key=letter: made.append(key))  # type: ignore[misc]
    assert made == [*letters, letters[0]]
