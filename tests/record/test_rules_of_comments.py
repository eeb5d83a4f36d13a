"""Comments: words beside a signature that stands, in its chain, by the holder of its tag; the newest one counts."""

from __future__ import annotations

from typing import Any

import pytest

from ruban.errors import FormatError, LetterClosed, ProofInvalid, RuleBroken
from ruban.proof import verify_batch
from ruban.record.commitment import MAX_COMMENT_BYTES, parse_comment
from ruban.record.entry import make_entry
from ruban.record.replay import admit
from ruban.record.shown import shown_comments
from tests.record.pairs import Fault, faults_of, judge
from tests.scribe import NOON, Scribe, letter_of_twelve

HOUR = 3600


def _signed() -> tuple[Scribe, bytes]:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0), scribe.named(letter, 1))
    scribe.now += 60
    return scribe, letter


def _comment(scribe: Scribe, letter: bytes, at: int = 0, **changes: Any) -> None:
    scribe.now = at or scribe.now
    if changes.get("tag"):
        entry = scribe.comment(letter, 0)
        scribe.batch(make_entry({**entry.data, "tag": scribe.slot_secret(letter, 5).tag.hex()}))
    else:
        scribe.batch(scribe.comment(letter, 0, **changes))


FAULTS = [
    Fault(name="a gap in seq", act=_comment, changes={"seq": 2}, error=RuleBroken, field="seq"),
    Fault(name="another prev", act=_comment, changes={"prev": "00" * 64}, error=RuleBroken, field="prev"),
    Fault(name="by a tag without signature", act=_comment, changes={"tag": "x"}, error=RuleBroken, field="tag"),
    Fault(name="after the closing", act=_comment, changes={"at": NOON + HOUR + 1}, error=LetterClosed, field="time"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_comment_that_breaks_a_rule_changes_nothing(fault: Fault) -> None:
    judge(_signed, fault)


def test_comments_beside_signatures_with_and_without_a_name_move_no_count() -> None:
    scribe, letter = _signed()
    view = scribe.state.letters[letter]
    scribe.batch(scribe.comment(letter, 0, "One"), scribe.comment(letter, 1, "Two"))
    assert faults_of(scribe) == []
    assert (view.named, view.unnamed, view.withdrawn) == (1, 1, 0)
    shown = [scribe.openings[commitment].payload for _, commitment in shown_comments(scribe.state, view)]
    assert shown == [b"One", b"Two"]


def test_a_later_comment_takes_the_place_of_an_earlier_one_whose_opening_nobody_needs_any_more() -> None:
    scribe, letter = _signed()
    scribe.batch(scribe.comment(letter, 0, "One"))
    [(_, first)] = shown_comments(scribe.state, scribe.state.letters[letter])
    assert first in scribe.state.required_openings(letter)
    scribe.batch(scribe.comment(letter, 0, "Two"))
    [(_, second)] = shown_comments(scribe.state, scribe.state.letters[letter])
    assert faults_of(scribe) == []
    assert first not in scribe.state.required_openings(letter)
    assert second in scribe.state.required_openings(letter)
    assert {first, second} <= scribe.state.required_openings(letter, withdrawn=True)


def test_nobody_comments_after_a_withdrawal_and_a_withdrawn_comment_is_not_shown() -> None:
    scribe, letter = _signed()
    scribe.batch(scribe.comment(letter, 0))
    [(_, commitment)] = shown_comments(scribe.state, scribe.state.letters[letter])
    scribe.batch(scribe.withdraw(letter, 0))
    assert faults_of(scribe) == []
    assert list(shown_comments(scribe.state, scribe.state.letters[letter])) == []
    assert commitment not in scribe.state.required_openings()
    scribe.batch(scribe.comment(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "tag")]


def test_a_tag_steps_forward_and_withdraws_after_commenting() -> None:
    scribe, letter = _signed()
    for entry in (scribe.comment, scribe.step_forward, scribe.comment, scribe.withdraw):
        scribe.batch(entry(letter, 0))
    assert faults_of(scribe) == []


def test_a_comments_proof_is_the_control_signature_of_its_tag() -> None:
    scribe, letter = _signed()
    entry = scribe.comment(letter, 0)
    verify_batch([admit(scribe.state, entry, scribe.now)])
    other = make_entry({**entry.data, "text": scribe.opening("other words")})
    with pytest.raises(ProofInvalid):
        verify_batch([admit(scribe.state, other, scribe.now)])


@pytest.mark.parametrize("size", [1, MAX_COMMENT_BYTES])
def test_a_comment_has_1_to_1000_bytes(size: int) -> None:
    assert parse_comment("comment", b"a" * size) == "a" * size
    with pytest.raises(FormatError):
        parse_comment("comment", b"a" * (MAX_COMMENT_BYTES + 1))
    with pytest.raises(FormatError):
        parse_comment("comment", b"")


@pytest.mark.parametrize("text", [" ", "\n\t", "\u00a0", "\ufeff", " \ufeff\u2003"])
def test_a_blank_comment_is_none(text: str) -> None:
    with pytest.raises(FormatError):
        parse_comment("comment", text.encode())


def test_a_comment_may_have_lines_and_steers_no_terminal() -> None:
    assert parse_comment("comment", b"a\nb") == "a\nb"
    with pytest.raises(FormatError):
        parse_comment("comment", b"\x1b[2J")
