"""A small log for the store's tests: notes that sign what a store will hold, leaves, openings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import Tree
from ruban.record.commitment import Opening
from ruban.store.ports import Head, LogStore, Pending
from ruban.store.sqlite import SqliteStore

ORIGIN = "ruban.example/lettre"
LOG_SEED = b"\x01" * 32


def make(folder: Path) -> SqliteStore:
    """A new store that never finds the disk too full."""
    return SqliteStore.create(folder, min_free_bytes=0)


def reopen(folder: Path) -> SqliteStore:
    """An existing store, checked."""
    return SqliteStore.open(folder, min_free_bytes=0)


def note_after(store: LogStore, leaves: Sequence[bytes]) -> bytes:
    """The note that signs the store's log with `leaves` after it."""
    tree = Tree.of_leaves([*store.entries(), *leaves])
    return sign_checkpoint(Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root()), LOG_SEED)


def append(store: LogStore, leaves: Sequence[bytes], **options: object) -> Head:
    """Put `leaves` after whatever the log holds."""
    return store.append(store.head(), leaves, note_after(store, leaves), **options)  # type: ignore[arg-type]


def leaf(number: int, size_bytes: int = 600) -> bytes:
    """A leaf of that size, incompressible and different for each number."""
    return hashlib.shake_128(b"leaf" + number.to_bytes(8, "big")).digest(size_bytes)


def opening(number: int, size_bytes: int = 40) -> Opening:
    """An opening whose payload can be found again in a file."""
    salt = hashlib.sha256(b"salt" + number.to_bytes(8, "big")).digest()
    return Opening(salt, hashlib.shake_128(b"payload" + number.to_bytes(8, "big")).digest(size_bytes))


def pending(number: int, size_bytes: int = 600) -> Pending:
    """A submission with everything: a promise, two claims, a spent invitation and an opening."""
    return Pending(
        leaf=leaf(number, size_bytes),
        promise=hashlib.shake_128(b"promise" + number.to_bytes(8, "big")).digest(120),
        claims=(b"tag" + number.to_bytes(8, "big"), hashlib.sha256(b"stub" + number.to_bytes(8, "big")).digest()),
        spent=hashlib.sha256(b"spent" + number.to_bytes(8, "big")).digest(),
        openings=(opening(number),),
    )
