"""Release what members sent: in windows, shuffled, in company; then the epoch that is due, and letters that have ended.

Spec/record.md, section 5, says what a verifier wants of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from ruban.errors import HeadMoved, RubanError
from ruban.log.merkle import leaf_hash
from ruban.primitives.randomness import shuffled
from ruban.record.entry import Entry, make_entry, parse_entry
from ruban.record.replay import RULES
from ruban.record.rules.log import has_company
from ruban.record.rules.roll import epoch_due, epoch_entry
from ruban.record.rules.rule import Placed
from ruban.service.erase import erase_outdated
from ruban.service.keeper import Keeper, one_at_a_time

MAX_BATCH = 100_000
"""Entries of one batch and transaction, at most, but that unnamed signatures of one ring are never split."""


@dataclass(frozen=True, slots=True)
class Released:
    """What one call released, and what still waits."""

    entries: int
    held: int
    epochs: int
    closed: tuple[bytes, ...]


@one_at_a_time
def release(keeper: Keeper, now: int) -> Released:
    """Release everything that is due at `now`. Calling it more often than once a window changes nothing.

    StoreFrozen, and nothing is released, where more of the record is known elsewhere.
    """
    keeper.check_may_sign()
    before, epochs_before = keeper.state.size, len(keeper.state.roll.epochs)
    boundary = _boundary(keeper, now)
    # One batch a window: a second one would tell who came in between.
    fresh = keeper.state.opened.window == 0 or keeper.state.batch is None or keeper.state.batch.time < boundary
    closed = _close_ended(keeper, now)
    if fresh and boundary >= keeper.state.clock:
        _append_batch(keeper, _in_company(keeper, _releasable(keeper, boundary), boundary), boundary)
    if boundary >= keeper.state.clock and epoch_due(keeper.state, boundary):
        keeper.append_entry(epoch_entry(keeper.state, boundary))
    erase_outdated(keeper, now)
    if keeper.state.size > before:
        forget_names(keeper)
        keeper.desk.tidy()
    return Released(
        entries=keeper.state.size - before,
        held=len(keeper.store.pending()),
        epochs=len(keeper.state.roll.epochs) - epochs_before,
        closed=closed,
    )


def _close_ended(keeper: Keeper, now: int) -> tuple[bytes, ...]:
    """Everything acknowledged for a letter is in the record before it is closed, with time = closing."""
    ended = [letter for letter in keeper.state.letters.values() if not letter.closed and letter.closing <= now]
    for letter in sorted(ended, key=lambda letter: letter.closing):
        waiting = _releasable(keeper, letter.closing)
        of_letter = [entry for entry in waiting if entry.data.get("letter") == letter.letter_id.hex()]
        _append_batch(keeper, of_letter, letter.closing)
        at = max(keeper.state.clock, letter.closing)
        keeper.append_entry(make_entry({"kind": "letter.closed", "v": 1, "letter": letter.letter_id.hex(), "at": at}))
    return tuple(letter.letter_id for letter in ended)


def _boundary(keeper: Keeper, now: int) -> int:
    """The end of the last whole window; with window 0, now."""
    window = keeper.state.opened.window
    return max(now, keeper.state.clock) if window == 0 else now // window * window


def _releasable(keeper: Keeper, time: int) -> list[Entry]:
    """What waits and may stand in a batch of this time.

    Whatever was admitted may, unless the clock was wrong then or is now. Such an entry waits on: in the record it
    would be a finding for ever, and hold up everybody else's.
    """
    fitting, room = [], keeper.state.opened.electorate - len(keeper.state.roll.rows)
    for leaf in keeper.store.pending():
        entry = parse_entry(leaf)
        try:
            RULES[entry.kind].check(keeper.state, Placed(entry, keeper.state.size, time))
        except RubanError:
            continue
        # The one rule that looks at more than one of them; all else two entries could want, the store gives to one.
        if entry.kind == "roll.row":
            room -= 1
        if entry.kind != "roll.row" or room >= 0:
            fitting.append(entry)
    return fitting


def _in_company(keeper: Keeper, entries: list[Entry], boundary: int) -> list[Entry]:
    """All but the unnamed signatures that are too few to hide one another and can wait for a later window."""
    group, chosen = keeper.state.opened, []
    for ring, together in _by_ring(entries).items():
        if ring is not None and len(together) < group.minimum:
            letter = keeper.state.letters[bytes.fromhex(ring[0])]
            deadlines = [keeper.deadline(leaf_hash(entry.leaf)) for entry in together]
            can_wait = all(at is None or boundary + group.window < at for at in deadlines)
            if can_wait or not has_company(keeper.state, letter, ring[1], len(together), boundary):
                continue
        chosen += together
    return chosen


def _by_ring(entries: Iterable[Entry]) -> dict[tuple[str, str] | None, list[Entry]]:
    """Unnamed signatures by letter and selector; None stands for all else, which nothing has to hide."""
    found: dict[tuple[str, str] | None, list[Entry]] = defaultdict(list)
    for entry in entries:
        unnamed = entry.kind == "signature" and entry.data["way"] == "unnamed"
        found[(entry.data["letter"], entry.data["selector"]) if unnamed else None].append(entry)
    return found


def _append_batch(keeper: Keeper, entries: list[Entry], time: int) -> None:
    for part in _parts(entries):
        head = {"kind": "batch", "v": 1, "first": keeper.state.size + 1, "count": len(part), "time": time}
        leaves = [make_entry(head).leaf, *(entry.leaf for entry in part)]
        keeper.append(leaves, released=[leaf_hash(entry.leaf) for entry in part])


def _parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Shuffled batches, in none of which an unnamed signature is parted from those it hides among."""
    by_ring = _by_ring(entries)
    units = [[entry] for entry in by_ring.pop(None, [])] + list(by_ring.values())
    part: list[Entry] = []
    for unit in shuffled(units):
        if part and len(part) + len(unit) > MAX_BATCH:
            yield shuffled(part)
            part = []
        part += unit
    if part:
        yield shuffled(part)


def forget_names(keeper: Keeper) -> None:
    """Delete openings that no reader needs any more, above all the names of those who withdrew."""
    # Readers of what witnesses have seen so far need theirs as well.
    needed = (keeper.state.required_openings() | keeper.shown.required_openings()) - keeper.state.erased
    # Where another process has appended meanwhile, it knows better what is needed.
    with suppress(HeadMoved):
        keeper.store.forget_openings(needed.__contains__, keeper.state.size)
