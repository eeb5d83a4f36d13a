"""Who else has seen a record: cosignatures on its checkpoint, and whether they are the quorum of a policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ruban.audit.fetch import Source
from ruban.errors import FetchFailed, FormatError, QuorumMissing, RubanError
from ruban.log.note import parse_note
from ruban.log.policy import MAX_POLICY_BYTES, Policy, check_quorum, parse_policy, standing
from ruban.published import POLICY


class Chosen(StrEnum):
    """Who says that these are witnesses."""

    PINNED = "pinned"
    """The reader."""
    KEPT = "kept"
    """The record, or the reader, at an earlier look."""
    PUBLISHED = "published"
    """The record, today."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness of the policy that has cosigned this checkpoint, and when."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Whose word there is, out of how many, and who says that these are witnesses."""

    cosigned: tuple[Cosigned, ...]
    asked: int
    chosen: Chosen
    quorum: bool
    """Whether the policy wants anybody, and they are there."""
    policy: bytes | None = None
    """The file by which they are asked, unless the reader brought it."""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "cosigned": [{"name": one.name, "at": one.at} for one in self.cosigned],
            "asked": self.asked,
            "policy": self.chosen,
            "quorum": self.quorum,
        }


def check_witnesses(
    source: Source, note: bytes, pinned: Policy | None, kept: bytes | None, found: Callable[[RubanError], None]
) -> Witnesses | None:
    """Who has cosigned the note by the reader's policy, else the one kept, else the published one; None without any.

    `found` hears of a quorum that is missing, and of a published policy that is none.
    """
    policy, file = pinned, None
    chosen = Chosen.PINNED if pinned is not None else Chosen.PUBLISHED if kept is None else Chosen.KEPT
    if policy is None:
        try:
            file = source.read(POLICY, MAX_POLICY_BYTES) if kept is None else kept
            policy = parse_policy(file)
        except FetchFailed:
            return None
        except FormatError as wrong:
            found(wrong)
            return None
    parsed = parse_note(note)
    quorum = policy.quorum is not None
    try:
        check_quorum(policy, parsed)
    except QuorumMissing as missing:
        found(missing)
        quorum = False
    times = standing(policy, parsed)
    cosigned = tuple(Cosigned(policy.witnesses[name].key.name, at) for name, at in times.items())
    return Witnesses(cosigned, len(policy.witnesses), chosen, quorum, file)
