"""Where Django's tables lie: `private.db` in the data folder, or a schema beside the record's in its database.

Organisers, their sign-ins, drafts, addresses of letters. They go where the record goes, so that servers on several
machines share them; no table tells of a signature or links a person to a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import apsw

from ruban.durable import write_durably
from ruban.errors import Message, StoreError
from ruban.service.open_group import group_folder
from ruban.service.witnessing import POLICY_FILE
from ruban.store.place import Database, database_of

PRIVATE_DATABASE = "private.db"
BUSY_MILLISECONDS = 10_000
_OTHER = "other"


def place_of_tables(data: Path) -> dict[str, Any]:
    """Django's description of the database that holds the tables of the server with this data folder."""
    database = database_of(group_folder(data))
    return in_file(data / PRIVATE_DATABASE) if database is None else in_database(database)


def in_file(path: Path) -> dict[str, Any]:
    """The same for a SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # One connection for each thread: a new one for each request was a third of what a rendered page costs.
        "CONN_MAX_AGE": None,
        # No write-ahead log, which would keep what was deleted for as long as a connection is open.
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            "transaction_mode": "IMMEDIATE",
        },
    }


def in_database(database: Database) -> dict[str, Any]:
    """The same for a PostgreSQL database, in the schema of pages beside the record's."""
    from psycopg.conninfo import conninfo_to_dict

    found = {name: value for name, value in conninfo_to_dict(database.address).items() if value is not None}
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    path = f"-c search_path={schema_of(database)}"
    rest = {name: value for name, value in found.items() if name not in (*named, "options")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        # A connection that was lost is made again with the next request.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": rest | {"options": f"{found.get('options', '')} {path}".strip()},
    } | {ours: found[theirs] for theirs, ours in named.items() if theirs in found}


def schema_of(database: Database) -> str:
    """The schema of the pages' tables."""
    return f"{database.schema}_pages"


def make_schema(database: Database) -> None:
    """Make the schema of the pages' tables unless it is there; StoreError if the server does not let us."""
    _do(database, "CREATE SCHEMA IF NOT EXISTS {}")


def has_tables(data: Path, database: Database | None) -> bool:
    """Whether pages have ever been served from there."""
    if database is None:
        return (data / PRIVATE_DATABASE).exists()
    import psycopg

    try:
        with psycopg.connect(database.address) as connection:
            found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema_of(database),))
            return found.fetchone() is not None
    except psycopg.Error as error:
        raise StoreError("database", Message("a database that works"), type(error).__name__) from None


def discard(data: Path, database: Database | None) -> None:
    """Delete a copy that is not used (any more): the file, or the schema."""
    if database is None:
        for path in data.glob(f"{PRIVATE_DATABASE}*"):
            path.unlink()
    else:
        _do(database, "DROP SCHEMA IF EXISTS {} CASCADE")


def _do(database: Database, statement: str) -> None:
    import psycopg
    from psycopg import sql

    try:
        with psycopg.connect(database.address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(schema_of(database))))
    except psycopg.Error as error:
        raise StoreError("database", Message("a database that works"), type(error).__name__) from None


def copy_to(place: dict[str, Any]) -> None:
    """Fill a new place with the tables of this process; Django is set up. StoreError unless it then has the same."""
    from django.db import DatabaseError, transaction
    from django.db.models import Model

    models = _models()

    def rows(model: type[Model], alias: str) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = sorted(model._base_manager.using(alias).values_list(), key=repr)
        return found

    try:
        with _connected(place), transaction.atomic(_OTHER):
            for model in models:
                model._base_manager.using(_OTHER).all().delete()
            for model in models:
                model._base_manager.using(_OTHER).bulk_create(model._base_manager.using("default").all())
            _count_on(models)
            for model in models:
                if _plain(rows(model, "default")) != _plain(rows(model, _OTHER)):
                    raise StoreError("private tables", Message("the rows that were there"), Message("others"))
    except DatabaseError as error:
        raise StoreError("private tables", Message("a database that works"), type(error).__name__) from error


def copy_into_file(data: Path, target: Path) -> None:
    """Write the tables of a data folder to a SQLite file, as of one moment and without what was deleted in them.

    Nothing where there are none. Where they lie in a database, Django is set up.
    """
    database = database_of(group_folder(data))
    if not has_tables(data, database):
        return
    if database is not None:
        copy_to(in_file(target))
        return
    try:
        connection = apsw.Connection(str(data / PRIVATE_DATABASE), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(BUSY_MILLISECONDS)
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()
    except apsw.Error as error:
        raise StoreError(PRIVATE_DATABASE, Message("a file that can be copied"), type(error).__name__) from error


def beside_record(data: Path) -> dict[str, Callable[[Path], None]]:
    """What a backup has besides the record, by name, with what writes a copy of each where there is one."""
    policy = group_folder(data) / POLICY_FILE

    def copy_policy(target: Path) -> None:
        # Without it a record that is put back would be published before its witnesses have seen it.
        if policy.exists():
            write_durably(target, policy.read_bytes())

    return {PRIVATE_DATABASE: partial(copy_into_file, data), POLICY_FILE: copy_policy}


def places_beside_record(data: Path) -> dict[str, Path]:
    """Where these go when a backup is put back."""
    return {PRIVATE_DATABASE: data / PRIVATE_DATABASE, POLICY_FILE: group_folder(data) / POLICY_FILE}


def _plain(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """PostgreSQL gives binary fields as views of memory."""
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in rows]


def _models() -> list[Any]:
    """Every table of ours and Django's sessions, those that others point to first."""
    from django.apps import apps

    found = [model for model in apps.get_models() if model._meta.managed]
    return sorted(found, key=lambda model: sum(field.is_relation for field in model._meta.concrete_fields))


def _count_on(models: list[Any]) -> None:
    """Numbers that a database gives itself go on behind those that were copied."""
    from django.core.management.color import no_style
    from django.db import connections

    connection = connections[_OTHER]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


@contextmanager
def _connected(place: dict[str, Any]) -> Iterator[None]:
    """`place` as Django's other database, with its tables made."""
    from django.core.management import call_command
    from django.db import connections

    connections.settings[_OTHER] = connections.configure_settings({"default": {}, _OTHER: place})[_OTHER]
    try:
        call_command("migrate", database=_OTHER, verbosity=0, interactive=False)
        yield
    finally:
        connections[_OTHER].close()
        del connections[_OTHER]
        del connections.settings[_OTHER]
