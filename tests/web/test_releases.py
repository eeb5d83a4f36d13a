"""When the server releases: once a window, however often it looks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruban.web.composition import Releases
from ruban.web.configuration import Configuration
from ruban.web.site import Site
from tests.service.cast import Cast, cast_of


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[tuple[Cast, Releases]]:
    with cast_of(tmp_path) as cast:
        site = Site(Configuration(data=tmp_path), clock=lambda: cast.now)
        site.keeper = cast.keeper
        yield cast, Releases(site)


def rows(cast: Cast) -> int:
    return len(cast.keeper.state.roll.rows)


def test_what_comes_in_during_a_quiet_window_waits_for_its_end(quiet: tuple[Cast, Releases]) -> None:
    cast, releases = quiet
    releases.release_once_a_window()
    cast.now += 3 * cast.window  # nothing came in for long: the last batch is old
    releases.release_once_a_window()
    cast.enrol(range(12, 13))
    cast.now += 5
    releases.release_once_a_window()
    assert rows(cast) == 12
    cast.now += cast.window
    releases.release_once_a_window()
    assert rows(cast) == 13


def test_a_start_in_the_middle_of_a_window_releases_nothing_of_it(quiet: tuple[Cast, Releases]) -> None:
    cast, releases = quiet
    cast.now += cast.window
    cast.enrol(range(12, 13))
    releases.release_once_a_window()
    assert rows(cast) == 12


def test_a_fault_of_ours_does_not_end_the_releases(
    quiet: tuple[Cast, Releases], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, releases = quiet
    third = threading.Event()
    looks = iter((None, None, third.set))

    def fails() -> None:
        if (last := next(looks)) is not None:
            last()
            monkeypatch.undo()
        raise ValueError("Member 3")

    monkeypatch.setattr(releases, "release_once_a_window", fails)
    monkeypatch.setattr(releases, "_until_next", lambda: 0.0)
    releases.start()
    assert third.wait(timeout=30)
    releases.stop()
    told = capsys.readouterr().err
    assert told.count("a fault of ours: ValueError") == 3
    assert "Member 3" not in told
