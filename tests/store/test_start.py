"""Starting: whatever differs from the signed head is refused, and so is a second process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from ruban.errors import StoreCorrupt, StoreError, StoreLocked
from ruban.store.sqlite import SqliteStore
from ruban.store.sqlite_files import journal_mode_for
from tests.store.group_log import append, leaf, make, note_after, opening, pending, reopen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with make(tmp_path / "group") as store:
        append(store, [leaf(number) for number in range(5)], openings=[opening(1)])
        store.submit(pending(10))
    return tmp_path / "group"


def _damage(folder: Path, *statements: str) -> None:
    connection = apsw.Connection(str(folder / "log.db"))
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]
    for statement in (*(f"DROP TRIGGER {name}" for name in names), *statements):
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("field", "statement"),
    [
        ("entry 2", "UPDATE entries SET leaf = x'00' WHERE idx = 2"),
        ("entry 2", "UPDATE entries SET hash = zeroblob(32) WHERE idx = 2"),
        ("entry 2", "DELETE FROM entries WHERE idx = 2"),
        ("head", "DELETE FROM entries WHERE idx = 4"),
        ("head", "UPDATE head SET size = 4"),
        ("head", "UPDATE head SET root = zeroblob(32)"),
        ("head note", "UPDATE head SET note = x''"),
        ("head note", "UPDATE head SET note = CAST(replace(CAST(note AS TEXT), char(10) || '5', '4') AS BLOB)"),
        ("pending entry", "UPDATE pending SET leaf = x'00'"),
        ("pending entry", "UPDATE pending SET hash = zeroblob(32)"),
    ],
)
def test_a_store_that_was_changed_is_refused(folder: Path, field: str, statement: str) -> None:
    _damage(folder)
    reopen(folder).close()
    _damage(folder, statement)
    with pytest.raises(StoreCorrupt) as caught:
        reopen(folder)
    assert caught.value.field == field


def test_an_older_head_that_fits_its_entries_is_not_noticed_here(folder: Path) -> None:
    # The limit of this check, on purpose: a whole old copy is found by the high-water mark, not by the tree.
    _damage(folder)
    old = folder.with_name("old")
    shutil.copytree(folder, old)
    with reopen(folder) as store:
        append(store, [leaf(99)])
    with reopen(old) as store:
        assert store.head().size == 5


@pytest.mark.parametrize("name", ["log.db", "openings.db"])
def test_an_emptied_or_missing_file_is_not_made_anew(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(StoreCorrupt):
        reopen(folder)
    (folder / name).unlink()
    with pytest.raises(StoreError):
        reopen(folder)
    assert not (folder / name).exists()


@pytest.mark.parametrize("name", ["log.db", "openings.db"])
def test_a_file_of_something_else_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"not a database at all, but long enough to be read as one" * 100)
    with pytest.raises(StoreCorrupt):
        reopen(folder)
    (folder / name).unlink()
    other = apsw.Connection(str(folder / name))
    other.execute("CREATE TABLE t(x)")
    other.close()
    with pytest.raises(StoreCorrupt):
        reopen(folder)


def test_a_page_of_zeros_is_refused(folder: Path) -> None:
    data = bytearray((folder / "log.db").read_bytes())
    data[4096 * 2 : 4096 * 3] = bytes(4096)
    (folder / "log.db").write_bytes(data)
    with pytest.raises(StoreCorrupt):
        reopen(folder)


def test_a_store_is_made_once(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        make(folder)
    with pytest.raises(StoreError):
        reopen(tmp_path / "nowhere")
    # One that never got an entry is made again: a crash may have come in between.
    make(tmp_path / "empty").close()
    make(tmp_path / "empty").close()


def test_a_store_that_was_refused_is_not_left_locked(folder: Path) -> None:
    with pytest.raises(StoreError):
        make(folder)
    _damage(folder, "UPDATE head SET size = 4")
    with pytest.raises(StoreCorrupt):
        reopen(folder)
    _damage(folder, "UPDATE head SET size = 5")
    reopen(folder).close()


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "above" / "group"
    with make(folder) as store:
        store.submit(pending(1))
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes.pop("log.db-wal") == modes.pop("openings.db-wal") == 0o600
    assert modes == {"log.db": 0o600, "openings.db": 0o600, "lock": 0o600}
    assert folder.stat().st_mode & 0o777 == folder.parent.stat().st_mode & 0o777 == 0o700


def test_settings_that_durability_rests_on_are_in_force(tmp_path: Path) -> None:
    with make(tmp_path / "group") as store:
        for connection in (store._log.connection, store._openings.connection):
            got = [connection.pragma(name) for name in ("synchronous", "journal_mode", "locking_mode", "secure_delete")]
            assert got == [2, "wal", "exclusive", 1]


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ("3.40.1", "truncate"),
        ("3.44.5", "truncate"),
        ("3.44.6", "wal"),
        ("3.45.0", "truncate"),
        ("3.50.6", "truncate"),
        ("3.50.7", "wal"),
        ("3.51.2", "truncate"),
        ("3.51.3", "wal"),
        ("3.52.0", "wal"),
        ("3.54.1", "wal"),
        ("4.0.0", "wal"),
    ],
)
def test_the_wal_is_used_only_where_its_reset_is_safe(version: str, mode: str) -> None:
    assert journal_mode_for(version) == mode


def test_with_the_rollback_journal_everything_works_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ruban.store.sqlite_files.journal_mode_for", lambda version: "truncate")
    with make(tmp_path / "group") as store:
        assert store._log.connection.pragma("journal_mode") == "truncate"
        store.submit(pending(1))
        append(store, [leaf(1)], erased=[opening(1).commitment])
        assert not (tmp_path / "group" / "log.db-wal").exists()
    with reopen(tmp_path / "group") as store:
        assert list(store.entries()) == [leaf(1)]
        assert note_after(store, [])


SECOND = """
import sys
from pathlib import Path
from ruban.errors import StoreLocked
from ruban.store.sqlite import SqliteStore
try:
    SqliteStore.open(Path(sys.argv[1])).close()
except StoreLocked:
    print("locked")
else:
    print("opened")
"""


def _second(folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", SECOND, str(folder)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_second_process_is_refused_while_the_first_has_the_store(folder: Path) -> None:
    with reopen(folder) as store:
        assert _second(folder) == "locked"
        # Not by the lock file alone: without it, SQLite's own lock holds.
        (folder / "lock").unlink()
        assert _second(folder) == "locked"
        append(store, [leaf(50)])
    assert _second(folder) == "opened"


def test_a_second_store_in_one_process_is_refused(folder: Path) -> None:
    with reopen(folder), pytest.raises(StoreLocked):
        SqliteStore.open(folder)
    reopen(folder).close()
