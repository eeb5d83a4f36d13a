"""Erase openings: on request, or when a letter no longer keeps names and comments. The count stands.

The record says so first, then they are deleted.
"""

from __future__ import annotations

from collections.abc import Iterable

from ruban.errors import Message, RuleBroken
from ruban.record.entry import make_entry, parse_entry
from ruban.record.kinds import MAX_ERASED
from ruban.record.state import Letter, Recorded, State
from ruban.service.keeper import Keeper, one_at_a_time


@one_at_a_time
def erase(keeper: Keeper, commitments: Iterable[bytes], reason: str = "request") -> int:
    """Delete the openings of these commitments for good, and say how many: what was erased before is left out.

    CommitmentInvalid if the record has no such commitment. A name that its row is giving anew, in an entry that waits
    for release, stays for that entry (spec/record.md, 5.11).
    """
    ordered = sorted(set(commitments) - keeper.state.erased)
    given_anew = {entry.data.get("claim") for entry in map(parse_entry, keeper.store.pending())}
    for start in range(0, len(ordered), MAX_ERASED):
        part = ordered[start : start + MAX_ERASED]
        data = {"kind": "erasure", "v": 1, "commitments": [c.hex() for c in part], "reason": reason}
        keeper.append_entry(make_entry(data), erased=[c for c in part if c.hex() not in given_anew])
    return len(ordered)


@one_at_a_time
def erase_outdated(keeper: Keeper, now: int) -> int:
    """Erase the names and comments of letters that keep them no longer, and say how many.

    A name that another letter still shows stays until that one keeps it no longer either.
    """
    state = keeper.state
    due = {letter_id: letter for letter_id, letter in state.letters.items() if _is_outdated(letter, now)}
    if due.keys() == keeper.outdated:
        return 0
    kept = _given(state, (letter for letter_id, letter in state.letters.items() if letter_id not in due))
    count = erase(keeper, _given(state, due.values()) - kept - state.struck, "retention")
    keeper.outdated = frozenset(due)
    return count


def _is_outdated(letter: Letter, now: int) -> bool:
    return letter.closed and letter.kept_until is not None and letter.kept_until <= now


def _given(state: State, letters: Iterable[Letter]) -> set[bytes]:
    return set[bytes]().union(*(state.given(letter, withdrawn=False) for letter in letters))


def given_by_tag(keeper: Keeper, letter: Letter, tag: bytes) -> set[bytes]:
    """Commitments to the name and comment of a signature; RuleBroken if it gave neither."""
    recorded = letter.signatures.get(tag)
    given = set[bytes]() if recorded is None else _given_by(keeper.state, recorded)
    if not given:
        raise RuleBroken("tag", Message("that of a signature with a name or comment"), tag.hex())
    return given


def given_by_row(keeper: Keeper, number: int) -> set[bytes]:
    """Commitments to a row's name, and to the comments beside it under every letter; RuleBroken without such a row."""
    rows = keeper.state.roll.rows
    if not 0 <= number < len(rows):
        raise RuleBroken("row", Message("0 to {n:,}", n=len(rows) - 1), str(number))
    given = {rows[number].claim}
    for letter in keeper.state.letters.values():
        for recorded in letter.signatures.values():
            if recorded.row == number:
                given |= _given_by(keeper.state, recorded)
    return given


def _given_by(state: State, recorded: Recorded) -> set[bytes]:
    name = set[bytes]() if recorded.row is None else {state.roll.rows[recorded.row].claim}
    return name if recorded.comment is None else name | {recorded.comment}
