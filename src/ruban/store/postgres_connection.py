"""How PostgreSQL is reached so that a commit means durable, and what its errors mean to Ruban.

An address may hold a password: it is in no error, and in no `repr`.
"""

from __future__ import annotations

import re
from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import DataCorrupted, DiskFull, IndexCorrupted, InvalidSchemaName, UndefinedTable

from ruban.errors import FormatError, Message, StoreCorrupt, StoreError, StoreFull
from ruban.store.postgres_tables import SCHEMA, VERSION

Connection = psycopg.Connection[tuple[Any, ...]]

CONNECT_SECONDS = 10
_SCHEMA_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_UNSAFE = (
    ("fsync", "off", Message("what was acknowledged would be lost when the power fails")),
    ("full_page_writes", "off", Message("a torn page would be lost when the power fails")),
    ("synchronous_commit", "off", Message("what was acknowledged would be lost when the server stops")),
    ("track_commit_timestamp", "on", Message("it keeps the time of every signature")),
)
"""Settings of the database server that a record must not lie under, and why."""

_INDISCREET = (
    ("archive_mode", ("off",), Message("its journal, with the order of signatures and texts that were erased since")),
    ("log_statement", ("none", "ddl"), Message("what is written, with its time, in its messages")),
    ("log_min_duration_statement", ("-1",), Message("what is written, with its time, in its messages")),
)
"""Settings of the database server that keep what Ruban forgets: which values do not, and what is kept otherwise."""


def connect(address: str, schema: str, *, create: bool = False) -> Connection:
    """A connection whose commits are durable, in a schema of our version; with `create`, one that is made if need be.

    StoreError if the server cannot be reached, is a copy of another or has an unsafe setting; StoreCorrupt if the
    schema is none of ours; FormatError for a name that is no schema's.
    """
    if not _SCHEMA_NAME.fullmatch(schema):
        raise FormatError("schema", Message("a name of small letters, digits and _"), repr(schema[:50]))
    try:
        connection = psycopg.connect(
            address, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="ruban", client_encoding="UTF8"
        )
    except psycopg.Error as error:
        raise StoreError(
            "database",
            Message("a PostgreSQL server that answers"),
            _told(error),
            hint=Message("Look at the address, and at whether the server runs and lets this user in."),
        ) from None
    try:
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        _check_settings(connection)
        connection.execute("SELECT set_config('search_path', %s, false)", (schema,))
        with connection.transaction():
            if create:
                _make(connection, schema)
            _check_version(connection)
    except psycopg.Error as error:
        connection.close()
        raise as_store_error(error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def keeps_too_much(address: str) -> list[tuple[str, str, Message]]:
    """Settings under which the server keeps what Ruban forgets: name, value, and what is kept. StoreError."""
    try:
        with psycopg.connect(address, connect_timeout=CONNECT_SECONDS) as connection:
            found = {}
            for name, _, _ in _INDISCREET:
                [(found[name],)] = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchall()
    except psycopg.Error as error:
        raise as_store_error(error) from None
    return [(name, found[name], why) for name, harmless, why in _INDISCREET if found[name] not in harmless]


def drop(address: str, schema: str) -> None:
    """Delete a schema of ours with all that is in it."""
    with connect(address, schema) as connection:
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))


def _check_settings(connection: Connection) -> None:
    for name, unsafe, why in _UNSAFE:
        [(got,)] = connection.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchall()
        if got == unsafe:
            raise StoreError(
                name,
                "on" if unsafe == "off" else "off",
                got,
                hint=Message("Change it in postgresql.conf, or for this user: {why}.", why=why),
            )
    [(copy,)] = connection.execute("SELECT pg_is_in_recovery()").fetchall()
    if copy:
        raise StoreError("database", Message("a server that takes writes"), Message("a copy of another"))


def _make(connection: Connection, schema: str) -> None:
    # Two that begin at once: the second waits here, and finds the first one's tables.
    connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"ruban {schema}",))
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    [(n,)] = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relnamespace = (%s::text)::regnamespace", (schema,)
    ).fetchall()
    if n == 0:
        for statement in SCHEMA:
            connection.execute(statement)


def _check_version(connection: Connection) -> None:
    try:
        found = connection.execute("SELECT version FROM store").fetchall()
    except (UndefinedTable, InvalidSchemaName):
        raise StoreError("database", Message("a schema with a record"), Message("one without")) from None
    if found != [(VERSION,)]:
        raise StoreCorrupt("database", Message("a Ruban store of version {n}", n=VERSION), str(found[:2]))


def _told(error: psycopg.Error) -> str:
    """What may be said of an error: its kind, never its text, which can hold an address."""
    return f"{type(error).__name__} {error.sqlstate or ''}".rstrip()


def as_store_error(error: psycopg.Error) -> StoreError:
    """The error of ours that says what PostgreSQL's means; only StoreFull leaves the store usable."""
    match error:
        case DiskFull():
            return StoreFull("disk", Message("space"), Message("none"), hint=Message("free some space"))
        case DataCorrupted() | IndexCorrupted():
            return StoreCorrupt("store", Message("a sound file"), Message("a damaged one"))
        case _:
            return StoreError("store", Message("a database that works"), _told(error))
