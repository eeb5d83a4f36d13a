"""`ruban status`: one next step, the same from a server that runs and from the folder beside it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from ruban.errors import FormatError
from ruban.manage.status import next_action
from ruban.service.keeper import TWO_RECORDS
from ruban.service.standing import Standing, next_step, parse_standing, standing_of
from tests.manage.test_private_tables import ruban
from tests.server import serving
from tests.service.cast import DAY, cast_of
from tests.service.test_adopt import sign


def status_of(data: Path) -> dict[str, Any]:
    """What `ruban status --json` says."""
    return ruban("status", "--data", str(data))


NEW = Standing(
    entries=1, entitled=12, invited=0, enrolled=0, waiting=0, letters_open=0, letters_to_come=0, letters_over=0
)


@pytest.mark.parametrize(
    ("standing", "step"),
    [
        (NEW, "Hand out codes"),
        (replace(NEW, invited=12), "Wait until people enrol"),
        (replace(NEW, invited=12, enrolled=3), "Write the letter"),
        (replace(NEW, invited=12, enrolled=3, letters_open=1), "Nothing. Keep a backup"),
        (replace(NEW, invited=12, enrolled=3, letters_to_come=1), "Nothing. Keep a backup"),
        (replace(NEW, invited=12, enrolled=3, letters_over=1), "Every letter is over"),
        (replace(NEW, invited=12, letters_open=1, unwitnessed=True), "Ask those who run the witnesses"),
        (replace(NEW, invited=12, unwitnessed=True, paused=True), "Make room"),
        (replace(NEW, paused=True, frozen=True), "Bring back the rest"),
        (replace(NEW, frozen=True, forked=True), TWO_RECORDS),
    ],
)
def test_what_keeps_signatures_from_counting_comes_first(standing: Standing, step: str) -> None:
    assert next_step(standing).startswith(step)


def test_the_sums_are_those_of_the_record(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.open_letter()
        sign(cast, 3)
        found = standing_of(cast.keeper, cast.now)
        assert (found.letters_open, found.letters_over, found.waiting) == (1, 0, 1)
        assert (found.enrolled, found.entries) == (len(cast.keeper.state.roll.rows), cast.keeper.state.size)


@pytest.mark.parametrize("said", [{}, asdict(NEW) | {"more": 1}, asdict(NEW) | {"entries": True}])
def test_a_server_of_another_version_is_not_believed(said: dict[str, object]) -> None:
    assert parse_standing(asdict(NEW)) == NEW
    with pytest.raises(FormatError):
        parse_standing(said)


def test_from_an_empty_folder_to_a_letter_that_is_served(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert status_of(data)["next"].startswith("ruban serve prints a link")
    with serving(data):
        assert status_of(data)["next"].startswith("Begin the group")
    with cast_of(data, window=0) as cast:
        cast.now = int(time.time()) - 10
        cast.open_letter(5 * DAY)
        sign(cast, 1)
        cast.release()
    data.chmod(0o700)
    rests = status_of(data)
    assert (rests["serving"], rests["wrong"]) == (False, 0)
    assert rests["next"].startswith("ruban serve: without it")
    with serving(data):
        runs = status_of(data)
    assert runs["serving"] is True
    assert runs["group"] == rests["group"]
    assert runs["next"] == next_step(parse_standing(runs["group"]))


def test_what_is_wrong_with_the_machine_comes_first(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=12, enrolled=0):
        pass
    tmp_path.chmod(0o755)
    said = status_of(tmp_path)
    assert said["wrong"] == 1
    assert said["next"] == f"chmod go-rwx {tmp_path}"


def test_a_record_that_does_not_replay_is_no_group_to_begin(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        cast.open_letter()
        cast.keeper.store.close()
        with closing(sqlite3.connect(cast.folder / "log.db")) as log, log:
            log.execute("DROP TRIGGER entries_are_fixed")
            log.execute("UPDATE entries SET leaf = X'00' WHERE idx = 1")
    tmp_path.chmod(0o700)
    rests = status_of(tmp_path)
    assert (rests["group"], rests["wrong"]) == (None, 1)
    with serving(tmp_path):
        runs = status_of(tmp_path)
    assert (runs["serving"], runs["group"], runs["next"]) == (True, None, rests["next"])


def test_a_record_that_the_server_does_not_trust_comes_before_beginning_one() -> None:
    step = next_action([], None, serving=True, recorded=True)
    assert step.startswith("Stop the server, then ask ruban doctor")
