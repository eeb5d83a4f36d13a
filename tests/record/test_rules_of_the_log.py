"""Batches and erasures: what is released together, when, and what is said to be deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ruban.errors import CommitmentInvalid, FormatError, RuleBroken
from ruban.record.rules.log import has_company
from ruban.record.tally import tally
from tests.record.pairs import Fault, effect, faults_of, judge
from tests.scribe import NOON, Scribe, letter_of_twelve

HOUR, DAY = 3600, 86_400


def _public() -> tuple[Scribe, bytes]:
    """A letter for three days in a group with a minimum of five and windows of a quarter of an hour."""
    scribe = Scribe(window=900, origin="letters.example/works")
    scribe.open_group()
    scribe.enrol(12)
    scribe.epoch()
    return scribe, scribe.open_letter(closing=NOON + 3 * DAY)


def _batch(scribe: Scribe, letter: bytes, **changes: Any) -> None:
    scribe.now += 900
    scribe.batch(scribe.named(letter, 0), **changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first": 3}, "first"),
        ({"time": NOON + 1}, "time"),
        ({"time": NOON - 900}, "time"),
    ],
)
def test_what_follows_a_false_batch_does_not_count(changes: dict[str, Any], field: str) -> None:
    scribe, letter = _public()
    before = effect(scribe.state)
    _batch(scribe, letter, **changes)
    assert faults_of(scribe) == [("RuleBroken", field), ("RuleBroken", "batch")]
    assert effect(scribe.state) == before
    honest, letter = _public()
    _batch(honest, letter)
    assert faults_of(honest) == []


def test_a_batch_has_as_many_entries_as_it_says() -> None:
    scribe, letter = _public()
    _batch(scribe, letter, count=2)
    assert faults_of(scribe) == [("RuleBroken", "batch")]
    scribe.close(letter, at=NOON + 3 * DAY)
    assert faults_of(scribe) == [("RuleBroken", "batch")]
    assert not scribe.state.letters[letter].closed


def test_an_entry_after_its_batch_does_not_count() -> None:
    scribe, letter = _public()
    scribe.now += 900
    scribe.batch(scribe.named(letter, 0), scribe.named(letter, 1), count=1)
    assert faults_of(scribe) == [("RuleBroken", "batch")]
    assert scribe.state.letters[letter].signed == 1


def test_a_batch_inside_a_batch_is_none() -> None:
    scribe, letter = _public()
    scribe.now += 900
    scribe.write({"kind": "batch", "v": 1, "first": len(scribe.leaves) + 1, "count": 2, "time": scribe.now})
    scribe.batch(scribe.named(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "batch")]
    assert scribe.state.letters[letter].signed == 1


def test_the_same_batch_twice_counts_once() -> None:
    scribe, letter = _public()
    scribe.now += 900
    entries = [scribe.unnamed(letter, member) for member in range(5)]
    scribe.batch(*entries)
    assert faults_of(scribe) == []
    before = effect(scribe.state)
    scribe.batch(*entries)
    assert faults_of(scribe) == [("TagReused", "tag")] * 5
    assert effect(scribe.state) == before


def test_an_entry_of_another_kind_inside_a_batch_has_no_effect() -> None:
    scribe, letter = _public()
    closed = {"kind": "letter.closed", "v": 1, "letter": letter.hex(), "at": NOON + 3 * DAY}
    scribe.batch(closed)
    assert faults_of(scribe) == [("RuleBroken", "batch")]
    assert not scribe.state.letters[letter].closed


def test_an_entry_of_an_unknown_kind_is_kept_counted_and_without_effect() -> None:
    scribe, letter = letter_of_twelve()
    before = effect(scribe.state)
    scribe.write({"kind": "reply", "v": 1, "letter": letter.hex()})
    scribe.batch({"kind": "reply", "v": 7, "at": 1})
    assert faults_of(scribe) == []
    assert scribe.state.unknown == 2
    assert effect(scribe.state) == before


def test_kinds_without_end_take_no_memory() -> None:
    scribe, _ = letter_of_twelve()
    known = dict(scribe.state.counts)
    for number in range(20):
        scribe.write({"kind": "x" * 8000 + str(number), "v": 1})
    assert (scribe.state.unknown, scribe.state.counts) == (20, known)


def _release(*releases: tuple[int, int], ready: Any = _public) -> list[tuple[str, str]]:
    """Batches of so many unnamed signatures each, so many seconds after the opening."""
    scribe, letter = ready()
    member = 0
    for after, count in releases:
        scribe.now = NOON + after
        scribe.batch(*[scribe.unnamed(letter, member + i) for i in range(count)])
        member += count
    return faults_of(scribe)


EXPOSED = [("RuleBroken", "batch")]


@pytest.mark.parametrize(
    ("releases", "wrong"),
    [
        ([(900, 5)], []),
        ([(900, 4)], EXPOSED),
        ([(DAY - 1800, 4)], EXPOSED),
        ([(DAY - 900, 4)], []),
        ([(900, 5), (DAY - 900, 1)], EXPOSED),
        ([(900, 5), (DAY, 1)], []),
        ([(3 * DAY, 1)], []),
        ([(2 * DAY, 5), (3 * DAY, 1), (3 * DAY, 1)], []),
    ],
)
def test_few_unnamed_signatures_are_released_only_if_one_may_have_waited_a_day_or_at_the_closing(
    releases: list[tuple[int, int]], wrong: list[tuple[str, str]]
) -> None:
    assert _release(*releases) == wrong


def test_signatures_released_too_few_together_count_all_the_same() -> None:
    scribe, letter = _public()
    scribe.now += 900
    scribe.batch(scribe.unnamed(letter, 0))
    assert faults_of(scribe) == EXPOSED
    assert (scribe.findings[0].index, scribe.findings[0].kind) == (len(scribe.leaves) - 2, "batch")
    assert scribe.state.letters[letter].signed == 1


def test_signatures_by_name_are_no_company_and_need_none() -> None:
    scribe, letter = _public()
    scribe.now += 900
    scribe.batch(*[scribe.named(letter, member) for member in range(4)])
    assert faults_of(scribe) == []
    scribe.now += 900
    scribe.batch(scribe.unnamed(letter, 9), *[scribe.named(letter, member) for member in range(4, 8)])
    assert faults_of(scribe) == EXPOSED


def test_each_letter_needs_company_of_its_own() -> None:
    scribe, first = _public()
    second = scribe.open_letter(closing=NOON + 3 * DAY)
    scribe.now += 900
    scribe.batch(*[scribe.unnamed(first, i) for i in range(5)], *[scribe.unnamed(second, i) for i in range(4)])
    assert faults_of(scribe) == EXPOSED
    assert not has_company(scribe.state, scribe.state.letters[second], "all", 4, scribe.now)
    assert has_company(scribe.state, scribe.state.letters[second], "all", 5, scribe.now)


def _erase(scribe: Scribe, _: bytes, commitment: str = "") -> None:
    scribe.erase(commitment or scribe.state.opened.title.hex())


def test_what_the_record_never_had_is_not_erased() -> None:
    fault = Fault(name="", act=_erase, changes={"commitment": "aa" * 32}, error=CommitmentInvalid, field="commitments")
    judge(letter_of_twelve, fault)


def test_a_name_that_is_given_anew_is_erased_no_more() -> None:
    scribe, first = letter_of_twelve()
    second = scribe.open_letter()
    scribe.batch(scribe.named(first, 0), scribe.unnamed(second, 1))
    claims = [scribe.state.roll.rows[row].claim for row in (0, 1)]
    scribe.erase(*sorted(claim.hex() for claim in claims))
    scribe.now += 60
    scribe.batch(scribe.named(second, 0), scribe.step_forward(second, 1))
    assert faults_of(scribe) == []
    assert scribe.state.erased == set()
    assert tally(scribe.state, scribe.state.letters[first]).erased == 0


def test_how_long_a_letter_keeps_names_is_a_number_of_days() -> None:
    scribe, first = letter_of_twelve()
    assert scribe.state.letters[first].kept_until is None
    second = scribe.state.letters[scribe.open_letter(retention_days=30)]
    assert second.kept_until == second.closing + 30 * DAY
    for wrong in (0, "30", None):
        with pytest.raises(FormatError):
            scribe.open_letter(retention_days=wrong)


def test_erasing_a_name_changes_no_count() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.named(letter, 0), scribe.named(letter, 1))
    before = tally(scribe.state, scribe.state.letters[letter])
    scribe.erase(scribe.state.roll.rows[0].claim.hex())
    after = tally(scribe.state, scribe.state.letters[letter])
    assert faults_of(scribe) == []
    assert (before.signed, before.named, before.erased) == (2, 2, 0)
    assert (after.signed, after.named, after.erased) == (2, 2, 1)
    scribe.now += 60
    scribe.batch(scribe.withdraw(letter, 0))
    assert tally(scribe.state, scribe.state.letters[letter]).erased == 0


ANACHRONISMS: dict[str, Callable[[Scribe, bytes, int], object]] = {
    "batch": lambda scribe, letter, at: scribe.batch(scribe.row(20), time=at),
    "epoch": lambda scribe, letter, at: scribe.epoch(at=at),
    "letter": lambda scribe, letter, at: scribe.open_letter(at=at),
    "change": lambda scribe, letter, at: scribe.change(letter, "extend", NOON + 2 * HOUR, at=at),
    "close": lambda scribe, letter, at: scribe.close(letter, at=at),
}


@pytest.mark.parametrize("kind", ANACHRONISMS)
def test_no_time_in_the_record_falls(kind: str) -> None:
    scribe, letter = letter_of_twelve()
    scribe.now += 60
    scribe.enrol(1)
    ANACHRONISMS[kind](scribe, letter, NOON + 59)
    assert faults_of(scribe)[0] == (RuleBroken.__name__, "time")
