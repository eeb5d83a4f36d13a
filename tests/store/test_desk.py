"""The drawer of invitations in every kind of store, and one that an older version left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from ruban.errors import StoreCorrupt, StoreError
from ruban.store.desk import Desk, Invitation
from ruban.store.postgres_connection import connect
from ruban.store.postgres_desk import PostgresDesk
from ruban.store.sqlite_desk import SqliteDesk
from tests.postgres_server import Postgres
from tests.store.kinds import InPostgres

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
    desk = SqliteDesk(path)
    assert desk.invitation(b"\x01") == ADA
    assert desk.invitation_counts() == (2, 1)
    assert desk.expiries() == [None]
    desk.close()
    assert version(path) == 2


def test_a_drawer_is_brought_up_once_and_takes_codes_that_end(path: Path) -> None:
    SqliteDesk(path).close()
    desk = SqliteDesk(path)
    ending = Invitation(code_hash=b"\x03", name="Eve", identifier=b"eve", expires=1_800_000_000)
    desk.add_invitations([ending])
    assert desk.invitation(b"\x03") == ending
    desk.close()


def test_an_upgrade_that_fails_leaves_the_old_drawer(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(
            "ruban.store.sqlite_desk._UPGRADES", ("ALTER TABLE invitations ADD COLUMN expires INTEGER; SELECT broken",)
        )
        with pytest.raises(Exception, match="a sound file"):
            SqliteDesk(path)
    assert version(path) == 1
    desk = SqliteDesk(path)
    assert desk.invitation(b"\x01") == ADA
    desk.close()


@pytest.mark.parametrize("number", [0, 3])
def test_a_drawer_of_a_version_that_is_not_known_is_refused(path: Path, number: int) -> None:
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", number)
    connection.close()
    with pytest.raises(StoreCorrupt):
        SqliteDesk(path)
    assert version(path) == number


def test_a_new_drawer_is_of_the_newest_version(tmp_path: Path) -> None:
    SqliteDesk(tmp_path / "new.db").close()
    assert version(tmp_path / "new.db") == 2


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    if request.param == "sqlite":
        made: Desk = SqliteDesk(tmp_path / "new.db")
    else:
        kind = InPostgres(request.getfixturevalue("postgres"))
        kind.make().close()
        made = PostgresDesk(kind.server.address, kind.schema)
    yield made
    made.close()


def _numbered(number: int) -> Invitation:
    who = number.to_bytes(2, "big")
    return Invitation(code_hash=who, name=f"Member {number}", identifier=who, role="engineer", expires=number or None)


def test_a_code_that_was_used_forgets_whose_it_was(desk: Desk) -> None:
    desk.add_invitations([_numbered(number) for number in range(3)])
    desk.mark_used([_numbered(1).code_hash, b"unknown"])
    assert desk.invitation(_numbered(0).code_hash) == _numbered(0)
    assert desk.invitation(_numbered(1).code_hash) == Invitation(
        code_hash=_numbered(1).code_hash, name=None, identifier=None, expires=1
    )
    assert desk.invitation(b"unknown") is None
    assert desk.invitation_counts() == (3, 1)
    assert desk.unused_identifiers() == {_numbered(n).identifier: _numbered(n).code_hash for n in (0, 2)}
    desk.tidy()
    assert [one.used for one in desk.invitations()] == [False, True, False]


def test_of_two_invitations_with_one_code_none_is_kept(desk: Desk) -> None:
    with pytest.raises(StoreError):
        desk.add_invitations([_numbered(1), _numbered(2), _numbered(1)])
    assert desk.invitations() == []


def test_an_invitation_is_replaced_unless_it_was_used(desk: Desk) -> None:
    desk.add_invitations([_numbered(number) for number in range(3)])
    desk.replace_invitation(_numbered(0).code_hash, _numbered(7))
    desk.replace_invitation(_numbered(2).code_hash, None)
    desk.mark_used([_numbered(1).code_hash])
    desk.replace_invitation(_numbered(1).code_hash, None)
    assert [one.code_hash for one in desk.invitations()] == [_numbered(1).code_hash, _numbered(7).code_hash]


def test_ends_are_told_once_each_those_of_used_codes_too(desk: Desk) -> None:
    desk.add_invitations([_numbered(number) for number in (5, 0, 3)])
    desk.mark_used([_numbered(3).code_hash])
    assert desk.expiries() == [3, 5, None]
    desk.set_expiry(9)
    assert desk.expiries() == [9]


def test_the_table_of_a_database_does_not_tell_in_what_order_codes_were_used(postgres: Postgres) -> None:
    kind = InPostgres(postgres)
    kind.make().close()
    desk = PostgresDesk(kind.server.address, kind.schema)
    desk.add_invitations([_numbered(number) for number in range(50)])
    for number in (31, 7, 40, 12):
        desk.mark_used([_numbered(number).code_hash])
    desk.tidy()
    with connect(kind.server.address, kind.schema) as connection:
        rows = connection.execute("SELECT code_hash, xmin::text FROM invitations ORDER BY ctid").fetchall()
    assert rows == sorted(rows)
    assert len({transaction for _, transaction in rows}) == 1
    desk.close()
