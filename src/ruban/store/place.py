"""Where a group's record lies: in its folder, or in a database that `database.json` in the folder names.

Keys lie in the folder either way. The file may hold a password and is for its owner alone (0600).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from ruban.durable import write_durably
from ruban.errors import FormatError, Message, StoreError
from ruban.store.desk import Desk
from ruban.store.ports import LogStore
from ruban.store.posix import make_private_folder
from ruban.store.sqlite import LOG_FILE, SqliteStore
from ruban.store.sqlite_desk import SqliteDesk

DATABASE_FILE, DESK_FILE = "database.json", "desk.db"
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
    try:
        found = json.loads(path.read_bytes()[:MAX_FILE_BYTES])
        if found.keys() != {"address", "schema"} or not all(isinstance(value, str) for value in found.values()):
            raise ValueError
    except (ValueError, AttributeError):
        raise FormatError(DATABASE_FILE, Message("JSON with an address and a schema"), Message("another")) from None
    return Database(found["address"], found["schema"])


def name_database(folder: Path, database: Database | None) -> None:
    """Write down, durably, where the record lies from now on."""
    make_private_folder(folder)
    if database is None:
        (folder / DATABASE_FILE).unlink(missing_ok=True)
        return
    text = json.dumps({"address": database.address, "schema": database.schema}, indent=2)
    write_durably(folder / DATABASE_FILE, text.encode() + b"\n")


def has_record(folder: Path) -> bool:
    """Whether a record lies in `folder` or in a database that it names, sound or not."""
    return (folder / LOG_FILE).exists() or (folder / DATABASE_FILE).exists()


def create_store(folder: Path, database: Database | None) -> LogStore:
    """A store with an empty log, in the folder or in the database; StoreError if there is one with entries."""
    if (folder / (DATABASE_FILE if database is None else LOG_FILE)).exists():
        raise StoreError("folder", Message("one without a group"), Message("a group's folder"))
    if database is None:
        return SqliteStore.create(folder)
    _need_psycopg()
    from ruban.store.postgres import PostgresStore

    return PostgresStore.create(database.address, database.schema)


def open_store(folder: Path) -> LogStore:
    """The store of the group in `folder`, checked."""
    database = database_of(folder)
    if database is None:
        return SqliteStore.open(folder)
    _need_psycopg()
    from ruban.store.postgres import PostgresStore

    return PostgresStore.open(database.address, database.schema)


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
