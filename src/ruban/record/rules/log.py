"""What the log itself says: batches and erasures."""

from __future__ import annotations

from ruban.errors import CommitmentInvalid, Message, RuleBroken
from ruban.proof import Claim
from ruban.record.rules.rule import Placed, require_aligned, require_time
from ruban.record.state import Batch, Letter, Point, State


class BatchRule:
    """Announces how many members' entries follow, and the one time they all bear."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        data = placed.entry.data
        if data["first"] != placed.index + 1:
            raise RuleBroken("first", str(placed.index + 1), str(data["first"]))
        require_time(state, placed.time)
        require_aligned(state, "time", placed.time)

    def apply(self, state: State, placed: Placed) -> None:
        state.batch = Batch(placed.index, placed.time, placed.entry.data["count"])
        state.clock = placed.time


def end_batch(state: State, batch: Batch) -> None:
    """What is known once a batch is whole: a point of each letter's series, and whether its threshold is reached."""
    for letter_id in sorted(batch.letters):
        letter = state.letters[letter_id]
        _add_point(letter, batch.time)
        if letter.threshold is not None and letter.threshold_reached is None and letter.signed >= letter.threshold:
            letter.threshold_reached = batch.time


def _add_point(letter: Letter, time: int) -> None:
    point = Point(time, letter.named, letter.unnamed, letter.withdrawn)
    if letter.series and letter.series[-1].time == time:
        letter.series[-1] = point
    else:
        letter.series.append(point)


class Erasure:
    """Says which openings no longer exist. Nothing else changes: the count depends on tags alone."""

    def claim(self, state: State, placed: Placed) -> Claim | None:
        return None

    def check(self, state: State, placed: Placed) -> None:
        for commitment in placed.entry.data["commitments"]:
            if bytes.fromhex(commitment) not in state.commitments:
                raise CommitmentInvalid("commitments", Message("commitments of the record"), commitment)

    def apply(self, state: State, placed: Placed) -> None:
        state.erased.update(bytes.fromhex(commitment) for commitment in placed.entry.data["commitments"])
