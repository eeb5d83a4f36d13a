"""The drawer of invitations as a table in the schema of a record in PostgreSQL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from psycopg import Cursor

from ruban.store.desk import Invitation
from ruban.store.postgres_connection import as_store_error, connect
from ruban.store.postgres_tables import rewrite

_COLUMNS = "code_hash, name, identifier, role, expires"
_TABLE = "invitations"


class PostgresDesk:
    """A `desk.Desk` in a database, which any number of processes may have open."""

    def __init__(self, address: str, schema: str) -> None:
        """StoreError if there is no record in that schema."""
        self._lock = threading.RLock()
        self._connection = connect(address, schema)

    def add_invitations(self, invitations: Iterable[Invitation]) -> None:
        """Keep all of them, or none."""
        rows = [(one.code_hash, one.name, one.identifier, one.role, one.expires) for one in invitations]
        with self._transaction() as cursor:
            cursor.executemany(f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES (%b, %s, %b, %s, %s)", rows)

    def invitations(self) -> list[Invitation]:
        """All of them, in the order of their codes' hashes."""
        with self._transaction() as cursor:
            return [_invitation(row) for row in cursor.execute(f"SELECT {_COLUMNS} FROM {_TABLE} ORDER BY code_hash")]

    def invitation(self, code_hash: bytes) -> Invitation | None:
        """The invitation of a code, used or not."""
        with self._transaction() as cursor:
            row = cursor.execute(f"SELECT {_COLUMNS} FROM {_TABLE} WHERE code_hash = %b", (code_hash,)).fetchone()
            return None if row is None else _invitation(row)

    def unused_identifiers(self) -> dict[bytes, bytes]:
        """Code hash by identifier, of invitations not yet used."""
        with self._transaction() as cursor:
            found = cursor.execute(f"SELECT identifier, code_hash FROM {_TABLE} WHERE identifier IS NOT NULL")
            return dict(found.fetchall())

    def replace_invitation(self, code_hash: bytes, by: Invitation | None) -> None:
        """Forget an invitation that has not been used, and keep `by` in its place; both, or neither."""
        with self._transaction() as cursor:
            rewrite(cursor, _TABLE, "code_hash <> %b OR identifier IS NULL", (code_hash,))
            if by is not None:
                row = (by.code_hash, by.name, by.identifier, by.role, by.expires)
                cursor.execute(f"INSERT INTO {_TABLE} ({_COLUMNS}) VALUES (%b, %s, %b, %s, %s)", row)

    def invitation_counts(self) -> tuple[int, int]:
        """How many invitations there are, and how many have been used."""
        with self._transaction() as cursor:
            [(every, unused)] = cursor.execute(f"SELECT count(*), count(identifier) FROM {_TABLE}").fetchall()
            return every, every - unused

    def expiries(self) -> list[int | None]:
        """When invitations end, used ones too, each time once, soonest first, None last."""
        with self._transaction() as cursor:
            found = cursor.execute(f"SELECT DISTINCT expires FROM {_TABLE} ORDER BY expires NULLS LAST")
            return [expires for (expires,) in found]

    def set_expiry(self, expires: int | None) -> None:
        """Give all invitations this end, used ones too."""
        with self._transaction() as cursor:
            cursor.execute(f"UPDATE {_TABLE} SET expires = %s", (expires,))
            rewrite(cursor, _TABLE, "true")

    def mark_used(self, code_hashes: Iterable[bytes]) -> None:
        """Forget whose invitations these were; their names leave the files with the next `tidy`."""
        used = list(code_hashes)
        if used:
            with self._transaction() as cursor:
                cursor.execute(
                    f"UPDATE {_TABLE} SET name = NULL, identifier = NULL, role = NULL"
                    " WHERE code_hash = ANY(%b::bytea[])",
                    (used,),
                )

    def tidy(self) -> None:
        """Write the table anew, in the order of its key."""
        with self._transaction() as cursor:
            rewrite(cursor, _TABLE, "true")

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Cursor[tuple[Any, ...]]]:
        with self._lock:
            try:
                with self._connection.transaction(), self._connection.cursor(binary=True) as cursor:
                    yield cursor
            except psycopg.Error as error:
                raise as_store_error(error) from error


def _invitation(row: tuple[Any, ...]) -> Invitation:
    code_hash, name, identifier, role, expires = row
    return Invitation(code_hash=code_hash, name=name, identifier=identifier, role=role, expires=expires)
