"""What `group.opened` may say, and that it stands first and alone."""

from __future__ import annotations

from typing import Any

import pytest

from ruban.errors import FormatError, QuorumMissing, RuleBroken
from ruban.primitives.ed25519 import public_key
from ruban.record.entry import parse_entry, with_signatures
from tests.record.pairs import Fault, faults_of, judge
from tests.scribe import ADA, LOG, RECEIPT, Scribe

EVE = bytes([9]) * 32
PUBLIC = {"origin": "letters.example/works", "window": 900, "minimum": 5}


def nothing() -> tuple[Scribe, bytes]:
    return Scribe(), b""


def _open(scribe: Scribe, _: bytes, **changes: Any) -> None:
    scribe.origin = changes.get("origin", scribe.origin)
    scribe.open_group(**changes)


def _public(scribe: Scribe, _: bytes, **changes: Any) -> None:
    _open(scribe, _, **PUBLIC | changes)


def _organisers(scribe: Scribe, *seeds: bytes) -> list[dict[str, str]]:
    return [{"key": public_key(seed).hex(), "name": scribe.opening("An organiser")} for seed in seeds]


def _two(scribe: Scribe, _: bytes, seeds: tuple[bytes, ...] = (ADA, EVE), quorum: int = 2) -> None:
    """Two organisers, both of whom must sign."""
    data = _group() | {"quorum": quorum, "organisers": _organisers(scribe, ADA, EVE)}
    scribe.write(with_signatures(scribe.origin, data, seeds, [public_key(seed) for seed in seeds]))


def _group() -> dict[str, Any]:
    other = Scribe()
    other.open_group()
    return {key: value for key, value in parse_entry(other.leaves[0]).data.items() if key != "sigs"}


FAULTS = [
    Fault(
        name="a window of 0 for everybody to see", act=_public, changes={"window": 0}, error=RuleBroken, field="window"
    ),
    Fault(
        name="a window that does not divide a day",
        act=_public,
        changes={"window": 901},
        error=RuleBroken,
        field="window",
    ),
    Fault(name="a window of 30 seconds", act=_public, changes={"window": 30}, error=RuleBroken, field="window"),
    Fault(name="a minimum of 4", act=_public, changes={"minimum": 4}, error=RuleBroken, field="minimum"),
    Fault(name="a minimum of 1 in a rehearsal", act=_public, changes={"minimum": 1}, error=RuleBroken, field="minimum"),
    Fault(
        name="a day that no calendar has",
        act=_open,
        changes={"electorate_date": "2026-02-30"},
        error=FormatError,
        field="electorate_date",
    ),
    Fault(name="a quorum above the organisers", act=_open, changes={"quorum": 2}, error=RuleBroken, field="quorum"),
    Fault(name="one of two who must sign", act=_two, changes={"seeds": (ADA,)}, error=QuorumMissing, field="sigs"),
    Fault(name="a stranger signs", act=_two, changes={"seeds": (ADA, LOG)}, error=QuorumMissing, field="sigs"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_group_that_breaks_a_rule_is_not_opened(fault: Fault) -> None:
    judge(nothing, fault)


def test_a_rehearsal_may_have_a_minimum_of_two() -> None:
    scribe = Scribe()
    _public(scribe, b"", minimum=2, rehearsal=True)
    assert faults_of(scribe) == []


def test_a_signature_over_other_bytes_opens_no_group() -> None:
    scribe = Scribe()
    data = dict(scribe.signed(_group()).data)
    scribe.write({**data, "electorate": 31})
    assert faults_of(scribe) == [("SignatureInvalid", "signature")]
    assert scribe.state.group is None


def test_an_organiser_counts_once_towards_the_quorum() -> None:
    scribe = Scribe()
    data = _group() | {"quorum": 2}
    key = {"key": public_key(ADA).hex()}
    scribe.write(scribe.signed(data | {"organisers": [key | {"name": scribe.opening(n)} for n in ("Ada", "A")]}))
    assert faults_of(scribe) == [("FormatError", "organisers")]


def test_signatures_stand_in_the_order_of_their_keys_and_once() -> None:
    scribe = Scribe()
    data = _group() | {"organisers": _organisers(scribe, ADA, EVE), "quorum": 1}
    entry = with_signatures(scribe.origin, data, (ADA, EVE), [public_key(ADA), public_key(EVE)])
    sigs = entry.data["sigs"]
    for wrong in (sigs[::-1], [sigs[0], sigs[0]]):
        other = Scribe()
        other.write({**entry.data, "sigs": wrong})
        assert faults_of(other) == [("FormatError", "sigs")]


def test_a_log_is_opened_once() -> None:
    scribe = Scribe()
    scribe.open_group()
    scribe.open_group()
    assert faults_of(scribe) == [("RuleBroken", "group.opened")]


def test_nothing_counts_before_the_group() -> None:
    scribe = Scribe()
    scribe.write({"kind": "batch", "v": 1, "first": 1, "count": 1, "time": scribe.now})
    scribe.open_group()
    assert faults_of(scribe) == [("RuleBroken", "entry 0"), ("RuleBroken", "group.opened")]
    assert scribe.state.group is None


def test_keys_of_log_and_receipts_are_those_of_the_group() -> None:
    scribe = Scribe()
    scribe.open_group()
    assert (scribe.state.opened.log_key, scribe.state.opened.receipt_key) == (public_key(LOG), public_key(RECEIPT))
