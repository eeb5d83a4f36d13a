"""What a store of one group's record promises, whichever database keeps it.

An acknowledged entry is never lost, the log never forks, and the store alone decides what is unique. Nothing here keeps
a time or an order finer than a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from ruban.log.merkle import EMPTY_ROOT
from ruban.record.commitment import Opening

MAX_CLAIM_BYTES = 256
SPENT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: its size, its Merkle root, and the signed checkpoint that says so (empty if the log is)."""

    size: int
    root: bytes
    note: bytes


EMPTY_HEAD = Head(0, EMPTY_ROOT, b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A member's entry on its way in, with all that has to be true for it to be taken."""

    leaf: bytes
    promise: bytes
    """The note that will be handed out; the first one given for a leaf is the one that stays."""
    claims: tuple[bytes, ...] = ()
    """What no other entry may use, pending or logged, 1 to 256 bytes each: stubs; letter, tag and statement number."""
    spent: bytes | None = field(default=None, repr=False)
    """h (32 bytes) of the entitled person whose row this is; kept without any link to the entry."""
    openings: tuple[Opening, ...] = ()
    seen: int | None = None
    """The size of the log whose rules allow it. Another process may have appended since: what closes a letter, say."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission: the promise, and whether the entry is in the log already.

    The promise is the first one given for the leaf; the submission's own if the leaf is recorded by now.
    """

    promise: bytes
    recorded: bool


class LogStore(Protocol):
    """One group's record, durable. Any thread may call any method.

    After a write that failed for another reason than a full disk, and after `close`, every method raises StoreError:
    what the disk holds then is known only after the check of the next start.
    """

    def head(self) -> Head:
        """The last committed head."""

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The leaves from `start` up to `end`, in log order; ValueError outside the log."""

    def leaf_hashes(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The hashes of the same leaves."""

    def index_of(self, leaf_hash: bytes) -> int | None:
        """The lowest index of a logged leaf with this hash."""

    def submit(self, pending: Pending) -> Submitted:
        """Make an entry pending, and return once that is durable.

        The same leaf again gives the same promise. InvitationSpent if `spent` is taken, TagReused if a claim is,
        HeadMoved if the log is no longer as large as the submission has `seen` it, IntakePaused or StoreFull where the
        disk is nearly or really full, or the store closes; nothing is kept then, but for openings that the next
        `forget_openings` removes.
        """

    def enqueue(self, pending: Pending) -> Future[Submitted]:
        """`submit` for callers that wait in their own way: the future's result is what `submit` returns or raises."""

    def promise(self, leaf_hash: bytes) -> bytes | None:
        """The promise given for a leaf that is pending; None for any other."""

    def is_spent(self, h: bytes) -> bool:
        """Whether somebody has enrolled under `h`."""

    def spent_count(self) -> int:
        """How many have enrolled whose entries are released: the number, and nobody in particular."""

    def pending(self) -> list[bytes]:
        """The leaves that wait for release, in the order of their hashes."""

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
        """Append `leaves` under the checkpoint `note`, and move the pending ones among them, in one transaction.

        Durable when it returns the new head. `released` are leaf hashes: each must be among `leaves`, because nothing
        acknowledged is dropped. `claims` are taken for leaves that were never pending. `openings` are durable before;
        the openings of the commitments `erased` are deleted after (after a crash, by `forget_openings`).
        HeadMoved if size or root are no longer those of `expected`, TagReused if a claim is taken, StoreFull: nothing
        has changed then. ValueError if `note` is no checkpoint of the resulting size and root.
        """

    def opening(self, commitment: bytes) -> Opening | None:
        """The opening of a commitment, if it is here."""

    def forget_openings(self, needed: Callable[[bytes], bool], size: int) -> None:
        """Delete every opening whose commitment is needed neither by the log (`needed` says so) nor by a pending entry.

        HeadMoved, and nothing is deleted, if the log is not as large (`size`) as the one that `needed` knows.
        To be called at start too, after the replay: it ends erasures that a crash interrupted, and removes orphans.
        """

    def close(self) -> None:
        """Stop, and let another process open the store."""
