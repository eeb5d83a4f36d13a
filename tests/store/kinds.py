"""The stores that keep one contract: how each is made, opened again as after a restart, and held up."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ruban.store.ports import LogStore
from ruban.store.postgres import PostgresStore
from ruban.store.postgres_connection import connect
from ruban.store.sqlite import SqliteStore
from tests.postgres_server import Postgres
from tests.store.memory_store import Disk, MemoryStore


class Store(LogStore, Protocol):
    """A store of any kind, closed at the end of a `with`."""

    def __enter__(self) -> Store: ...
    def __exit__(self, *_: object) -> None: ...


class Kind(Protocol):
    """One group's record in one kind of store."""

    def make(self) -> Store:
        """A new store, empty."""

    def reopen(self) -> Store:
        """What a restart finds."""

    def held(self, store: Store) -> contextlib.AbstractContextManager[object]:
        """As long as this lasts nothing is committed: what is submitted waits, and goes together."""


class Sqlite:
    """A folder's; it never finds the disk too full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> Store:
        return SqliteStore.create(self.folder, min_free_bytes=0)

    def reopen(self) -> Store:
        return SqliteStore.open(self.folder, min_free_bytes=0)

    def held(self, store: Store) -> contextlib.AbstractContextManager[object]:
        assert isinstance(store, SqliteStore)
        return store._lock


class InPostgres:
    """A schema of its own on a server that others share."""

    def __init__(self, server: Postgres, schema: str | None = None) -> None:
        self.server, self.schema = server, schema or f"t_{secrets.token_hex(8)}"

    def make(self) -> Store:
        return PostgresStore.create(self.server.address, self.schema)

    def reopen(self) -> Store:
        return PostgresStore.open(self.server.address, self.schema)

    @contextlib.contextmanager
    def held(self, store: Store) -> Iterator[None]:
        with connect(self.server.address, self.schema) as other, other.transaction():
            other.execute("SELECT 1 FROM head FOR UPDATE")
            yield


class InMemory:
    """A disk that outlives its store."""

    def __init__(self) -> None:
        self.disk = Disk()

    def make(self) -> Store:
        return MemoryStore(self.disk)

    def reopen(self) -> Store:
        return MemoryStore(self.disk)

    def held(self, store: Store) -> contextlib.AbstractContextManager[object]:
        assert isinstance(store, MemoryStore)
        return store._lock
