"""The drawer of invitations, and one that an older version left."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from ruban.errors import StoreCorrupt
from ruban.store.desk import Desk, Invitation

OLD = """
CREATE TABLE invitations (
    code_hash BLOB PRIMARY KEY NOT NULL, name TEXT, identifier BLOB, role TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO invitations VALUES (x'01', 'Ada', x'616461', 'engineer'), (x'02', NULL, NULL, NULL);
PRAGMA application_id = 0x52756261;
PRAGMA user_version = 1;
"""
"""As Ruban made it before codes could end: one invitation unused, one used."""

ADA = Invitation(code_hash=b"\x01", name="Ada", identifier=b"ada", role="engineer")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "desk.db"
    old = apsw.Connection(str(path))
    old.execute(OLD)
    old.close()
    return path


def version(path: Path) -> object:
    connection = apsw.Connection(str(path))
    found = connection.pragma("user_version")
    connection.close()
    return found


def test_a_drawer_of_the_first_version_keeps_what_it_holds_and_its_codes_have_no_end(path: Path) -> None:
    desk = Desk(path)
    assert desk.invitation(b"\x01") == ADA
    assert desk.invitation_counts() == (2, 1)
    assert desk.expiries() == [None]
    desk.close()
    assert version(path) == 2


def test_a_drawer_is_brought_up_once_and_takes_codes_that_end(path: Path) -> None:
    Desk(path).close()
    desk = Desk(path)
    ending = Invitation(code_hash=b"\x03", name="Eve", identifier=b"eve", expires=1_800_000_000)
    desk.add_invitations([ending])
    assert desk.invitation(b"\x03") == ending
    desk.close()


def test_an_upgrade_that_fails_leaves_the_old_drawer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(
            "ruban.store.desk._UPGRADES", ("ALTER TABLE invitations ADD COLUMN expires INTEGER; SELECT broken",)
        )
        with pytest.raises(Exception, match="a disk that works"):
            Desk(path)
    assert version(path) == 1
    desk = Desk(path)
    assert desk.invitation(b"\x01") == ADA
    desk.close()


@pytest.mark.parametrize("number", [0, 3])
def test_a_drawer_of_a_version_that_is_not_known_is_refused(path: Path, number: int) -> None:
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", number)
    connection.close()
    with pytest.raises(StoreCorrupt):
        Desk(path)
    assert version(path) == number


def test_a_new_drawer_is_of_the_newest_version(tmp_path: Path) -> None:
    Desk(tmp_path / "new.db").close()
    assert version(tmp_path / "new.db") == 2
