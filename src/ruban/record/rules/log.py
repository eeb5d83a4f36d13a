"""What the log itself says: batches and erasures."""

from __future__ import annotations

from ruban.errors import CommitmentInvalid, Message, RubanError, RuleBroken
from ruban.proof import Claim
from ruban.record.deeds import Deed
from ruban.record.rules.rule import Placed, note_act, require_aligned, require_time
from ruban.record.state import Batch, Letter, Point, State

LONGEST_WAIT_SECONDS = 86_400
"""How long an unnamed signature may be held back for company, at most."""


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


def has_company(state: State, letter: Letter, selector: str, count: int, time: int) -> bool:
    """Whether `count` unnamed signatures of a letter may be released together at `time`.

    Enough of them; or all that is left at the closing; or fewer where one of them can have waited a day, since unnamed
    signing opened or since the last release, which took everything there was. How long one really waited nobody
    records: `time` is that of the window's end, up to a window before the release.
    """
    group = state.opened
    if count >= group.minimum or time >= letter.closing:
        return True
    since = max(letter.unnamed_from, letter.released.get(selector, 0))
    return time + group.window - since >= LONGEST_WAIT_SECONDS


def end_batch(state: State, batch: Batch) -> list[RubanError]:
    """What is known once a batch is whole: points of the letters' series, thresholds reached, too few released.

    Returned is what is wrong with the batch; its entries keep their effect, since their members did nothing wrong.
    """
    wrong: list[RubanError] = []
    for (letter_id, selector), count in sorted(batch.unnamed.items()):
        letter = state.letters[letter_id]
        if not has_company(state, letter, selector, count, batch.time):
            least = Message("at least {n} unnamed signatures of a letter together", n=state.opened.minimum)
            wrong.append(RuleBroken("batch", least, str(count)))
        letter.released[selector] = batch.time
    for letter_id in sorted(batch.letters):
        letter = state.letters[letter_id]
        _add_point(letter, batch.time)
        if letter.threshold is not None and letter.threshold_reached is None and letter.signed >= letter.threshold:
            letter.threshold_reached = batch.time
    return wrong


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
        note_act(state, placed, Deed.ERASED)
