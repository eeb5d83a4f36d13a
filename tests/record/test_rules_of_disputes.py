"""Disputes stand beside the count, change none, and are settled by the organisers in public."""

from __future__ import annotations

import pytest

from ruban.errors import FormatError
from ruban.record.tally import tally
from tests.audit.simulator import verdict_of
from tests.record.pairs import faults_of
from tests.scribe import LOG, Scribe, letter_of_twelve


def disputed(*numbers: int) -> tuple[Scribe, bytes]:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0), *[scribe.dispute(number) for number in numbers])
    return scribe, letter


def test_open_disputes_stand_in_the_verdict_and_the_count_is_as_before() -> None:
    scribe, letter = disputed(1, 2)
    assert faults_of(scribe) == []
    assert scribe.state.open_disputes == 2
    assert tally(scribe.state, scribe.state.letters[letter]).signed == 1
    assert verdict_of(scribe.publish()).as_json()["disputes"] == {"open": 2, "settled": []}


def test_a_settled_one_is_open_no_more_and_its_reason_can_be_read() -> None:
    scribe, _ = disputed(1, 2)
    at = scribe.now
    scribe.settle(1)
    assert faults_of(scribe) == []
    said = verdict_of(scribe.publish()).as_json()["disputes"]
    assert said == {"open": 1, "settled": [{"at": at, "reason": "a shared phone"}]}


@pytest.mark.parametrize("second", [1, 7])
def test_only_an_open_one_is_settled_once(second: int) -> None:
    scribe, _ = disputed(1, 2)
    scribe.settle(1)
    scribe.settle(second)
    assert faults_of(scribe) == [("RuleBroken", "id")]
    assert scribe.state.open_disputes == 1


def test_a_settled_one_is_not_begun_again() -> None:
    scribe, _ = disputed(1)
    scribe.settle(1)
    scribe.batch(scribe.dispute(1))
    assert faults_of(scribe) == [("RuleBroken", "id")]


def test_there_are_no_more_than_rows() -> None:
    scribe, _ = disputed(*range(12))
    scribe.batch(scribe.dispute(13))
    assert faults_of(scribe) == [("RuleBroken", "dispute")]


def test_outside_a_batch_its_time_would_tell_who_says_it() -> None:
    scribe, _ = disputed()
    scribe.write(scribe.dispute(1))
    assert faults_of(scribe) == [("RuleBroken", "batch")]


def test_a_stranger_settles_nothing() -> None:
    scribe, _ = disputed(1)
    entry = scribe.signed(
        {"kind": "dispute.settled", "v": 1, "id": "00" * 15 + "01", "at": scribe.now, "reason": "ab" * 32}
    )
    forged = entry.leaf.replace(entry.data["sigs"][0]["sig"].encode(), b"00" * 64)
    scribe.write(forged)
    assert faults_of(scribe) == [("SignatureInvalid", "signature")]
    assert LOG


def test_an_identifier_has_sixteen_bytes() -> None:
    scribe, _ = disputed()
    with pytest.raises(FormatError):
        scribe.settle(1, id="00" * 15)
