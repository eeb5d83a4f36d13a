"""A letter's life: opened, changed, closed; who is enrolled; when a threshold is reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from ruban.errors import FormatError, LetterClosed, QuorumMissing, RuleBroken, SignatureInvalid
from ruban.primitives.ed25519 import public_key
from ruban.record.entry import Entry, make_entry, with_signatures
from ruban.record.rules.letter import default_ring_min
from ruban.record.tally import tally
from tests.record.pairs import Fault, faults_of, judge
from tests.scribe import ADA, LOG, NOON, Scribe, letter_of_twelve

HOUR = 3600


@dataclass
class Forger(Scribe):
    """Signs with another key, or changes what was signed."""

    organiser: bytes = ADA
    later: bool = False

    def signed(self, data: dict[str, Any]) -> Entry:
        entry = with_signatures(self.origin, data, [self.organiser], [public_key(self.organiser)])
        return make_entry({**entry.data, "threshold": 3}) if self.later else entry


def _open(scribe: Scribe, _: bytes, **changes: Any) -> None:
    scribe.open_letter(**changes)


def _ready() -> tuple[Scribe, bytes]:
    """A group with an epoch and no letter; windows of a quarter of an hour, with nine rows more than an epoch."""
    scribe = Forger(window=900, origin="letters.example/works")
    scribe.open_group()
    scribe.enrol(12)
    scribe.epoch()
    return scribe, b""


def _text(scribe: Scribe, lang: str, demands: int) -> dict[str, Any]:
    words = {name: scribe.opening(f"{name} {lang}") for name in ("title", "text", "addressee")}
    return {"lang": lang, "demands": [scribe.opening(f"{i} {lang}") for i in range(demands)]} | words


def _two_texts(scribe: Scribe, _: bytes, lang: str = "fr", demands: int = 2) -> None:
    scribe.open_letter(texts=[_text(scribe, "en", 2), _text(scribe, lang, demands)])


def _signed_by(scribe: Scribe, _: bytes, seed: bytes = ADA, later: bool = False) -> None:
    """The letter of `open_letter`, signed by somebody, or changed after that."""
    forger = cast(Forger, scribe)
    forger.organiser, forger.later = seed, later
    forger.open_letter()


OPENED = [
    Fault(name="another slot", act=_open, changes={"slot": 1}, error=RuleBroken, field="slot"),
    Fault(name="an epoch that is none", act=_open, changes={"epoch": 1}, error=RuleBroken, field="epoch"),
    Fault(
        name="an opening inside a window", act=_open, changes={"opening": NOON + 1}, error=RuleBroken, field="opening"
    ),
    Fault(
        name="a closing inside a window", act=_open, changes={"closing": NOON + 901}, error=RuleBroken, field="closing"
    ),
    Fault(
        name="unnamed from inside a window",
        act=_open,
        changes={"unnamed_from": NOON + 1},
        error=RuleBroken,
        field="unnamed_from",
    ),
    Fault(
        name="unnamed before the opening",
        act=_open,
        changes={"unnamed_from": NOON - 900},
        error=RuleBroken,
        field="unnamed_from",
    ),
    Fault(
        name="unnamed after the closing",
        act=_open,
        changes={"unnamed_from": NOON + 4500},
        error=RuleBroken,
        field="unnamed_from",
    ),
    Fault(name="a closing now", act=_open, changes={"closing": NOON}, error=RuleBroken, field="closing"),
    Fault(
        name="a closing before the opening",
        act=_open,
        changes={"opening": NOON + 4500, "unnamed_from": NOON + 4500},
        error=RuleBroken,
        field="closing",
    ),
    Fault(name="a ring of nine", act=_open, changes={"ring_min": 9}, error=RuleBroken, field="ring_min"),
    Fault(name="a time gone by", act=_open, changes={"at": NOON - 1}, error=RuleBroken, field="time"),
    Fault(
        name="announced epochs out of order",
        act=_open,
        changes={"epochs_at": [NOON + 1800, NOON + 900]},
        error=FormatError,
        field="epochs_at",
    ),
    Fault(name="one language twice", act=_two_texts, changes={"lang": "en"}, error=FormatError, field="texts"),
    Fault(name="other demands in French", act=_two_texts, changes={"demands": 1}, error=FormatError, field="texts"),
    Fault(name="a stranger's signature", act=_signed_by, changes={"seed": LOG}, error=QuorumMissing, field="sigs"),
    Fault(
        name="changed after signing", act=_signed_by, changes={"later": True}, error=SignatureInvalid, field="signature"
    ),
]


@pytest.mark.parametrize("fault", OPENED, ids=lambda fault: fault.name)
def test_a_letter_that_breaks_a_rule_is_not_opened(fault: Fault) -> None:
    judge(_ready, fault)


def test_a_letter_without_demands_is_not_opened() -> None:
    scribe, _ = _ready()
    data = _text(scribe, "en", 1)
    with pytest.raises(FormatError, match=r"texts\[0\]\.demands"):
        scribe.open_letter(texts=[data | {"demands": []}])


def test_letters_take_the_slots_in_turn_until_there_are_no_more() -> None:
    scribe, _ = _ready()
    for _ in range(2):
        scribe.open_letter()
    assert faults_of(scribe) == []
    scribe.open_letter()
    assert faults_of(scribe) == [("RuleBroken", "slot")]


@pytest.mark.parametrize(("electorate", "least"), [(1, 10), (30, 10), (31, 11), (299, 100), (770, 100)])
def test_the_least_ring_is_a_third_of_the_entitled_between_10_and_100(electorate: int, least: int) -> None:
    assert default_ring_min(electorate) == least


def _quiet() -> tuple[Scribe, bytes]:
    scribe, letter = letter_of_twelve()
    scribe.now += 60
    return scribe, letter


def _change(scribe: Scribe, letter: bytes, action: str = "close", closing: int = NOON + 1800, **changes: Any) -> None:
    scribe.change(letter, action, closing, **changes)


def _extend(scribe: Scribe, letter: bytes, /, closing: int = NOON + 2 * HOUR, **changes: Any) -> None:
    scribe.change(letter, "extend", closing, **changes)


def _supersede(scribe: Scribe, letter: bytes, by: str = "") -> None:
    other = next(reversed(scribe.state.letters)).hex()
    scribe.change(letter, "supersede", NOON + 60, by=letter.hex() if by == "self" else by or other)


CHANGED = [
    Fault(
        name="closed early, later", act=_change, changes={"closing": NOON + HOUR + 1}, error=RuleBroken, field="closing"
    ),
    Fault(name="closed in the past", act=_change, changes={"closing": NOON + 59}, error=RuleBroken, field="closing"),
    Fault(name="extended to earlier", act=_extend, changes={"closing": NOON + HOUR}, error=RuleBroken, field="closing"),
    Fault(
        name="extended after the closing",
        act=_extend,
        changes={"at": NOON + HOUR},
        error=LetterClosed,
        field="letter",
    ),
    Fault(name="before what came last", act=_extend, changes={"at": NOON - 1}, error=RuleBroken, field="time"),
    Fault(
        name="a letter of another record",
        act=_extend,
        changes={"letter": "aa" * 32},
        error=RuleBroken,
        field="letter",
    ),
]


@pytest.mark.parametrize("fault", CHANGED, ids=lambda fault: fault.name)
def test_a_change_that_breaks_a_rule_changes_nothing(fault: Fault) -> None:
    judge(_quiet, fault)


@pytest.mark.parametrize("by", ["self", "aa" * 32])
def test_a_letter_gives_way_to_another_letter_of_the_record(by: str) -> None:
    def two() -> tuple[Scribe, bytes]:
        scribe, letter = letter_of_twelve()
        scribe.open_letter()
        scribe.now += 60
        return scribe, letter

    judge(two, Fault(name="", act=_supersede, changes={"by": by}, error=RuleBroken, field="by"))


def test_a_superseded_letter_says_which_letter_took_its_place() -> None:
    scribe, letter = letter_of_twelve()
    other = scribe.open_letter()
    scribe.now += 60
    _supersede(scribe, letter)
    assert faults_of(scribe) == []
    view = scribe.state.letters[letter]
    assert (view.ended, view.superseded_by, view.closing) == ("supersede", other, NOON + 60)
    assert scribe.state.letters[other].superseded_by is None


def test_a_closing_moves_to_a_windows_end() -> None:
    for second, wrong in ((0, []), (1, [("RuleBroken", "closing")])):
        scribe, _ = _ready()
        letter = scribe.open_letter()
        scribe.change(letter, "close", NOON + 1800 + second)
        assert faults_of(scribe) == wrong


def test_a_letter_is_extended_once() -> None:
    scribe, letter = _quiet()
    scribe.change(letter, "extend", NOON + 2 * HOUR)
    assert faults_of(scribe) == []
    scribe.change(letter, "extend", NOON + 3 * HOUR)
    assert faults_of(scribe) == [("RuleBroken", "action")]
    assert scribe.state.letters[letter].closing == NOON + 2 * HOUR


@pytest.mark.parametrize("action", ["close", "extend", "cancel"])
def test_a_cancelled_letter_does_not_come_back(action: str) -> None:
    scribe, letter = _quiet()
    scribe.change(letter, "cancel", NOON + 1800)
    assert faults_of(scribe) == []
    scribe.change(letter, action, NOON + 1700 if action != "extend" else NOON + HOUR)
    assert faults_of(scribe) == [("LetterClosed", "letter")]


def _close(scribe: Scribe, letter: bytes, /, **changes: Any) -> None:
    scribe.close(letter, **changes)


CLOSED = [
    Fault(name="early", act=_close, changes={"at": NOON + HOUR - 1}, error=RuleBroken, field="at"),
    Fault(name="another letter", act=_close, changes={"letter": "aa" * 32}, error=RuleBroken, field="letter"),
]


@pytest.mark.parametrize("fault", CLOSED, ids=lambda fault: fault.name)
def test_a_letter_is_closed_at_its_closing_and_not_before(fault: Fault) -> None:
    judge(letter_of_twelve, fault)


def test_a_letter_is_closed_once() -> None:
    scribe, letter = letter_of_twelve()
    scribe.close(letter)
    assert faults_of(scribe) == []
    scribe.close(letter)
    assert faults_of(scribe) == [("LetterClosed", "letter")]


def test_an_extended_letter_is_not_closed_at_its_first_closing() -> None:
    scribe, letter = _quiet()
    scribe.change(letter, "extend", NOON + 2 * HOUR)
    scribe.close(letter, at=NOON + HOUR)
    assert faults_of(scribe) == [("RuleBroken", "at")]


def test_rows_added_after_the_closing_do_not_lower_a_letters_share() -> None:
    scribe, letter = letter_of_twelve()
    scribe.now += HOUR
    scribe.enrol(1)
    assert tally(scribe.state, scribe.state.letters[letter]).enrolled == 13
    scribe.now += 60
    scribe.enrol(5)
    assert tally(scribe.state, scribe.state.letters[letter]).enrolled == 13
    scribe.close(letter)
    assert tally(scribe.state, scribe.state.letters[letter]).enrolled == 13
    assert scribe.state.letters[letter].enrolled_at_close == 13


def test_a_threshold_is_reached_at_the_end_of_a_batch_withdrawals_deducted_and_stays_reached() -> None:
    scribe, _ = letter_of_twelve()
    letter = scribe.open_letter(threshold=2)
    view = scribe.state.letters[letter]
    scribe.batch(scribe.named(letter, 0))
    scribe.now += 60
    scribe.batch(scribe.withdraw(letter, 0), scribe.named(letter, 1))
    assert (view.signed, view.threshold_reached) == (1, None)
    scribe.now += 60
    scribe.batch(scribe.named(letter, 2))
    assert (view.signed, view.threshold_reached) == (2, NOON + 120)
    scribe.now += 60
    scribe.batch(scribe.withdraw(letter, 2))
    assert (view.signed, view.threshold_reached) == (1, NOON + 120)
    assert [point.signed for point in view.series] == [1, 1, 2, 1]
    assert faults_of(scribe) == []


def test_the_series_has_one_point_a_time() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.named(letter, 0))
    scribe.batch(scribe.unnamed(letter, 1))
    scribe.now += 60
    scribe.batch(scribe.unnamed(letter, 2))
    points = [(point.time, point.named, point.unnamed) for point in scribe.state.letters[letter].series]
    assert points == [(NOON, 1, 1), (NOON + 60, 1, 2)]
