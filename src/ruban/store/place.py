"""Where a group's record lies: in its folder, or in a database that `database.json` in the folder names.

Keys lie in the folder either way. The file may hold a password and is for its owner alone (0600).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ruban.durable import write_durably
from ruban.errors import FormatError, Message, StoreError
from ruban.record.canonical import encode, parse_strict
from ruban.store.desk import Desk
from ruban.store.move import Movable
from ruban.store.posix import make_private_folder
from ruban.store.sqlite import DESK_FILE, LOG_FILE, OPENINGS_FILE, SqliteStore
from ruban.store.sqlite_desk import SqliteDesk

DATABASE_FILE, DEFAULT_SCHEMA = "database.json", "ruban"
MAX_FILE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Database:
    """A schema of a PostgreSQL server. The address may hold a password."""

    address: str = field(repr=False)
    schema: str


def database_of(folder: Path) -> Database | None:
    """The database that a group's folder names; None if the record lies in the folder. FormatError for a wrong file."""
    path = folder / DATABASE_FILE
    if not path.is_file():
        return None
    # An operator may have edited it: any white space.
    found = parse_strict(DATABASE_FILE, path.read_bytes(), max_bytes=MAX_FILE_BYTES, max_depth=1)
    match found:
        case {"address": str(address), "schema": str(schema)} if len(found) == 2:
            return Database(address, schema)
    raise FormatError(DATABASE_FILE, Message("an address and a schema"), Message("another"))


def name_database(folder: Path, database: Database | None) -> None:
    """Write down, durably, where the record lies from now on."""
    make_private_folder(folder)
    if database is None:
        (folder / DATABASE_FILE).unlink(missing_ok=True)
        return
    named = {"address": database.address, "schema": database.schema}
    write_durably(folder / DATABASE_FILE, encode(named))


def has_record(folder: Path) -> bool:
    """Whether a record lies in `folder` or in a database that it names, sound or not."""
    return (folder / LOG_FILE).exists() or (folder / DATABASE_FILE).exists()


def create_store(folder: Path, database: Database | None) -> Movable:
    """A store with an empty log, in the folder or in the database; StoreError if there is one with entries."""
    if database is None:
        return SqliteStore.create(folder)
    _need_psycopg()
    from ruban.store.postgres import PostgresStore

    return PostgresStore.create(database.address, database.schema)


def open_store(folder: Path) -> Movable:
    """The store of the group in `folder`, checked."""
    return open_store_at(folder, database_of(folder))


def open_store_at(folder: Path, database: Database | None) -> Movable:
    """The store in the folder or in the database, checked, whatever the folder names."""
    if database is None:
        return SqliteStore.open(folder)
    _need_psycopg()
    from ruban.store.postgres import PostgresStore

    return PostgresStore.open(database.address, database.schema)


def discard_store(folder: Path, database: Database | None) -> None:
    """Delete a copy that is not the record: files in the folder, or the schema. Never fails for what is not there."""
    if database is None:
        for name in (LOG_FILE, OPENINGS_FILE, DESK_FILE):
            for path in folder.glob(f"{name}*"):
                path.unlink()
        return
    from ruban.store.postgres_connection import drop

    drop(database.address, database.schema)


def open_desk(folder: Path, database: Database | None) -> Desk:
    """The drawer beside the record; in a folder it is made if it is missing."""
    if database is None:
        return SqliteDesk(folder / DESK_FILE)
    from ruban.store.postgres_desk import PostgresDesk

    return PostgresDesk(database.address, database.schema)


def _need_psycopg() -> None:
    try:
        import psycopg  # noqa: F401  # whether it is there
    except ImportError:
        raise StoreError(
            "database",
            Message("psycopg, which speaks to PostgreSQL"),
            Message("an installation without it"),
            hint=Message("Install it beside Ruban: pip install 'ruban[postgres]'."),
        ) from None
