"""The embedded store: one folder a group, one process, one connection a file, group commit.

A folder holds log.db, openings.db and lock. Every operation is under one lock; submissions wait in a queue, and one
thread commits all that wait in one transaction. Order of writes: openings, synced, before the entries that need them;
an erasure's entry before the deletion. After a failed write other than a full disk the store refuses everything: what
the disk then holds is known only to the check at the next start.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import apsw

from ruban.durable import sync_folder
from ruban.errors import Message, StoreCorrupt, StoreError, StoreFull
from ruban.log.merkle import leaf_hash
from ruban.record.commitment import Opening
from ruban.store.file_system import check_local
from ruban.store.group_commit import GroupCommit, Verdict, again, check_sizes
from ruban.store.growth import head_moved
from ruban.store.move import COLUMNS, Load, Row
from ruban.store.ports import Head, Pending, Submitted
from ruban.store.posix import FolderLock, make_private_folder
from ruban.store.sqlite_files import as_store_error, transaction
from ruban.store.sqlite_log import LogFile
from ruban.store.sqlite_openings import OpeningsFile

LOG_FILE, OPENINGS_FILE, DESK_FILE, LOCK_FILE = "log.db", "openings.db", "desk.db", "lock"
MIN_FREE_BYTES = 256 * 1024 * 1024
_ROWS_AT_A_TIME = 256


class SqliteStore:
    """A `ports.LogStore` in a folder; made by `create` and `open`, which check before they return."""

    def __init__(self, folder: Path, create: bool, min_free_bytes: int, free_bytes: Callable[[], int] | None) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._failure: StoreError | None = None
        self._min_free_bytes = min_free_bytes
        self._free_bytes = free_bytes or (lambda: shutil.disk_usage(folder).free)
        # What is left to do in openings.db after a commit in log.db; a full disk delays it until the next commit, a
        # crash until `forget_openings`.
        self._to_publish: set[bytes] = set()
        self._to_erase: set[bytes] = set()
        with contextlib.ExitStack() as opened:
            self._folder_lock = FolderLock(folder / LOCK_FILE)
            opened.callback(self._folder_lock.release)
            self._openings = OpeningsFile(folder / OPENINGS_FILE, create)
            opened.callback(self._openings.close)
            self._log = LogFile(folder / LOG_FILE, create)
            opened.callback(self._log.close)
            sync_folder(folder)
            with self._guard():
                self._log.check()
                self._openings.check()
                self._log.tidy()
            opened.pop_all()
        self._intake = GroupCommit(self._accept)

    @classmethod
    def create(
        cls, folder: Path, *, min_free_bytes: int = MIN_FREE_BYTES, free_bytes: Callable[[], int] | None = None
    ) -> SqliteStore:
        """A store with an empty log in `folder`, made with mode 0700; StoreError if there is one with entries."""
        check_local(folder)
        make_private_folder(folder)
        store = cls(folder, True, min_free_bytes, free_bytes)
        if store.head().size > 0:
            store.close()
            raise StoreError("folder", Message("one without a group"), Message("a group's folder"))
        return store

    @classmethod
    def open(
        cls, folder: Path, *, min_free_bytes: int = MIN_FREE_BYTES, free_bytes: Callable[[], int] | None = None
    ) -> SqliteStore:
        """The store in `folder`, after its tree was derived anew from its entries; the caller verifies the head's note.

        StoreCorrupt on any difference, StoreLocked if another process holds it, StoreError if there is none.
        """
        if not (folder / LOG_FILE).is_file():
            raise StoreError("store", LOG_FILE, Message("no such file"))
        check_local(folder)
        return cls(folder, False, min_free_bytes, free_bytes)

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def head(self) -> Head:
        """The last head that was made durable."""
        with self._guard():
            return self._log.head

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The leaves [start, end), read in parts, so that a long walk stops nobody."""
        return self._walk("leaf", start, end)

    def leaf_hashes(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The hashes of the leaves [start, end)."""
        return self._walk("hash", start, end)

    def index_of(self, leaf_hash: bytes) -> int | None:
        """The lowest index of a logged leaf with this hash."""
        with self._guard():
            return self._log.index_of(leaf_hash)

    def pending(self) -> list[bytes]:
        """The leaves that wait for release, in the order of their hashes."""
        with self._guard():
            return self._log.pending()

    def promise(self, leaf_hash: bytes) -> bytes | None:
        """The promise given for a leaf that is pending; None for any other."""
        with self._guard():
            return self._log.promise(leaf_hash)

    def is_spent(self, h: bytes) -> bool:
        """Whether somebody has enrolled under `h`."""
        with self._guard():
            return self._log.is_spent(h)

    def spent_count(self) -> int:
        """See `ports.LogStore.spent_count`."""
        with self._guard():
            return self._log.spent_count()

    def opening(self, commitment: bytes) -> Opening | None:
        """The opening of a commitment, if it is kept."""
        with self._guard():
            return self._openings.get(commitment)

    def submit(self, pending: Pending) -> Submitted:
        """See `ports.LogStore.submit`."""
        return self.enqueue(pending).result()

    def enqueue(self, pending: Pending) -> Future[Submitted]:
        """See `ports.LogStore.enqueue`."""
        return self._intake.enqueue(pending)

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
        if not set(released) <= {leaf_hash(leaf) for leaf in leaves}:
            raise ValueError("what is released is among the leaves")
        beside = list(openings)
        with self._guard():
            moved = self._log.append(expected, leaves, note, claims, lambda: self._openings.add(beside))
            self._to_publish |= moved | {opening.commitment for opening in beside}
            self._to_erase |= set(erased)
            self._finish()
            return self._log.head

    def forget_openings(self, needed: Callable[[bytes], bool], size: int) -> None:
        """See `ports.LogStore.forget_openings`."""
        with self._guard():
            if self._log.head.size != size:
                raise head_moved()
            self._openings.settle(self._log.pending_commitments(), needed)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else has the folder; this keeps the writer's thread waiting as well."""
        with self._guard():
            yield

    def rows(self, table: str) -> Iterator[Row]:
        """See `move.Movable.rows`."""
        return self._connection_of(table).execute(f"SELECT {', '.join(COLUMNS[table])} FROM {table} ORDER BY 1")

    @contextlib.contextmanager
    def loading(self) -> Iterator[Load]:
        """See `move.Movable.loading`."""

        def load(table: str, rows: Iterable[Row]) -> None:
            columns, connection = COLUMNS[table], self._connection_of(table)
            if table == "head":
                connection.executemany("UPDATE head SET size = ?, root = ?, note = ?", rows)
            else:
                connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", rows)

        # The log is committed last: openings without entries are orphans, entries without openings would be a loss.
        with self._guard(), transaction(self._log.connection), transaction(self._openings.connection):
            yield load

    def retire(self) -> str:
        """Set the files aside, in the folder, where nothing looks for them."""
        self.close()
        return set_aside(self._folder)

    def _connection_of(self, table: str) -> apsw.Connection:
        return (self._openings if table in ("openings", "fresh") else self._log).connection

    def close(self) -> None:
        """Answer what waits, then let go of the files. Closing twice is allowed."""
        if not self._intake.close():
            return
        with self._lock:
            self._failure = self._failure or StoreError("store", Message("one that is open"), Message("a closed one"))
            for file in (self._log, self._openings):
                # What was acknowledged is durable already; what cannot be closed well is mended at the next start.
                with contextlib.suppress(apsw.Error):
                    file.close()
            self._folder_lock.release()

    def _walk(self, column: str, start: int, end: int | None) -> Iterator[bytes]:
        size = self.head().size
        stop = size if end is None else end
        if not 0 <= start <= stop <= size:
            raise ValueError("a range of entries lies within the log")
        return self._walk_checked(column, start, stop)

    def _walk_checked(self, column: str, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            with self._guard():
                rows = self._log.rows_between(column, start, min(start + _ROWS_AT_A_TIME, stop))
            yield from rows
            start += len(rows)

    def _accept(self, group: list[Pending]) -> list[Verdict]:
        with self._guard():
            has_room = self._free_bytes() >= self._min_free_bytes
            return self._log.accept(group, has_room, self._add_openings)

    def _add_openings(self, accepted: list[Pending]) -> None:
        self._openings.add([opening for pending in accepted for opening in pending.openings])

    def _finish(self) -> None:
        """What follows a commit. It cannot undo it: a full disk leaves it for the next time, anything else stops."""
        try:
            self._openings.publish(self._to_publish)
            self._to_publish = set()
            self._openings.erase(self._to_erase)
            self._to_erase = set()
            self._log.tidy()
        except apsw.FullError:
            return
        except apsw.Error as error:
            self._failure = as_store_error(error)

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        """One at a time, not after a failure, and with errors that mean something."""
        with self._lock:
            if self._failure is not None:
                raise again(self._failure)
            try:
                yield
            except apsw.Error as error:
                failure = as_store_error(error)
                if not isinstance(failure, StoreFull):
                    self._failure = failure
                raise failure from error
            except StoreCorrupt as error:
                self._failure = error
                raise


def set_aside(folder: Path) -> str:
    """Move the files of a record that is not used any more into a folder of their own in `folder`; its name."""
    number = 1
    while (aside := folder / f"moved-{number}").exists():
        number += 1
    make_private_folder(aside)
    for name in (LOG_FILE, OPENINGS_FILE, DESK_FILE):
        for path in folder.glob(f"{name}*"):
            path.rename(aside / path.name)
    sync_folder(aside)
    sync_folder(folder)
    return str(aside)
