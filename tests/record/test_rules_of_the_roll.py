"""Rows and epochs."""

from __future__ import annotations

from typing import Any

import pytest

from ruban.errors import FormatError, RuleBroken
from ruban.record.replay import Outcome, replay
from ruban.record.rules.roll import epoch_due, epoch_entry
from ruban.record.state import State
from tests.record.pairs import Fault, faults_of, judge
from tests.scribe import NOON, Scribe, letter_of_twelve

DAY = 86_400


def _row(scribe: Scribe, _: bytes, copy: str = "", **changes: Any) -> None:
    if copy:
        changes["stubs"] = [scribe.state.roll.columns[0][3].hex(), "00" * 32]
        changes["stubs"][1] = scribe.secrets[3].slot(1).stub.hex()
    scribe.batch(scribe.row(len(scribe.secrets), **changes))


def _alone(scribe: Scribe, _: bytes, batch: bool = True) -> None:
    row = scribe.row(len(scribe.secrets))
    if batch:
        scribe.batch(row)
    else:
        scribe.write(row)


def _same_stub_in_two_slots(scribe: Scribe, _: bytes, twice: bool = False) -> None:
    row = scribe.row(len(scribe.secrets))
    stubs = row.data["stubs"]
    scribe.batch({**row.data, "stubs": [stubs[0], stubs[0]]} if twice else row)


SMALL_ORDER = "01" + "00" * 31
FAULTS = [
    Fault(name="a key of small order", act=_row, changes={"key": SMALL_ORDER}, error=FormatError, field="key"),
    Fault(name="a role where there are none", act=_row, changes={"role": "Chef"}, error=RuleBroken, field="role"),
    Fault(name="stubs of another row", act=_row, changes={"copy": "yes"}, error=RuleBroken, field="stubs"),
    Fault(name="outside a batch", act=_alone, changes={"batch": False}, error=RuleBroken, field="batch"),
    Fault(
        name="one stub for two slots",
        act=_same_stub_in_two_slots,
        changes={"twice": True},
        error=FormatError,
        field="stubs",
    ),
    Fault(name="a stub too few", act=_row, changes={"stubs": ["aa" * 32]}, error=FormatError, field="stubs"),
    Fault(
        name="the identity as a stub",
        act=_row,
        changes={"stubs": ["00" * 32, "01" + "00" * 31]},
        error=FormatError,
        field="stub 0",
    ),
    Fault(name="a proof of zeros", act=_row, changes={"proof": "00" * 96}, error=FormatError, field="R"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_row_that_breaks_a_rule_is_not_on_the_roll(fault: Fault) -> None:
    judge(letter_of_twelve, fault)


def _group_with_roles() -> tuple[Scribe, bytes]:
    scribe = Scribe()
    scribe.open_group(roles=["Chef", "Serveuse"])
    return scribe, b""


@pytest.mark.parametrize("role", [{}, {"role": "Autre"}])
def test_a_row_bears_a_role_of_the_group(role: dict[str, str]) -> None:
    scribe, _ = _group_with_roles()
    scribe.batch(scribe.row(0, role="Chef"))
    assert faults_of(scribe) == []
    scribe.batch(scribe.row(1, **role))
    assert faults_of(scribe) == [("RuleBroken", "role")]


def test_the_same_row_twice_is_on_the_roll_once() -> None:
    scribe, _ = letter_of_twelve()
    row = scribe.row(12)
    scribe.batch(row, row)
    assert faults_of(scribe) == [("RuleBroken", "stubs")]
    assert len(scribe.state.roll.rows) == 13


def _new_rows() -> tuple[Scribe, bytes]:
    scribe, letter = letter_of_twelve()
    scribe.enrol(1)
    return scribe, letter


def _epoch(scribe: Scribe, _: bytes, **changes: Any) -> None:
    scribe.epoch(**changes)


def _columns(scribe: Scribe, _: bytes, swapped: bool = False) -> None:
    columns = scribe.state.roll.column_digests()
    scribe.epoch(columns=columns[::-1] if swapped else columns)


FORGED = [
    Fault(name="a row more", act=_epoch, changes={"rows": 14}, error=RuleBroken, field="rows"),
    Fault(name="a row fewer", act=_epoch, changes={"rows": 12}, error=RuleBroken, field="rows"),
    Fault(name="another column", act=_columns, changes={"swapped": True}, error=RuleBroken, field="columns"),
    Fault(name="a column too few", act=_epoch, changes={"columns": ["aa" * 32]}, error=RuleBroken, field="columns"),
    Fault(name="other roles", act=_epoch, changes={"roles": "aa" * 32}, error=RuleBroken, field="roles"),
    Fault(name="a time gone by", act=_epoch, changes={"at": NOON - 900}, error=RuleBroken, field="time"),
]


@pytest.mark.parametrize("fault", FORGED, ids=lambda fault: fault.name)
def test_a_forged_epoch_fixes_no_roll(fault: Fault) -> None:
    judge(_new_rows, fault)


def test_an_epoch_without_new_rows_is_not_due() -> None:
    scribe, _ = letter_of_twelve()
    scribe.epoch()
    assert faults_of(scribe) == [("RuleBroken", "roll.checkpoint")]


def _public(rows: int) -> Scribe:
    scribe = Scribe(window=900, origin="letters.example/works", electorate=60)
    scribe.open_group()
    scribe.enrol(rows)
    return scribe


def test_ten_new_rows_make_an_epoch_due_and_nine_do_not() -> None:
    for rows, wrong in ((10, []), (9, [("RuleBroken", "roll.checkpoint")])):
        scribe = _public(rows)
        scribe.epoch()
        assert faults_of(scribe) == wrong


def test_the_oldest_row_waits_a_day_at_most() -> None:
    for waited, wrong in ((DAY, []), (DAY - 900, [("RuleBroken", "roll.checkpoint")])):
        scribe = _public(1)
        scribe.now += waited
        scribe.epoch()
        assert faults_of(scribe) == wrong


def test_an_epoch_lies_on_a_windows_end() -> None:
    for second, wrong in ((0, []), (1, [("RuleBroken", "at")])):
        scribe = _public(10)
        scribe.now += 900 + second
        scribe.epoch()
        assert faults_of(scribe) == wrong


def test_a_closing_two_windows_away_makes_an_epoch_due() -> None:
    for before, wrong in ((1800, []), (2700, [("RuleBroken", "roll.checkpoint")])):
        scribe = _public(10)
        scribe.epoch()
        letter = scribe.open_letter(closing=scribe.now + 9000)
        scribe.enrol(1)
        scribe.now = scribe.state.letters[letter].closing - before
        scribe.epoch()
        assert faults_of(scribe) == wrong


def test_without_new_rows_neither_a_near_closing_nor_an_announced_time_makes_an_epoch_due() -> None:
    for announced in ([], [NOON + 5400]):
        scribe = _public(10)
        scribe.epoch()
        letter = scribe.open_letter(closing=NOON + 7200, epochs_at=announced)
        scribe.now = scribe.state.letters[letter].closing - 1800
        scribe.epoch()
        assert faults_of(scribe) == [("RuleBroken", "roll.checkpoint")]


def _announced() -> Scribe:
    scribe = _public(10)
    scribe.epoch()
    scribe.open_letter(closing=NOON + 9000, epochs_at=[NOON + 3600, NOON + 5400])
    return scribe


@pytest.mark.parametrize(
    ("rows", "after", "due"),
    [(10, 2700, False), (10, 3600, True), (9, 3600, False), (1, 5400, True), (10, 8100, True), (10, 900, False)],
)
def test_a_letter_with_announced_epochs_takes_them_at_those_times_only(rows: int, after: int, due: bool) -> None:
    scribe = _announced()
    scribe.enrol(rows)
    scribe.now += after
    scribe.epoch()
    assert faults_of(scribe) == ([] if due else [("RuleBroken", "roll.checkpoint")])


def test_what_the_server_asks_and_what_the_auditor_demands_is_one_answer() -> None:
    scribe = _public(10)
    assert epoch_due(scribe.state, scribe.now)
    scribe.write(epoch_entry(scribe.state, scribe.now))
    assert faults_of(scribe) == []
    assert not epoch_due(scribe.state, scribe.now)


def test_a_row_whose_proof_fails_is_not_in_the_columns() -> None:
    scribe, _ = letter_of_twelve()
    wrong = scribe.row(12, key=scribe.secrets[0].row_key.hex())
    first = scribe.batch({**wrong.data, "key": scribe.secrets[1].row_key.hex()}, scribe.row(13))
    state = State()
    outcome: Outcome = replay(state, scribe.leaves, frozenset({first}))
    assert [(finding.index, type(finding.error).__name__) for finding in outcome.findings] == [(first, "ProofInvalid")]
    assert len(state.roll.rows) == 13
    assert wrong.data["stubs"][0] not in {stub.hex() for stub in state.roll.columns[0]}


def test_more_rows_than_are_entitled_do_not_count() -> None:
    scribe = Scribe(electorate=12)
    scribe.open_group()
    scribe.enrol(12)
    assert scribe.findings == []
    scribe.enrol(1)
    assert [(finding.kind, finding.error.field) for finding in scribe.findings] == [("roll.row", "roll.row")]
    assert len(scribe.state.roll.rows) == 12
