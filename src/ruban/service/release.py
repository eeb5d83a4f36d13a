"""Release what members sent: in windows, shuffled, in company; then the epoch that is due, and letters that have ended.

Spec/record.md, section 5, says what a verifier wants of it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ruban.log.merkle import leaf_hash
from ruban.primitives.randomness import shuffled
from ruban.record.entry import Entry, make_entry, parse_entry
from ruban.record.rules.log import LONGEST_WAIT_SECONDS
from ruban.record.rules.roll import epoch_due, epoch_entry
from ruban.record.state import Letter
from ruban.service.keeper import Keeper

MAX_BATCH = 100_000
"""Entries released in one transaction, at most."""


@dataclass(frozen=True, slots=True)
class Released:
    """What one call released, and what still waits."""

    entries: int
    held: int
    epochs: int
    closed: tuple[bytes, ...]


def release(keeper: Keeper, now: int) -> Released:
    """Release everything that is due at `now`. Calling it more often than once a window changes nothing."""
    before, epochs_before = keeper.state.size, len(keeper.state.roll.epochs)
    boundary = _boundary(keeper, now)
    # One batch a window: a second one would tell who came in between.
    fresh = keeper.state.opened.window == 0 or keeper.state.batch is None or keeper.state.batch.time < boundary
    closed = _close_ended(keeper, now)
    if fresh and boundary >= keeper.state.clock:
        _append_batch(keeper, _in_company(keeper, _pending(keeper), boundary), boundary)
    if boundary >= keeper.state.clock and epoch_due(keeper.state, boundary):
        keeper.append_entry(epoch_entry(keeper.state, boundary))
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
        of_letter = [entry for entry in _pending(keeper) if entry.data.get("letter") == letter.letter_id.hex()]
        _append_batch(keeper, of_letter, letter.closing)
        _forget_held(keeper, letter)
        at = max(keeper.state.clock, letter.closing)
        keeper.append_entry(make_entry({"kind": "letter.closed", "v": 1, "letter": letter.letter_id.hex(), "at": at}))
    return tuple(letter.letter_id for letter in ended)


def _boundary(keeper: Keeper, now: int) -> int:
    """The end of the last whole window; with window 0, now."""
    window = keeper.state.opened.window
    return max(now, keeper.state.clock) if window == 0 else now // window * window


def _in_company(keeper: Keeper, entries: list[Entry], boundary: int) -> list[Entry]:
    """All but the unnamed signatures that are too few to hide one another and have not waited a day."""
    group = keeper.state.opened
    chosen, unnamed = [], defaultdict(list)
    for entry in entries:
        if entry.kind == "signature" and entry.data["way"] == "unnamed":
            unnamed[entry.data["letter"], entry.data["selector"]].append(entry)
        else:
            chosen.append(entry)
    for (letter, selector), waiting in unnamed.items():
        if len(waiting) < group.minimum:
            since = keeper.desk.held_since(bytes.fromhex(letter), selector, boundary)
            if boundary - since + group.window < LONGEST_WAIT_SECONDS:
                continue
        keeper.desk.no_longer_held(bytes.fromhex(letter), selector)
        chosen += waiting
    return chosen


def _append_batch(keeper: Keeper, entries: list[Entry], time: int) -> None:
    queue = shuffled(entries)
    for start in range(0, len(queue), MAX_BATCH):
        part = queue[start : start + MAX_BATCH]
        head = {"kind": "batch", "v": 1, "first": keeper.state.size + 1, "count": len(part), "time": time}
        leaves = [make_entry(head).leaf, *(entry.leaf for entry in part)]
        keeper.append(leaves, released=[leaf_hash(entry.leaf) for entry in part])


def _pending(keeper: Keeper) -> list[Entry]:
    return [parse_entry(leaf) for leaf in keeper.store.pending()]


def _forget_held(keeper: Keeper, letter: Letter) -> None:
    for selector in letter.selectors:
        keeper.desk.no_longer_held(letter.letter_id, selector)


def forget_names(keeper: Keeper) -> None:
    """Delete openings that no reader needs any more, above all the names of those who withdrew."""
    needed = keeper.state.required_openings() - keeper.state.erased
    keeper.store.forget_openings(needed.__contains__)
