"""What organisers and second parties did, as the record says it: a list that a page can show, and what is in it.

Made by the rules while they are applied, and by nobody else; times are Unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What was done."""

    GROUP_OPENED = "group_opened"
    LETTER_OPENED = "letter_opened"
    CLOSED_EARLY = "closed_early"
    EXTENDED = "extended"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    UPDATED = "updated"
    STRUCK = "struck"
    ELECTORATE_CORRECTED = "electorate_corrected"
    ATTESTER_NAMED = "attester_named"
    DISPUTE_SETTLED = "dispute_settled"
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One deed: when, about which letter if about one, and whose keys signed it."""

    index: int
    time: int
    """An erasure bears none itself: that of what came before it."""
    deed: Deed
    letter: bytes | None = None
    signers: tuple[bytes, ...] = ()
    """Organisers' keys, in ascending order; empty for an erasure, which the log's key vouches for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateText:
    """Commitment to organisers' news in one language."""

    lang: str
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Organisers' news on a letter, dated."""

    index: int
    at: int
    texts: tuple[UpdateText, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """Names and comments under a letter that organisers hid for abuse, and the commitment to their reason."""

    index: int
    at: int
    commitments: tuple[bytes, ...]
    reason: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Electorate:
    """E as it was stated from some entry on: how many are entitled, on which day, and where that comes from."""

    index: int
    at: int
    entitled: int
    date: str
    source: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attester:
    """A second party that may attest the roll: its key, and the commitment to its name."""

    index: int
    at: int
    key: bytes
    name: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What a second party said of an epoch: its own numbers, what it was shown and told, and how it compared."""

    index: int
    key: bytes
    date: str
    epoch: int
    rows: int
    entitled: int
    invited: int
    found: int
    spent: int
    method: bytes

    @property
    def not_found(self) -> int:
        """Of those invited, how many are not on its own list."""
        return self.invited - self.found

    @property
    def rows_without_invitation(self) -> int:
        """Rows beyond the invitations that were used."""
        return max(0, self.rows - self.spent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How the organisers closed a dispute, and when."""

    at: int
    reason: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Somebody invited says that another used their code; open until the organisers have settled it."""

    index: int
    at: int
    """That of its batch."""
    key: bytes
    settled: Settlement | None = None
