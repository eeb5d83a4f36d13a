"""Who else has seen a record: cosignatures on its checkpoint, and whether they are the quorum of a policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ruban.audit.fetch import Source
from ruban.errors import FetchFailed, FormatError, QuorumMissing, RubanError
from ruban.log.note import parse_note
from ruban.log.policy import MAX_POLICY_BYTES, Policy, check_quorum, parse_policy, standing
from ruban.published import POLICY


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
    pinned: bool
    """Whether the reader brought the policy; else the record names its own."""
    quorum: bool
    """Whether the policy wants anybody, and they are there."""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "cosigned": [{"name": one.name, "at": one.at} for one in self.cosigned],
            "asked": self.asked,
            "policy": "pinned" if self.pinned else "published",
            "quorum": self.quorum,
        }


def check_witnesses(
    source: Source, note: bytes, pinned: Policy | None, found: Callable[[RubanError], None]
) -> Witnesses | None:
    """Who has cosigned the note by the reader's policy, else by the published one; None where there is neither.

    `found` hears of a quorum that is missing, and of a published policy that is none.
    """
    policy = pinned
    if policy is None:
        try:
            policy = parse_policy(source.read(POLICY, MAX_POLICY_BYTES))
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
    return Witnesses(cosigned, len(policy.witnesses), pinned is not None, quorum)
