"""A second party: named by the organisers, then alone with its key; its words are kept whatever they say."""

from __future__ import annotations

from typing import Any

import pytest

from ruban.audit.report import Verdict
from ruban.errors import FormatError
from tests.audit.simulator import verdict_of
from tests.record.pairs import faults_of
from tests.scribe import ADA, COUNCIL, LOG, RECEIPT, Scribe, letter_of_twelve

STRANGER = bytes([77]) * 32


def named() -> Scribe:
    scribe, _ = letter_of_twelve()
    scribe.name_attester()
    return scribe


def verdict(scribe: Scribe) -> Verdict:
    return verdict_of(scribe.publish())


def test_what_a_second_party_signs_stands_in_the_verdict() -> None:
    scribe = named()
    scribe.attest(entitled=31, invited=30, found=29, spent=12)
    assert faults_of(scribe) == []
    [said] = verdict(scribe).as_json()["attestations"]
    assert (said["by"], said["method"], said["date"]) == ("Works council", "line by line", "2026-11-21")
    assert [said[name] for name in ("rows", "entitled", "invited", "found", "spent")] == [12, 31, 30, 29, 12]


@pytest.mark.parametrize("seed", [ADA, LOG, RECEIPT])
def test_who_attests_themself_is_no_second_party(seed: bytes) -> None:
    scribe, _ = letter_of_twelve()
    scribe.name_attester(seed)
    assert faults_of(scribe) == [("RuleBroken", "key")]
    assert not scribe.state.attesters


def test_one_key_is_one_party() -> None:
    scribe = named()
    scribe.name_attester()
    assert faults_of(scribe) == [("RuleBroken", "key")]


def test_a_party_that_the_organisers_have_not_named_says_nothing() -> None:
    scribe = named()
    scribe.attest(STRANGER)
    assert faults_of(scribe) == [("RuleBroken", "key")]
    assert not scribe.state.attestations


def test_the_operator_cannot_change_what_it_said() -> None:
    scribe = named()
    scribe.attest()
    honest = scribe.leaves.pop()
    scribe.write(honest.replace(b'"found":30', b'"found":29'))
    assert ("SignatureInvalid", "signature") in faults_of(scribe)


def test_it_may_find_fault() -> None:
    scribe = named()
    # Fewer found than invited, more rows than invitations used, another number of entitled: for readers to see.
    scribe.attest(entitled=20, invited=30, found=19, spent=3)
    assert faults_of(scribe) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rows": 11}, "rows"),
        ({"epoch": 1}, "epoch"),
        ({"found": 31}, "found"),
        ({"date": "2026-13-01"}, "date"),
    ],
)
def test_what_cannot_be_true_of_this_record_is_refused(changes: dict[str, Any], field: str) -> None:
    scribe = named()
    scribe.attest(**changes)
    assert [found for _, found in faults_of(scribe)] == [field]


def test_it_is_brought_later_than_it_was_made_and_moves_no_clock() -> None:
    scribe = named()
    scribe.now += 3600
    scribe.enrol(10)
    scribe.epoch()
    first = next(iter(scribe.state.roll.epochs))
    clock = scribe.state.clock
    scribe.attest(epoch=first, rows=12)
    assert faults_of(scribe) == []
    assert scribe.state.clock == clock


def test_sixteen_parties_and_no_more() -> None:
    scribe = named()
    for number in range(16):
        scribe.name_attester(bytes([100 + number]) * 32)
    assert faults_of(scribe) == [("RuleBroken", "attester.named")]


def test_a_key_of_small_order_is_none() -> None:
    scribe, _ = letter_of_twelve()
    scribe.name_attester(COUNCIL, key="01" + "00" * 31)
    assert [type(finding.error) for finding in scribe.findings] == [FormatError]
