"""`ruban backup`, with a server that runs and without, and `ruban restore`, which never makes two records of one."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ruban.manage.control import ask_server
from ruban.service.witnessing import POLICY_FILE
from ruban.web.configuration import Configuration
from ruban.web.control import SOCKET, Control
from ruban.web.private_tables import beside_record, places_beside_record
from ruban.web.site import Site
from tests.manage.commands import Shell
from tests.manage.test_commands import enrol_everybody, open_group, open_letter, shell
from tests.service.cast import Cast, cast_of
from tests.service.test_adopt import sign

__all__ = ["shell"]


@contextmanager
def serving(cast: Cast) -> Iterator[Site]:
    """The part of a server that commands speak to."""
    site = Site(Configuration(data=cast.folder.parent), clock=lambda: cast.now)
    site.keeper = cast.keeper
    control = Control(site)
    try:
        yield site
    finally:
        control.close()


def test_a_server_makes_the_backup_right_after_its_release(tmp_path: Path, shell: Shell) -> None:
    with cast_of(tmp_path) as cast, serving(cast) as site:
        cast.open_letter()
        sign(cast, 6, by_name=True)
        told: list[dict[str, object]] = []
        heard = threading.Event()

        def tell(said: dict[str, object]) -> None:
            told.append(said)
            heard.set()

        done: list[object] = []
        request = {"do": "backup", "to": str(tmp_path / "backup")}
        asking = threading.Thread(target=lambda: done.append(ask_server(tmp_path, request, tell)))
        asking.start()
        assert heard.wait(30)
        assert told == [{"wait_until": cast.now + cast.window}]
        assert not (tmp_path / "backup").exists()
        cast.now += cast.window
        site.release()
        asking.join(30)
        assert done == [{"entries": cast.keeper.tree.size, "waiting": 0}]
        assert (tmp_path / "backup").exists()


def test_a_server_with_nothing_that_waits_makes_it_at_once(tmp_path: Path, shell: Shell) -> None:
    with cast_of(tmp_path) as cast, serving(cast):
        assert (tmp_path / SOCKET).stat().st_mode & 0o777 == 0o600
        ran = shell("backup", "made.backup", "--data", str(tmp_path), "--json")
        assert ran.code == 0, ran.err
        assert ran.json == {"entries": cast.keeper.tree.size, "waiting": 0, "file": "made.backup"}
        assert "already there" in shell("backup", "made.backup", "--data", str(tmp_path)).err
        ran = shell("backup", "none/made.backup", "--data", str(tmp_path))
        assert ran.code == 1
        assert "No such file or directory" in ran.err
    assert not (tmp_path / SOCKET).exists()


@pytest.mark.parametrize("line", [b"", b"{}", b'{"do":"backup","to":"relative"}', b'{"do":"sign","to":"/x"}', b"\xff"])
def test_a_request_that_is_none_is_refused(tmp_path: Path, line: bytes) -> None:
    with cast_of(tmp_path) as cast, serving(cast), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(tmp_path / SOCKET))
        connection.sendall(line + b"\n")
        with connection.makefile("rb") as answers:
            assert json.loads(answers.readline())["error"]["error"] == "FormatError"


def test_a_socket_that_a_killed_server_left_stops_neither_backup_nor_start(tmp_path: Path, shell: Shell) -> None:
    open_group(shell)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(f"ruban-data/{SOCKET}")
    assert shell("backup", "made.backup").code == 0


def test_the_newest_are_kept_and_nothing_else_of_the_folder_is_touched(shell: Shell) -> None:
    open_group(shell)
    folder = Path("backups")
    assert shell("backup", "backups", "--keep", "2").code == 2
    folder.mkdir()
    for name in ("2026-01-01T030000Z.ruban", "2026-01-02T030000Z.ruban", "moving.ruban"):
        (folder / name).write_bytes(b"old")
    assert shell("backup", "backups").code == 2
    assert shell("backup", "backups", "--keys", "--keep", "2").code == 2
    assert shell("backup", "backups", "--keep", "2").code == 0
    [kept, made, other] = sorted(path.name for path in folder.iterdir())
    assert (kept, other) == ("2026-01-02T030000Z.ruban", "moving.ruban")
    assert (folder / made).stat().st_mode & 0o777 == 0o600


def test_a_backup_that_is_put_back_waits_for_its_witnesses_as_before(tmp_path: Path) -> None:
    assert set(beside_record(tmp_path)) == set(places_beside_record(tmp_path))
    (tmp_path / "group").mkdir()
    (tmp_path / "group" / POLICY_FILE).write_bytes(b"quorum none\n")
    copy = tmp_path / "copy"
    beside_record(tmp_path)[POLICY_FILE](copy)
    assert copy.read_bytes() == b"quorum none\n"


def test_the_safe_way_back_is_the_easy_one(shell: Shell) -> None:
    open_group(shell)
    enrol_everybody(shell)
    assert shell("backup", "keys.backup", "--keys").code == 0
    assert shell("backup", "made.backup").code == 0
    open_letter(shell)
    assert shell("bundle", "ruban-data", "--out", "whole.zip").code == 0
    # The machine burns down.
    shutil.rmtree("ruban-data")
    refused = shell("restore", "made.backup")
    assert refused.code == 2
    assert "--keys FILE" in refused.err
    refused = shell("restore", "made.backup", "--keys", "keys.backup")
    assert refused.code == 1
    assert "--copy" in refused.err
    assert "--nothing-newer" in refused.err
    assert not Path("ruban-data").exists()
    ran = shell("restore", "made.backup", "--keys", "keys.backup", "--copy", "whole.zip", "--json")
    assert ran.code == 0, ran.err
    assert ran.json == {"entries": 38, "waiting": 0, "frozen": False, "aside": None}
    assert shell("verify", "ruban-data").code == 0
    open_letter(shell)


def test_an_old_backup_beside_keys_that_have_signed_more_is_frozen(shell: Shell) -> None:
    open_group(shell)
    assert shell("backup", "made.backup").code == 0
    enrol_everybody(shell)
    ran = shell("restore", "made.backup")
    assert ran.code == 0, ran.err
    assert "set aside" in ran.out
    assert "ruban log adopt" in ran.out
    assert "an older copy" in shell("release").err


def test_whoever_says_that_nothing_is_newer_goes_on(shell: Shell) -> None:
    open_group(shell)
    assert shell("backup", "keys.backup", "--keys").code == 0
    assert shell("backup", "made.backup").code == 0
    shutil.rmtree("ruban-data")
    ran = shell("restore", "made.backup", "--keys", "keys.backup", "--nothing-newer")
    assert ran.code == 0, ran.err
    assert "Start the server" in ran.out
    enrol_everybody(shell)
