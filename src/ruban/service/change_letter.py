"""Change an open letter, for a stated reason: close early, extend once, cancel, or replace by another."""

from __future__ import annotations

from collections.abc import Sequence

from ruban.record.commitment import commit_line
from ruban.record.state import Letter
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.service.release import release


@one_at_a_time
def change_letter(
    keeper: Keeper,
    letter: Letter,
    action: str,
    reason: str,
    now: int,
    *,
    closing: int | None = None,
    successor: bytes | None = None,
    by: Sequence[int] | None = None,
) -> None:
    """Write the change and its reason to the record, then release and close what has ended.

    `action` is close, extend, cancel or supersede; extend wants `closing`, supersede wants `successor`. The closing is
    moved to the end of a window. `by` are the organisers who sign; all whose keys are here if None. RuleBroken,
    LetterClosed or QuorumMissing if the record's rules do not allow it.
    """
    release(keeper, now)
    window = keeper.state.opened.window or 1
    at = max(now, keeper.state.clock)
    until = at if closing is None else closing
    opened = commit_line("reason", reason)
    data: dict[str, object] = {
        "kind": "letter.changed",
        "v": 1,
        "letter": letter.letter_id.hex(),
        "action": action,
        "closing": -(-until // window) * window,
        "reason": opened.commitment.hex(),
        "at": at,
    }
    if successor is not None:
        data["by"] = successor.hex()
    keeper.append_entry(keeper.signed(data, by), openings=[opened])
    release(keeper, now)
