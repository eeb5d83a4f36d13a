"""Hide names and comments for abuse: the record says so first and why, then they are deleted here; the count stands."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.errors import Message, RuleBroken
from ruban.record.commitment import commit_line
from ruban.record.kinds import MAX_STRUCK
from ruban.record.state import Letter
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.release import forget_names, release


@one_at_a_time
def strike(
    keeper: Keeper,
    letter: Letter,
    commitments: Sequence[bytes],
    reason: str,
    now: int,
    by: Sequence[int] | None = None,
) -> None:
    """Hide what these commitments open to, names or comments of this letter, for a reason that everybody can read.

    RuleBroken if one is neither, or is hidden or erased already: nothing is hidden then, but what earlier entries of
    the same call hid, 64 each. `by` are the organisers who sign (one suffices); all whose keys are here if None.
    """
    release(keeper, now)
    opened = commit_line("reason", reason)
    ordered = sorted(set(commitments))
    for start in range(0, len(ordered), MAX_STRUCK):
        entry = keeper.signed(
            {
                "kind": "struck",
                "v": 1,
                "letter": letter.letter_id.hex(),
                "commitments": [commitment.hex() for commitment in ordered[start : start + MAX_STRUCK]],
                "reason": opened.commitment.hex(),
                "at": max(now, keeper.state.clock),
            },
            by,
        )
        keeper.append_entry(entry, openings=[opened])
    # Only now: an opening deleted before the entry is durable would be missed by every reader.
    forget_names(keeper)


def name_commitment(keeper: Keeper, letter: Letter, tag: bytes) -> bytes:
    """The commitment to the name that a signature gave; RuleBroken if it gave none."""
    recorded = letter.signatures.get(tag)
    if recorded is None or recorded.row is None:
        raise RuleBroken("tag", Message("that of a signature by name"), tag.hex())
    return keeper.state.roll.rows[recorded.row].claim


def comment_commitment(letter: Letter, tag: bytes) -> bytes:
    """The commitment to the comment beside a signature; RuleBroken if it has none."""
    recorded = letter.signatures.get(tag)
    if recorded is None or recorded.comment is None:
        raise RuleBroken("tag", Message("that of a signature with a comment"), tag.hex())
    return recorded.comment
