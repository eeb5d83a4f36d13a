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

import psycopg
from psycopg import sql
from psycopg.errors import UniqueViolation

from ruban.errors import Message, StoreCorrupt, StoreError, StoreFull
from ruban.log.merkle import Tree, leaf_hash
from ruban.primitives.randomness import random_bytes
from ruban.record.commitment import Opening
from ruban.store.group_commit import GroupCommit, Verdict, again, check_sizes
from ruban.store.growth import (
    check_expected,
    check_note,
    checked_opening,
    claim_taken,
    commitments_in,
    describe,
    head_after,
    head_moved,
    verdict_on,
)
from ruban.store.move import COLUMNS, Load, Row
from ruban.store.ports import EMPTY_HEAD, Head, Pending, Submitted
from ruban.store.postgres_connection import as_store_error, connect
from ruban.store.postgres_rows import (
    ROWS_AT_A_TIME,
    Known,
    Rows,
    insert_entries,
    keep_openings,
    keep_pending,
    known_among,
    locked_head,
    one_value,
    read_head,
    release,
    streamed,
    taken_among,
)
from ruban.store.postgres_tables import rewrite

GATHER_SECONDS = 0.005
"""The writer waits for the server, and then for Python's lock: while half of a group comes back, that costs most."""

_OPENINGS = "SELECT c, salt, payload FROM openings UNION ALL SELECT c, salt, payload FROM fresh"


class PostgresStore:
    """A `ports.LogStore` in a database; made by `create` and `open`, which check before they return."""

    def __init__(self, address: str, schema: str, create: bool) -> None:
        self._schema = schema
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
        self._intake = GroupCommit(self._accept, GATHER_SECONDS)

    @classmethod
    def create(cls, address: str, schema: str) -> PostgresStore:
        """A store with an empty log; StoreError if there is one with entries."""
        store = cls(address, schema, True)
        if store.head().size > 0:
            store.close()
            raise StoreError("database", Message("a schema without a group"), Message("a group's"))
        return store

    @classmethod
    def open(cls, address: str, schema: str) -> PostgresStore:
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
            return read_head(cursor)

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The leaves [start, end), read in parts."""
        return self._walk("leaf", start, end)

    def leaf_hashes(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The hashes of the leaves [start, end)."""
        return self._walk("hash", start, end)

    def index_of(self, leaf_hash: bytes) -> int | None:
        """The lowest index of a logged leaf with this hash."""
        with self._reading() as cursor:
            found: int | None = one_value(cursor, "SELECT min(idx) FROM entries WHERE hash = %b", leaf_hash)
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
            found: bytes | None = one_value(cursor, "SELECT promise FROM pending WHERE hash = %b", leaf_hash)
            return found

    def is_spent(self, h: bytes) -> bool:
        """Whether somebody has enrolled under `h`."""
        with self._reading() as cursor:
            return bool(taken_among(cursor, "h", ("spent", "pending_spent"), [h]))

    def spent_count(self) -> int:
        """See `ports.LogStore.spent_count`."""
        with self._reading() as cursor:
            [(count,)] = cursor.execute("SELECT count(*) FROM spent").fetchall()
            found: int = count
            return found

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
            return None if row is None else checked_opening(commitment, *row)

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
            current = locked_head(cursor)
            check_expected(current, expected)
            tree, head = head_after(self._tree_of(cursor, current), hashes, note)
            if taken_among(cursor, "key", ("claimed", "pending_claims"), claims):
                raise claim_taken()
            keep_openings(cursor, openings)
            insert_entries(cursor, current.size, hashes, leaves)
            release(cursor, hashes, claims)
            if erased:
                for table in ("openings", "fresh"):
                    rewrite(cursor, table, "c <> ALL(%b::bytea[])", (list(erased),))
            cursor.execute("UPDATE head SET size = %s, root = %b, note = %b", (head.size, head.root, head.note))
        self._tree = tree
        return head

    def forget_openings(self, needed: Callable[[bytes], bool], size: int) -> None:
        """See `ports.LogStore.forget_openings`."""
        with self._writing() as cursor:
            current = locked_head(cursor).size
            if current != size:
                raise head_moved()
            kept = {
                c for (joined,) in cursor.execute("SELECT commitments FROM pending") for c in commitments_in(joined)
            }
            found = cursor.execute("SELECT c FROM openings UNION ALL SELECT c FROM fresh").fetchall()
            gone = [c for (c,) in found if c not in kept and not needed(c)]
            if gone:
                for table in ("openings", "fresh"):
                    rewrite(cursor, table, "c <> ALL(%b::bytea[])", (gone,))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """A transaction that has the head: every writer, here and elsewhere, waits for its end."""
        with self._writing() as cursor:
            locked_head(cursor)
            yield

    def rows(self, table: str) -> Iterator[Row]:
        """See `move.Movable.rows`."""
        return streamed(self._main, f"SELECT {', '.join(COLUMNS[table])} FROM {table} ORDER BY 1")

    @contextlib.contextmanager
    def loading(self) -> Iterator[Load]:
        """See `move.Movable.loading`."""
        with self._writing() as cursor:

            def load(table: str, rows: Iterable[Row]) -> None:
                if table == "head":
                    cursor.executemany("UPDATE head SET size = %s, root = %b, note = %b", rows)
                    return
                with cursor.copy(f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN") as copying:
                    for row in rows:
                        copying.write_row(row)

            yield load

    def retire(self) -> str:
        """Rename the schema: processes that still have it open find no table any more, and stop."""
        with self._writing() as cursor:
            name = f"{self._schema}_moved_{random_bytes(4).hex()}"
            cursor.execute(
                sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(self._schema), sql.Identifier(name))
            )
        return name

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
            head, tree = read_head(cursor), Tree()
            for index, stored, leaf in streamed(self._main, "SELECT idx, hash, leaf FROM entries ORDER BY idx"):
                computed = leaf_hash(leaf)
                if index != tree.size or stored != computed:
                    raise StoreCorrupt(Message("entry {n}", n=tree.size), computed.hex(), stored.hex())
                tree.append(computed)
            for stored, leaf in streamed(self._main, "SELECT hash, leaf FROM pending"):
                if stored != leaf_hash(leaf):
                    raise StoreCorrupt("pending entry", leaf_hash(leaf).hex(), stored.hex())
            for row in streamed(self._main, _OPENINGS):
                checked_opening(*row)
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
        with self._meaning(), self._submitting.cursor(binary=True) as cursor:
            while True:
                known = known_among(cursor, group, hashes)
                verdicts, fresh = _judged(group, hashes, known)
                # Another process that kept something of it meanwhile, or released: what is known is looked up again.
                with contextlib.suppress(UniqueViolation):
                    if not fresh or keep_pending(cursor, known.size, fresh):
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
                    (start, min(start + ROWS_AT_A_TIME, stop)),
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


def _judged(
    group: Sequence[Pending], hashes: Sequence[bytes], known: Known
) -> tuple[list[Verdict], list[tuple[bytes, Pending]]]:
    """A verdict for each submission in turn, and those that are to be kept."""
    verdicts: list[Verdict] = []
    fresh: list[tuple[bytes, Pending]] = []
    for hashed, one in zip(hashes, group, strict=True):
        verdict = verdict_on(
            one,
            known.size,
            promise=known.promises.get(hashed),
            is_logged=hashed in known.logged,
            is_spent=known.spent.__contains__,
            is_claimed=known.claimed.__contains__,
        )
        if verdict is None:
            fresh.append((hashed, one))
            known.add(hashed, one)
            verdict = Submitted(one.promise, recorded=False)
        verdicts.append(verdict)
    return verdicts, fresh
