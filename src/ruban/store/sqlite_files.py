"""How a SQLite file is opened so that a commit means durable, and what its errors mean to Ruban."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw

from ruban.errors import Message, StoreCorrupt, StoreError, StoreFull, StoreLocked

APPLICATION_ID = 0x52756261  # "Ruba"
FIRST_SCHEMA_VERSION = 1
_SYNCHRONOUS_FULL = 2

# sqlite.org/wal.html#walresetbug: fixed in 3.51.3, and in these two older branches.
_WAL_FIXED_IN = (3, 51, 3)
_WAL_FIXED_IN_BRANCH = {(3, 50): 7, (3, 44): 6}


def journal_mode_for(version: str) -> str:
    """`wal` for a SQLite without the bug that loses commits when the WAL is reset, else `truncate`."""
    numbers = tuple(int(part) for part in version.split("."))
    fixed_in_branch = _WAL_FIXED_IN_BRANCH.get((numbers[0], numbers[1]))
    if numbers >= _WAL_FIXED_IN or (fixed_in_branch is not None and numbers[2] >= fixed_in_branch):
        return "wal"
    return "truncate"


def connect(path: Path, schema: str, create: bool, upgrades: Sequence[str] = ()) -> apsw.Connection:
    """The only connection to `path`, exclusive and durable; with `create`, a file without tables gets `schema`.

    `schema` is the newest. A file of an older version becomes one, whole or not at all: `upgrades[0]` leads from the
    first version to the second, and so on.

    Raises StoreLocked if another process has it, StoreCorrupt if it is no file of ours, StoreError if it is missing or
    SQLite does not take a setting. Without `create` an empty file is refused: it once held something.
    """
    newest = FIRST_SCHEMA_VERSION + len(upgrades)
    if create:
        # Before SQLite does: its journal takes over the mode of the file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    except apsw.CantOpenError as error:
        raise StoreError("store", path.name, Message("no such file")) from error
    try:
        _configure(connection)
        connection.execute("BEGIN EXCLUSIVE")
        if create and connection.execute("SELECT count(*) FROM sqlite_schema").get == 0:
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("user_version", newest)
            connection.execute(schema)
        version = connection.pragma("user_version")
        known = FIRST_SCHEMA_VERSION <= version <= newest
        if not known or connection.pragma("application_id") != APPLICATION_ID:
            raise StoreCorrupt(path.name, Message("a Ruban store of version {n}", n=newest), str(version))
        for number, upgrade in enumerate(upgrades, FIRST_SCHEMA_VERSION + 1):
            if version < number:
                connection.execute(upgrade)
                connection.pragma("user_version", number)
        connection.execute("COMMIT")
    except apsw.Error as error:
        connection.close(True)
        raise as_store_error(error) from error
    except BaseException:
        connection.close(True)
        raise
    return connection


def _configure(connection: apsw.Connection) -> None:
    journal_mode = journal_mode_for(apsw.sqlite_lib_version())
    for name, value in (
        # Before anything reads: an exclusive WAL needs no shared memory, and no second process gets in.
        ("locking_mode", "exclusive"),
        ("journal_mode", journal_mode),
        ("synchronous", _SYNCHRONOUS_FULL),
        # Deleted content is overwritten with zeros, and nothing is spilled into temporary files.
        ("secure_delete", 1),
        ("temp_store", 2),
        ("fullfsync", 1),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
    ):
        connection.pragma(name, value)
        got = connection.pragma(name)
        # SQLite ignores what it does not take; a store that is not durable must not start.
        if got != value:
            raise StoreError(name, str(value), str(got))


@contextlib.contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Commit at the end, durably; roll back whatever raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite has rolled back some errors by itself; where its own ROLLBACK fails too, the first error is the one to
        # tell, and the store stops.
        with contextlib.suppress(apsw.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


def truncate_journal(connection: apsw.Connection) -> None:
    """Move everything into the file itself and empty the WAL, which holds old pages in their order."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def check_sound(connection: apsw.Connection, name: str) -> None:
    """StoreCorrupt if SQLite itself finds the file damaged."""
    if connection.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
        raise StoreCorrupt(name, Message("a sound file"), Message("a damaged one"))


def as_store_error(error: apsw.Error) -> StoreError:
    """The error of ours that says what SQLite's means; only StoreFull leaves the store usable."""
    match error:
        case apsw.FullError():
            return StoreFull("disk", Message("space"), Message("none"), hint=Message("free some space"))
        case apsw.BusyError() | apsw.LockedError():
            return StoreLocked("store", Message("one that no other process holds"), Message("a lock"))
        # Our own statements are right: where SQLite does not take one, the file's tables are no longer ours.
        case apsw.CorruptError() | apsw.NotADBError() | apsw.SQLError():
            return StoreCorrupt("store", Message("a sound file"), Message("a damaged one"))
        case _:
            return StoreError("store", Message("a disk that works"), type(error).__name__)
