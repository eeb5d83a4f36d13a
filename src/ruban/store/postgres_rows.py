"""What the store in PostgreSQL reads and writes: one function a question or a change, each inside a transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import Cursor

from ruban.errors import StoreCorrupt
from ruban.record.commitment import Opening
from ruban.store.growth import commitments_in
from ruban.store.ports import Head, Pending
from ruban.store.postgres_connection import Connection
from ruban.store.postgres_tables import rewrite

ROWS_AT_A_TIME = 2048

Rows = Cursor[tuple[Any, ...]]


def read_head(cursor: Rows, how: str = "") -> Head:
    """The last committed head; StoreCorrupt unless there is exactly one."""
    rows = cursor.execute(f"SELECT size, root, note FROM head {how}").fetchall()
    if len(rows) != 1:
        raise StoreCorrupt("head", "1", str(len(rows)))
    return Head(*rows[0])


def locked_head(cursor: Rows) -> Head:
    """The head, which nobody else may change before this transaction ends: every writer takes it first."""
    return read_head(cursor, "FOR UPDATE")


def one_value(cursor: Rows, query: str, value: bytes) -> Any:
    """The first column of the first row, None if there is none."""
    row = cursor.execute(query, (value,)).fetchone()
    return None if row is None else row[0]


def streamed(connection: Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows, a part in memory at a time."""
    with connection.cursor(name="walk", binary=True) as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        yield from cursor.execute(query)


def taken_among(cursor: Rows, column: str, tables: tuple[str, str], values: Collection[bytes]) -> set[bytes]:
    """Those of the values that either table has."""
    if not values:
        return set()
    query = " UNION ALL ".join(f"SELECT {column} FROM {table} WHERE {column} = ANY(%(values)b)" for table in tables)
    return {found for (found,) in cursor.execute(query, {"values": list(values)})}


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables have of a group of submissions, and the size of the log."""

    size: int
    promises: dict[bytes, bytes]
    logged: set[bytes]
    spent: set[bytes] = field(repr=False)
    claimed: set[bytes]

    def add(self, hashed: bytes, one: Pending) -> None:
        """One that is kept: the next in the group is judged with it."""
        self.promises[hashed] = one.promise
        self.claimed.update(one.claims)
        if one.spent is not None:
            self.spent.add(one.spent)


_KNOWN = """
SELECT 'n', NULL, NULL, size FROM head
UNION ALL SELECT 'p', hash, promise, 0 FROM pending WHERE hash = ANY(%(hashes)b::bytea[])
UNION ALL SELECT 'l', hash, NULL, 0 FROM entries WHERE hash = ANY(%(hashes)b::bytea[])
UNION ALL SELECT 's', h, NULL, 0 FROM spent WHERE h = ANY(%(spent)b::bytea[])
UNION ALL SELECT 's', h, NULL, 0 FROM pending_spent WHERE h = ANY(%(spent)b::bytea[])
UNION ALL SELECT 'c', key, NULL, 0 FROM claimed WHERE key = ANY(%(claims)b::bytea[])
UNION ALL SELECT 'c', key, NULL, 0 FROM pending_claims WHERE key = ANY(%(claims)b::bytea[])
"""


def known_among(cursor: Rows, group: Sequence[Pending], hashes: Sequence[bytes]) -> Known:
    """What the record has of these submissions, and how large it is: one statement, one view of it all."""
    spent = [one.spent for one in group if one.spent is not None]
    claims = [key for one in group for key in one.claims]
    size, promises, found = 0, {}, defaultdict(set)
    for what, key, promise, n in cursor.execute(_KNOWN, {"hashes": list(hashes), "spent": spent, "claims": claims}):
        if what == "n":
            size = n
        elif what == "p":
            promises[key] = promise
        else:
            found[what].add(key)
    return Known(size, promises, logged=found["l"], spent=found["s"], claimed=found["c"])


def keep_pending(cursor: Rows, size: int, fresh: Sequence[tuple[bytes, Pending]]) -> bool:
    """Keep submissions, each with the hash of its leaf, durably, in a log of `size`; False if it has grown since.

    UniqueViolation if another process has kept one of them, or something of theirs, since they were looked up.
    """
    rows = [(h, one.leaf, one.promise, b"".join(o.commitment for o in one.openings)) for h, one in fresh]
    keys = [(key, hashed) for hashed, one in fresh for key in one.claims]
    columns = [
        *_columns(_opening_rows(opening for _, one in fresh for opening in one.openings), 3),
        *_columns(rows, 4),
        *_columns(keys, 2),
        [one.spent for _, one in fresh if one.spent is not None],
    ]
    places = ", ".join(["%b::bytea[]"] * len(columns))
    [(kept,)] = cursor.execute(f"SELECT keep(%s, {places})", (size, *columns)).fetchall()
    return bool(kept)


def keep_openings(cursor: Rows, openings: Iterable[Opening]) -> None:
    """Keep openings of logged entries; the same one again changes nothing."""
    _insert(cursor, "openings", _opening_rows(openings), 3, "ON CONFLICT DO NOTHING")


def _opening_rows(openings: Iterable[Opening]) -> list[tuple[bytes, bytes, bytes]]:
    return sorted((one.commitment, one.salt, one.payload) for one in openings)


def _insert(cursor: Rows, table: str, rows: Sequence[tuple[object, ...]], columns: int, more: str = "") -> None:
    if rows:
        arrays = ", ".join(["%b::bytea[]"] * columns)
        cursor.execute(f"INSERT INTO {table} SELECT * FROM unnest({arrays}) {more}", _columns(rows, columns))


def _columns(rows: Sequence[tuple[object, ...]], count: int) -> list[list[object]]:
    return [[row[n] for row in rows] for n in range(count)]


def insert_entries(cursor: Rows, size: int, hashes: Sequence[bytes], leaves: Sequence[bytes]) -> None:
    """Put leaves behind a log of `size`."""
    for start in range(0, len(leaves), ROWS_AT_A_TIME):
        part = slice(start, start + ROWS_AT_A_TIME)
        cursor.execute(
            "INSERT INTO entries SELECT %s + n - 1, h, leaf"
            " FROM unnest(%b::bytea[], %b::bytea[]) WITH ORDINALITY AS t(h, leaf, n)",
            (size + start, list(hashes[part]), list(leaves[part])),
        )


def release(cursor: Rows, hashes: Sequence[bytes], claims: Collection[bytes]) -> None:
    """Move what belongs to these leaves out of the tables of what waits; what stays is written anew, sorted."""
    logged = list(hashes)
    leaving = cursor.execute(
        "SELECT hash, commitments FROM pending WHERE hash = ANY(%b::bytea[])", (logged,)
    ).fetchall()
    moved = set(claims)
    if leaving:
        gone = [hashed for hashed, _ in leaving]
        found = cursor.execute("SELECT key FROM pending_claims WHERE hash = ANY(%b::bytea[])", (gone,))
        moved.update(key for (key,) in found)
        for table in ("pending", "pending_claims"):
            rewrite(cursor, table, "hash <> ALL(%b::bytea[])", (gone,))
        # All marks are written anew: two groups of them, one a release, would link people to a batch of rows.
        if cursor.execute("SELECT 1 FROM pending_spent LIMIT 1").fetchone() is not None:
            rewrite(cursor, "spent", "true", (), "UNION ALL SELECT h FROM pending_spent")
            rewrite(cursor, "pending_spent")
        published = [c for _, joined in leaving for c in commitments_in(joined)]
        if published:
            cursor.execute(
                "INSERT INTO openings SELECT * FROM fresh WHERE c = ANY(%b::bytea[]) ORDER BY c ON CONFLICT DO NOTHING",
                (published,),
            )
            rewrite(cursor, "fresh", "c <> ALL(%b::bytea[])", (published,))
    _insert(cursor, "claimed", [(key,) for key in sorted(moved)], 1)
