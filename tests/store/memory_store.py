"""A store in memory that fails when it is told to: not done, or done and reported as failed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import Enum

from ruban.errors import Message, StoreCorrupt, StoreError
from ruban.log.merkle import Tree, leaf_hash
from ruban.record.commitment import Opening
from ruban.store.group_commit import GroupCommit, Verdict, again, check_sizes
from ruban.store.growth import check_expected, claim_taken, head_after, head_moved, verdict_on
from ruban.store.ports import EMPTY_HEAD, Head, Pending, Submitted


class Fault(Enum):
    """What becomes of a write."""

    NOT_DONE = "not done"
    DONE = "done, but reported as failed"


@dataclass(slots=True)
class Disk:
    """What outlives a process."""

    leaves: list[bytes] = field(default_factory=list)
    head: Head = EMPTY_HEAD
    pending: dict[bytes, Pending] = field(default_factory=dict)
    claimed: set[bytes] = field(default_factory=set)
    spent: set[bytes] = field(default_factory=set)
    openings: dict[bytes, Opening] = field(default_factory=dict)
    unreadable: bool = False
    """Whether the next start fails as well."""
    writes: int = 0
    """How many there have been."""
    fault_at: tuple[int, Fault] | None = None
    """Which of them fails, from 0, and how."""


class MemoryStore:
    """A `ports.LogStore` over a `Disk`."""

    def __init__(self, disk: Disk) -> None:
        if disk.unreadable:
            raise StoreError("store", Message("a disk that works"), "EIO")
        if Tree.of_leaves(disk.leaves).root() != disk.head.root:
            raise StoreCorrupt("head", disk.head.root.hex(), "another")
        self._disk = disk
        self._lock = threading.RLock()
        self._failure: StoreError | None = None
        self._intake = GroupCommit(self._accept)

    def __enter__(self) -> MemoryStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def head(self) -> Head:
        with self._guard():
            return self._disk.head

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        size = self.head().size
        stop = size if end is None else end
        if not 0 <= start <= stop <= size:
            raise ValueError("a range of entries lies within the log")
        return iter(self._disk.leaves[start:stop])

    def leaf_hashes(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return (leaf_hash(leaf) for leaf in self.entries(start, end))

    def index_of(self, leaf_hash: bytes) -> int | None:
        hashes = list(self.leaf_hashes())
        return hashes.index(leaf_hash) if leaf_hash in hashes else None

    def submit(self, pending: Pending) -> Submitted:
        return self.enqueue(pending).result()

    def enqueue(self, pending: Pending) -> Future[Submitted]:
        return self._intake.enqueue(pending)

    def promise(self, leaf_hash: bytes) -> bytes | None:
        with self._guard():
            one = self._disk.pending.get(leaf_hash)
            return None if one is None else one.promise

    def is_spent(self, h: bytes) -> bool:
        with self._guard():
            return h in self._spent()

    def spent_count(self) -> int:
        with self._guard():
            return len(self._disk.spent)

    def pending(self) -> list[bytes]:
        with self._guard():
            return [self._disk.pending[hashed].leaf for hashed in sorted(self._disk.pending)]

    def opening(self, commitment: bytes) -> Opening | None:
        with self._guard():
            waiting = {o.commitment: o for one in self._disk.pending.values() for o in one.openings}
            return self._disk.openings.get(commitment) or waiting.get(commitment)

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
        check_sizes(leaves, claims)
        hashes = [leaf_hash(leaf) for leaf in leaves]
        if not set(released) <= set(hashes):
            raise ValueError("what is released is among the leaves")
        with self._guard(), self._write():
            check_expected(self._disk.head, expected)
            _, head = head_after(Tree.of_leaves(self._disk.leaves), hashes, note)
            if self._claimed() & set(claims):
                raise claim_taken()
            moved = [self._disk.pending.pop(hashed) for hashed in set(hashes) & self._disk.pending.keys()]
            self._disk.claimed |= {key for one in moved for key in one.claims} | set(claims)
            self._disk.spent |= {one.spent for one in moved if one.spent is not None}
            beside = [*openings, *(o for one in moved for o in one.openings)]
            self._disk.openings |= {o.commitment: o for o in beside}
            for commitment in erased:
                self._disk.openings.pop(commitment, None)
            self._disk.leaves += leaves
            self._disk.head = head
            return head

    def forget_openings(self, needed: Callable[[bytes], bool], size: int) -> None:
        with self._guard(), self._write():
            if self._disk.head.size != size:
                raise head_moved()
            self._disk.openings = {c: o for c, o in self._disk.openings.items() if needed(c)}

    def close(self) -> None:
        if self._intake.close():
            self._failure = self._failure or StoreError("store", Message("one that is open"), Message("a closed one"))

    def _accept(self, group: list[Pending]) -> list[Verdict]:
        with self._guard(), self._write():
            verdicts: list[Verdict] = []
            logged = {leaf_hash(leaf) for leaf in self._disk.leaves}
            for one in group:
                hashed = leaf_hash(one.leaf)
                known = self._disk.pending.get(hashed)
                verdict = verdict_on(
                    one,
                    self._disk.head.size,
                    promise=None if known is None else known.promise,
                    is_logged=hashed in logged,
                    is_spent=self._spent().__contains__,
                    is_claimed=self._claimed().__contains__,
                )
                if verdict is None:
                    self._disk.pending[hashed] = one
                    verdict = Submitted(one.promise, recorded=False)
                verdicts.append(verdict)
            return verdicts

    def _claimed(self) -> set[bytes]:
        return self._disk.claimed | {key for one in self._disk.pending.values() for key in one.claims}

    def _spent(self) -> set[bytes]:
        return self._disk.spent | {one.spent for one in self._disk.pending.values() if one.spent is not None}

    @contextlib.contextmanager
    def _write(self) -> Iterator[None]:
        number, fault = self._disk.fault_at or (-1, None)
        if number != self._disk.writes:
            fault = None
        self._disk.writes += 1
        if fault is Fault.NOT_DONE:
            raise self._broken()
        yield
        if fault is Fault.DONE:
            raise self._broken()

    def _broken(self) -> StoreError:
        self._failure = StoreError("store", Message("a disk that works"), "EIO")
        return self._failure

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        with self._lock:
            if self._failure is not None:
                raise again(self._failure)
            yield
