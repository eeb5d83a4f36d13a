"""The store in PostgreSQL: one schema a group, any number of processes and machines, group commit in each.

Whoever writes first locks the row of the head (`SELECT … FOR UPDATE`), so that writers take turns, and compares before
it swaps. A release, with the openings and erasures that belong to it, is one transaction. Two connections: one takes
submissions, one does all else. After a failed write the store refuses everything until the next start, as others do.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import psycopg
from psycopg import Cursor

from ruban.errors import HeadMoved, Message, StoreCorrupt, StoreError, StoreFull
from ruban.log.merkle import Tree, leaf_hash
from ruban.record.commitment import Opening
from ruban.store.group_commit import GroupCommit, Verdict, again, check_sizes
from ruban.store.growth import check_expected, check_note, claim_taken, commitments_in, describe, head_after, verdict_on
from ruban.store.ports import EMPTY_HEAD, Head, Pending, Submitted
from ruban.store.postgres_connection import DEFAULT_SCHEMA, Connection, as_store_error, connect
from ruban.store.postgres_tables import rewrite

_ROWS_AT_A_TIME = 2048

Rows = Cursor[tuple[Any, ...]]


class PostgresStore:
    """A `ports.LogStore` in a database; made by `create` and `open`, which check before they return."""

    def __init__(self, address: str, schema: str, create: bool) -> None:
        self._lock = threading.RLock()
        self._failure: StoreError | None = None
        self._tree = Tree()
        with contextlib.ExitStack() as opened:
            self._main = connect(address, schema, create=create)
            opened.callback(self._main.close)
            self._submitting = connect(address, schema)
            opened.callback(self._submitting.close)
            with self._guard():
                self._check()
            opened.pop_all()
        self._intake = GroupCommit(self._accept)

    @classmethod
    def create(cls, address: str, schema: str = DEFAULT_SCHEMA) -> PostgresStore:
        """A store with an empty log; StoreError if there is one with entries."""
        store = cls(address, schema, True)
        if store.head().size > 0:
            store.close()
            raise StoreError("database", Message("a schema without a group"), Message("a group's"))
        return store

    @classmethod
    def open(cls, address: str, schema: str = DEFAULT_SCHEMA) -> PostgresStore:
        """The store there, after its tree was derived anew from its entries; the caller verifies the head's note.

        StoreCorrupt on any difference, StoreError if there is none or the server has an unsafe setting.
        """
        return cls(address, schema, False)

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def head(self) -> Head:
        """The last committed head, whoever committed it."""
        with self._reading() as cursor:
            return _head(cursor)

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The leaves [start, end), read in parts."""
        return self._walk("leaf", start, end)

    def leaf_hashes(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The hashes of the leaves [start, end)."""
        return self._walk("hash", start, end)

    def index_of(self, leaf_hash: bytes) -> int | None:
        """The lowest index of a logged leaf with this hash."""
        with self._reading() as cursor:
            found: int | None = _one(cursor, "SELECT min(idx) FROM entries WHERE hash = %b", leaf_hash)
            return found

    def submit(self, pending: Pending) -> Submitted:
        """See `ports.LogStore.submit`."""
        return self.enqueue(pending).result()

    def enqueue(self, pending: Pending) -> Future[Submitted]:
        """See `ports.LogStore.enqueue`."""
        return self._intake.enqueue(pending)

    def promise(self, leaf_hash: bytes) -> bytes | None:
        """The promise given for a leaf that is pending; None for any other."""
        with self._reading() as cursor:
            found: bytes | None = _one(cursor, "SELECT promise FROM pending WHERE hash = %b", leaf_hash)
            return found

    def is_spent(self, h: bytes) -> bool:
        """Whether somebody has enrolled under `h`."""
        with self._reading() as cursor:
            return bool(_taken(cursor, "h", ("spent", "pending_spent"), [h]))

    def pending(self) -> list[bytes]:
        """The leaves that wait for release, in the order of their hashes."""
        with self._reading() as cursor:
            return [leaf for (leaf,) in cursor.execute("SELECT leaf FROM pending ORDER BY hash")]

    def opening(self, commitment: bytes) -> Opening | None:
        """The opening of a commitment, if it is kept."""
        with self._reading() as cursor:
            row = cursor.execute(
                "SELECT salt, payload FROM openings WHERE c = %(c)b"
                " UNION ALL SELECT salt, payload FROM fresh WHERE c = %(c)b",
                {"c": commitment},
            ).fetchone()
            return None if row is None else Opening(row[0], row[1])

    def append(
        self,
        expected: Head,
        leaves: Sequence[bytes],
        note: bytes,
        *,
        released: Collection[bytes] = (),
        claims: Collection[bytes] = (),
        openings: Iterable[Opening] = (),
        erased: Collection[bytes] = (),
    ) -> Head:
        """See `ports.LogStore.append`."""
        check_sizes(leaves, claims)
        hashes = [leaf_hash(leaf) for leaf in leaves]
        if not set(released) <= set(hashes):
            raise ValueError("what is released is among the leaves")
        with self._writing() as cursor:
            current = _locked_head(cursor)
            check_expected(current, expected)
            tree, head = head_after(self._tree_of(cursor, current), hashes, note)
            if _taken(cursor, "key", ("claimed", "pending_claims"), claims):
                raise claim_taken()
            _keep(cursor, "openings", openings)
            _insert_entries(cursor, current.size, hashes, leaves)
            _release(cursor, hashes, claims)
            if erased:
                for table in ("openings", "fresh"):
                    rewrite(cursor, table, "c <> ALL(%b::bytea[])", (list(erased),))
            cursor.execute("UPDATE head SET size = %s, root = %b, note = %b", (head.size, head.root, head.note))
        self._tree = tree
        return head

    def forget_openings(self, needed: Callable[[bytes], bool], size: int) -> None:
        """See `ports.LogStore.forget_openings`."""
        with self._writing() as cursor:
            current = _locked_head(cursor).size
            if current != size:
                raise HeadMoved("head", str(size), str(current))
            kept = {
                c for (joined,) in cursor.execute("SELECT commitments FROM pending") for c in commitments_in(joined)
            }
            found = cursor.execute("SELECT c FROM openings UNION ALL SELECT c FROM fresh").fetchall()
            gone = [c for (c,) in found if c not in kept and not needed(c)]
            if gone:
                for table in ("openings", "fresh"):
                    rewrite(cursor, table, "c <> ALL(%b::bytea[])", (gone,))

    def close(self) -> None:
        """Answer what waits, then let go of the connections. Closing twice is allowed."""
        if not self._intake.close():
            return
        with self._lock:
            self._failure = self._failure or StoreError("store", Message("one that is open"), Message("a closed one"))
            for connection in (self._main, self._submitting):
                with contextlib.suppress(psycopg.Error):
                    connection.close()

    def _check(self) -> None:
        """Derive the tree from every entry; StoreCorrupt unless it is the one under the stored head and its note."""
        with self._main.transaction(), self._main.cursor(binary=True) as cursor:
            # One view of it all, while other processes go on writing.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            head, tree = _head(cursor), Tree()
            for index, stored, leaf in _streamed(self._main, "SELECT idx, hash, leaf FROM entries ORDER BY idx"):
                computed = leaf_hash(leaf)
                if index != tree.size or stored != computed:
                    raise StoreCorrupt(Message("entry {n}", n=tree.size), computed.hex(), stored.hex())
                tree.append(computed)
            for stored, leaf in _streamed(self._main, "SELECT hash, leaf FROM pending"):
                if stored != leaf_hash(leaf):
                    raise StoreCorrupt("pending entry", leaf_hash(leaf).hex(), stored.hex())
        if (head.size, head.root) != (tree.size, tree.root()):
            raise StoreCorrupt("head", describe(tree.size, tree.root()), describe(head.size, head.root))
        if head != EMPTY_HEAD:
            try:
                check_note(head)
            except ValueError as error:
                raise StoreCorrupt("head note", describe(head.size, head.root), str(error)) from error
        self._tree = tree

    def _tree_of(self, cursor: Rows, head: Head) -> Tree:
        """The tree under a stored head: this process's own, with what others have appended since."""
        tree = self._tree.copy()
        tree.extend(
            hashed
            for (hashed,) in cursor.execute(
                "SELECT hash FROM entries WHERE idx >= %s AND idx < %s ORDER BY idx", (tree.size, head.size)
            )
        )
        if (tree.size, tree.root()) != (head.size, head.root):
            raise StoreCorrupt("head", describe(tree.size, tree.root()), describe(head.size, head.root))
        return tree

    def _accept(self, group: list[Pending]) -> list[Verdict]:
        """Decide on each submission in turn and keep what is accepted, in one durable transaction."""
        hashes = [leaf_hash(one.leaf) for one in group]
        if self._failure is not None:
            raise again(self._failure)
        with self._meaning(), self._submitting.transaction(), self._submitting.cursor(binary=True) as cursor:
            size = _locked_head(cursor).size
            promises: dict[bytes, bytes] = dict(
                cursor.execute("SELECT hash, promise FROM pending WHERE hash = ANY(%b::bytea[])", (hashes,)).fetchall()
            )
            logged = {h for (h,) in cursor.execute("SELECT hash FROM entries WHERE hash = ANY(%b::bytea[])", (hashes,))}
            spent = _taken(cursor, "h", ("spent", "pending_spent"), [one.spent for one in group if one.spent])
            claimed = _taken(cursor, "key", ("claimed", "pending_claims"), [key for one in group for key in one.claims])
            verdicts: list[Verdict] = []
            fresh: list[tuple[bytes, Pending]] = []
            for hashed, one in zip(hashes, group, strict=True):
                verdict = verdict_on(
                    one,
                    size,
                    promise=promises.get(hashed),
                    is_logged=hashed in logged,
                    is_spent=spent.__contains__,
                    is_claimed=claimed.__contains__,
                )
                if verdict is None:
                    fresh.append((hashed, one))
                    promises[hashed] = one.promise
                    claimed.update(one.claims)
                    spent.update([one.spent] if one.spent else [])
                    verdict = Submitted(one.promise, recorded=False)
                verdicts.append(verdict)
            _insert_pending(cursor, fresh)
        return verdicts

    def _walk(self, column: str, start: int, end: int | None) -> Iterator[bytes]:
        size = self.head().size
        stop = size if end is None else end
        if not 0 <= start <= stop <= size:
            raise ValueError("a range of entries lies within the log")
        return self._walk_checked(column, start, stop)

    def _walk_checked(self, column: str, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            with self._reading() as cursor:
                rows = cursor.execute(
                    f"SELECT {column} FROM entries WHERE idx >= %s AND idx < %s ORDER BY idx",
                    (start, min(start + _ROWS_AT_A_TIME, stop)),
                ).fetchall()
            if not rows:
                raise StoreCorrupt(Message("entry {n}", n=start), Message("one"), Message("none"))
            yield from (value for (value,) in rows)
            start += len(rows)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Rows]:
        with self._guard(), self._main.cursor(binary=True) as cursor:
            yield cursor

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Rows]:
        """A transaction: durable at the end, undone by whatever raises."""
        with self._guard(), self._main.transaction(), self._main.cursor(binary=True) as cursor:
            yield cursor

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """One at a time, not after a failure, and with errors that mean something."""
        with self._lock:
            if self._failure is not None:
                raise again(self._failure)
            with self._meaning():
                yield

    @contextlib.contextmanager
    def _meaning(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            failure = as_store_error(error)
            if not isinstance(failure, StoreFull):
                self._failure = failure
            raise failure from error
        except StoreCorrupt as error:
            self._failure = error
            raise


def _head(cursor: Rows, how: str = "") -> Head:
    rows = cursor.execute(f"SELECT size, root, note FROM head {how}").fetchall()
    if len(rows) != 1:
        raise StoreCorrupt("head", "1", str(len(rows)))
    return Head(*rows[0])


def _locked_head(cursor: Rows) -> Head:
    """The head, which nobody else may change before this transaction ends: every writer takes it first."""
    return _head(cursor, "FOR UPDATE")


def _one(cursor: Rows, query: str, value: bytes) -> Any:
    row = cursor.execute(query, (value,)).fetchone()
    return None if row is None else row[0]


def _streamed(connection: Connection, query: str) -> Iterator[tuple[Any, ...]]:
    """The rows, a part in memory at a time."""
    with connection.cursor(name="walk", binary=True) as cursor:
        cursor.itersize = _ROWS_AT_A_TIME
        yield from cursor.execute(query)


def _taken(cursor: Rows, column: str, tables: tuple[str, str], values: Collection[bytes]) -> set[bytes]:
    """Those of the values that either table has."""
    if not values:
        return set()
    query = " UNION ALL ".join(f"SELECT {column} FROM {table} WHERE {column} = ANY(%(values)b)" for table in tables)
    return {found for (found,) in cursor.execute(query, {"values": list(values)})}


def _keep(cursor: Rows, table: str, openings: Iterable[Opening]) -> None:
    rows = sorted((one.commitment, one.salt, one.payload) for one in openings)
    _insert(cursor, table, rows, 3, "ON CONFLICT DO NOTHING")


def _insert(cursor: Rows, table: str, rows: Sequence[tuple[object, ...]], columns: int, more: str = "") -> None:
    if rows:
        arrays = ", ".join(["%b::bytea[]"] * columns)
        values = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(f"INSERT INTO {table} SELECT * FROM unnest({arrays}) {more}", values)


def _insert_pending(cursor: Rows, fresh: Sequence[tuple[bytes, Pending]]) -> None:
    _keep(cursor, "fresh", (opening for _, one in fresh for opening in one.openings))
    rows = [(h, one.leaf, one.promise, b"".join(o.commitment for o in one.openings)) for h, one in fresh]
    _insert(cursor, "pending", rows, 4)
    _insert(cursor, "pending_claims", [(key, hashed) for hashed, one in fresh for key in one.claims], 2)
    _insert(cursor, "pending_spent", [(one.spent,) for _, one in fresh if one.spent], 1)


def _insert_entries(cursor: Rows, size: int, hashes: Sequence[bytes], leaves: Sequence[bytes]) -> None:
    for start in range(0, len(leaves), _ROWS_AT_A_TIME):
        part = slice(start, start + _ROWS_AT_A_TIME)
        cursor.execute(
            "INSERT INTO entries SELECT %s + n - 1, h, leaf"
            " FROM unnest(%b::bytea[], %b::bytea[]) WITH ORDINALITY AS t(h, leaf, n)",
            (size + start, list(hashes[part]), list(leaves[part])),
        )


def _release(cursor: Rows, hashes: Sequence[bytes], claims: Collection[bytes]) -> None:
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
