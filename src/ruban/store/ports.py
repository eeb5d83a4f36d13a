"""What a store of one group's record promises, whichever database keeps it (docs/operate/durability.md).

An acknowledged entry is never lost, the log never forks, and the store alone decides what is unique. Nothing here keeps
a time or an order finer than a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ruban.record.commitment import Opening


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: its size, its Merkle root, and the signed checkpoint that says so (empty for an empty log)."""

    size: int
    root: bytes
    note: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A member's entry on its way in, with all that has to be true for it to be taken."""

    leaf: bytes
    promise: bytes
    """The note that will be handed out; the first one given for a leaf is the one that stays."""
    claims: tuple[bytes, ...] = ()
    """What no other entry may use, pending or logged: stubs, or letter, tag and number of a statement."""
    spent: bytes | None = None
    """h of the entitled person whose row this is; kept without any link to the entry."""
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission: the promise, and whether the entry is in the log already."""

    promise: bytes
    recorded: bool


class LogStore(Protocol):
    """One group's record, durable."""

    def head(self) -> Head:
        """The last committed head."""

    def entries(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The leaves from `start` up to `end`, in log order."""

    def submit(self, pending: Pending) -> Submitted:
        """Make an entry pending, and return once that is durable.

        The same leaf again gives the same promise. InvitationSpent if `spent` is taken, TagReused if a claim is,
        IntakePaused or StoreFull where the disk is nearly or really full; nothing is kept then.
        """

    def promise(self, leaf_hash: bytes) -> bytes | None:
        """The promise given for a leaf that is pending; None for any other."""

    def is_spent(self, h: bytes) -> bool:
        """Whether somebody has enrolled under `h`."""

    def pending(self) -> list[bytes]:
        """The leaves that wait for release, in the order of their hashes."""

    def append(
        self,
        expected: Head,
        leaves: Sequence[bytes],
        note: bytes,
        *,
        released: Collection[bytes] = (),
        openings: Iterable[Opening] = (),
        erased: Collection[bytes] = (),
    ) -> Head:
        """Append `leaves` under a new checkpoint, and drop the pending entries with these leaf hashes, in one transaction.

        HeadMoved if size or root are no longer those of `expected`. `openings` are durable before; the openings of
        the commitments `erased` are deleted after.
        """

    def opening(self, commitment: bytes) -> Opening | None:
        """The opening of a commitment, if it is here."""

    def forget_openings(self, needed: Callable[[bytes], bool]) -> None:
        """Delete every opening whose commitment is not needed by the log or by a pending entry."""

    def close(self) -> None:
        """Stop, and let another process open the store."""
