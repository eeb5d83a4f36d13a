"""Carry a record from one kind of store to another: every row of every table, in one transaction of the target.

Both kinds have the same tables. What is pending goes with it, with its promises: nobody has to send anything twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

from ruban.store.ports import LogStore

Row = tuple[Any, ...]
Load = Callable[[str, Iterable[Row]], None]

COLUMNS = {
    "openings": ("c", "salt", "payload"),
    "fresh": ("c", "salt", "payload"),
    "entries": ("idx", "hash", "leaf"),
    "pending": ("hash", "leaf", "promise", "commitments"),
    "pending_claims": ("key", "hash"),
    "pending_spent": ("h",),
    "claimed": ("key",),
    "spent": ("h",),
    "head": ("size", "root", "note"),
}
"""The tables of a record, each with its key first; openings before the entries that need them, the head last."""


class Movable(LogStore, Protocol):
    """A store that can be read and filled table by table."""

    def held(self) -> AbstractContextManager[None]:
        """Nobody writes while this lasts."""

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table, its COLUMNS, in the order of the first; inside `held`."""

    def loading(self) -> AbstractContextManager[Load]:
        """A transaction in which the tables of a new store are filled. The store is to be closed after it."""

    def retire(self) -> str:
        """Make sure that nobody opens this record where it was: no process, no machine; where it lies from now on.

        Inside `held`, and in force once that has ended. The store is closed by it, or is to be closed.
        """


def copy(source: Movable, target: Movable, tell: Callable[[str], None]) -> None:
    """Fill `target`, which is new, with all that `source` holds; `tell` hears which table is on its way."""
    with target.loading() as load:
        for table in COLUMNS:
            tell(table)
            load(table, source.rows(table))


def digests(store: Movable) -> dict[str, str]:
    """SHA-256 of each table's rows in the order of their keys: the same for the same rows in any kind of store."""
    found = {}
    for table in COLUMNS:
        digest = hashlib.sha256()
        for row in store.rows(table):
            digest.update(repr(row).encode())
        found[table] = digest.hexdigest()
    return found
