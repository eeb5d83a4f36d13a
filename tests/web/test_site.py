"""The context of a server: which folder its group lies in, and that nobody waits for whoever holds the keeper."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from ruban.service.open_group import group_folder
from ruban.web.configuration import Configuration
from ruban.web.site import Site
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
