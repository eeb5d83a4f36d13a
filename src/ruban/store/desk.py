"""What must not be public and may be forgotten: invitations not yet used. Never a signature.

It links no person to a row: an invitation forgets its person when its code is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One entitled person's way onto the roll; `name` and `identifier` are None once the code has been used."""

    code_hash: bytes = field(repr=False)
    name: str | None = field(repr=False)
    identifier: bytes | None = field(repr=False)
    role: str | None = field(repr=False, default=None)
    expires: int | None = None
    """From this second on it lets nobody in; None: it never ends. Kept when the code is used."""

    @property
    def used(self) -> bool:
        """Whether somebody has enrolled with this code."""
        return self.identifier is None

    def has_expired(self, now: int) -> bool:
        """Whether its time is over at `now`."""
        return self.expires is not None and now >= self.expires


class Desk(Protocol):
    """The organisers' private drawer. StoreFull, StoreError where the disk is full or fails."""

    def add_invitations(self, invitations: Iterable[Invitation]) -> None:
        """Keep all of them, or none."""

    def invitations(self) -> list[Invitation]:
        """All of them, in the order of their codes' hashes."""

    def invitation(self, code_hash: bytes) -> Invitation | None:
        """The invitation of a code, used or not."""

    def unused_identifiers(self) -> dict[bytes, bytes]:
        """Code hash by identifier, of invitations not yet used."""

    def replace_invitation(self, code_hash: bytes, by: Invitation | None) -> None:
        """Forget an invitation that has not been used, and keep `by` in its place; both, or neither."""

    def invitation_counts(self) -> tuple[int, int]:
        """How many invitations there are, and how many have been used."""

    def expiries(self) -> list[int | None]:
        """When invitations end, used ones too, each time once, soonest first, None last.

        The used ones stay in it: otherwise a time that vanishes would tell that its only person has enrolled.
        """

    def set_expiry(self, expires: int | None) -> None:
        """Give all invitations this end, used ones too, so that nobody's stands out."""

    def mark_used(self, code_hashes: Iterable[bytes]) -> None:
        """Forget whose invitations these were. A copy of what the log's store has decided already."""

    def tidy(self) -> None:
        """Write everything anew: what lies where it came would tell in what order people enrolled."""

    def close(self) -> None:
        """Let go of it."""
