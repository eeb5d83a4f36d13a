"""Signatures and statements: each tag once, each name its own row's, each statement in its turn."""

from __future__ import annotations

from typing import Any

import pytest

from ruban.errors import (
    CommitmentInvalid,
    FormatError,
    LetterClosed,
    LetterNotOpen,
    RuleBroken,
    TagReused,
)
from ruban.proof import prove, sign_control, sign_name
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from ruban.record.entry import Entry, body_of, make_entry
from tests.record.pairs import Fault, faults_of, judge
from tests.scribe import NOON, Scribe, letter_of_twelve

HOUR = 3600


def two_letters() -> tuple[Scribe, bytes]:
    """12 rows in a first epoch, 3 in a second, two letters; the first may be signed from the second epoch on."""
    scribe, _ = letter_of_twelve()
    scribe.enrol(3)
    scribe.epoch()
    return scribe, scribe.open_letter(closing=NOON + HOUR, unnamed_from=NOON + 600, opening=NOON + 300)


def _first_epoch(scribe: Scribe) -> int:
    return next(iter(scribe.state.roll.epochs))


def _other(scribe: Scribe) -> bytes:
    return next(iter(scribe.state.letters))


def _unnamed(scribe: Scribe, letter: bytes, at: int = NOON + 600, epoch: str = "", other: bool = False) -> None:
    scribe.now = at
    changes = {"epoch": _first_epoch(scribe)} if epoch == "first" else {"epoch": 1} if epoch else {}
    entry = scribe.unnamed(letter, 4, **({} if epoch == "none" else changes))
    if epoch == "none":
        entry = make_entry({**entry.data, "epoch": 1})
    scribe.batch(make_entry({**entry.data, "letter": "aa" * 32}) if other else entry)


def _named(scribe: Scribe, letter: bytes, at: int = NOON + 300, epoch: str = "", **changes: Any) -> None:
    scribe.now = at
    if epoch:
        changes["epoch"] = _first_epoch(scribe)
        entry = _named_in(scribe, letter, 4, changes["epoch"])
    else:
        if changes.get("claim") == "of another row":
            changes["claim"] = scribe.state.roll.rows[5].claim.hex()
        entry = scribe.named(letter, 4, **changes)
    scribe.batch(entry)


def _named_in(scribe: Scribe, letter: bytes, member: int, epoch: int) -> Entry:
    secret = scribe.slot_secret(letter, member)
    ring = scribe.state.ring(epoch, secret.slot, "all")
    index = ring.stubs.index(secret.stub)
    data = {"kind": "signature", "v": 1, "letter": letter.hex(), "way": "name", "selector": "all", "epoch": epoch}
    data |= {"tag": secret.tag.hex(), "index": index, "claim": scribe.publish_name(member)}
    statement = name_statement(ring, index, letter, secret.tag, 0, NO_PREVIOUS, body_of(data))
    return make_entry({**data, "sig": sign_name(ring, index, secret, statement).hex()})


def _once(scribe: Scribe, letter: bytes, outside: bool = False) -> None:
    scribe.now = NOON + 600
    entry = scribe.unnamed(letter, 4)
    if outside:
        scribe.write(entry)
    else:
        scribe.batch(entry)


SIGNED = [
    Fault(name="before the opening", act=_named, changes={"at": NOON + 299}, error=LetterNotOpen, field="time"),
    Fault(
        name="unnamed before unnamed signing",
        act=_unnamed,
        changes={"at": NOON + 599},
        error=LetterNotOpen,
        field="time",
    ),
    Fault(
        name="unnamed after the closing",
        act=_unnamed,
        changes={"at": NOON + HOUR + 1},
        error=LetterClosed,
        field="time",
    ),
    Fault(
        name="by name after the closing", act=_named, changes={"at": NOON + HOUR + 1}, error=LetterClosed, field="time"
    ),
    Fault(
        name="in an epoch before the letter's first",
        act=_unnamed,
        changes={"epoch": "first"},
        error=RuleBroken,
        field="epoch",
    ),
    Fault(
        name="by name in an epoch before the letter's first",
        act=_named,
        changes={"epoch": "first"},
        error=RuleBroken,
        field="epoch",
    ),
    Fault(name="in no epoch", act=_unnamed, changes={"epoch": "none"}, error=RuleBroken, field="epoch"),
    Fault(name="for no letter", act=_unnamed, changes={"other": True}, error=RuleBroken, field="letter"),
    Fault(name="outside a batch", act=_once, changes={"outside": True}, error=RuleBroken, field="batch"),
    Fault(
        name="with another row's claim",
        act=_named,
        changes={"claim": "of another row"},
        error=CommitmentInvalid,
        field="claim",
    ),
    Fault(
        name="with a claim of no row", act=_named, changes={"claim": "aa" * 32}, error=CommitmentInvalid, field="claim"
    ),
]


@pytest.mark.parametrize("fault", SIGNED, ids=lambda fault: fault.name)
def test_a_signature_that_breaks_a_rule_does_not_count(fault: Fault) -> None:
    judge(two_letters, fault)


def test_a_signature_counts_at_the_closing_itself() -> None:
    scribe, letter = two_letters()
    _unnamed(scribe, letter, at=NOON + HOUR)
    assert faults_of(scribe) == []


def test_nothing_counts_after_letter_closed_even_at_the_closing() -> None:
    scribe, letter = two_letters()
    scribe.close(letter)
    _unnamed(scribe, letter, at=NOON + HOUR)
    assert faults_of(scribe) == [("LetterClosed", "time")]


def test_a_letter_is_signed_in_its_own_ways_only() -> None:
    for ways, way in ((["name"], "unnamed"), (["unnamed"], "named")):
        for allowed in (False, True):
            scribe, _ = letter_of_twelve()
            letter = scribe.open_letter(ways=["name", "unnamed"] if allowed else ways)
            scribe.batch(getattr(scribe, way)(letter, 0))
            assert faults_of(scribe) == ([] if allowed else [("RuleBroken", "way")])


def test_nobody_steps_forward_where_names_are_not_asked_for() -> None:
    scribe, _ = letter_of_twelve()
    letter = scribe.open_letter(ways=["unnamed"])
    scribe.batch(scribe.unnamed(letter, 0))
    scribe.batch(scribe.step_forward(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "action")]


def test_an_unnamed_signature_speaks_about_the_least_ring_or_more() -> None:
    for least, wrong in ((12, []), (13, [("RuleBroken", "ring")])):
        scribe, _ = letter_of_twelve()
        letter = scribe.open_letter(ring_min=least)
        scribe.batch(scribe.unnamed(letter, 0))
        assert faults_of(scribe) == wrong


def test_a_role_is_no_selector_of_a_letter_for_all() -> None:
    scribe = Scribe()
    scribe.open_group(roles=["Chef"])
    scribe.batch(*[scribe.row(i, role="Chef") for i in range(12)])
    scribe.epoch()
    letter = scribe.open_letter()
    secret = scribe.slot_secret(letter, 0)
    data = {"kind": "signature", "v": 1, "letter": letter.hex(), "way": "unnamed", "selector": "role:Chef"}
    data["epoch"] = _first_epoch(scribe)
    ring = scribe.state.ring(_first_epoch(scribe), 0, "role:Chef")
    proof = prove(ring, ring.stubs.index(secret.stub), secret, letter, body_of(data))
    scribe.batch(make_entry({**data, "proof": proof.hex()}))
    assert faults_of(scribe) == [("RuleBroken", "selector")]


@pytest.mark.parametrize("first", ["unnamed", "named"])
@pytest.mark.parametrize("second", ["unnamed", "named"])
def test_a_tag_signs_once_in_whatever_way(first: str, second: str) -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(getattr(scribe, first)(letter, 0))
    assert faults_of(scribe) == []
    scribe.batch(getattr(scribe, second)(letter, 0))
    assert faults_of(scribe) == [("TagReused", "tag")]
    assert "has not signed this letter" in str(scribe.findings[0].error)
    assert scribe.state.letters[letter].signed == 1


def test_a_withdrawn_tag_does_not_sign_again() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0))
    scribe.batch(scribe.withdraw(letter, 0))
    scribe.batch(scribe.unnamed(letter, 0))
    assert faults_of(scribe) == [("TagReused", "tag")]
    assert scribe.state.letters[letter].signed == 0


def test_one_tag_under_two_letters_counts_under_the_first_only() -> None:
    """A member can give two slots one key; the same tag then joins the two signatures for everybody."""
    scribe, first = letter_of_twelve()
    tag = scribe.slot_secret(first, 0).tag
    second = scribe.open_letter()
    scribe.batch(scribe.unnamed(first, 0))
    assert scribe.state.tags == {tag: first}
    # The proof is not judged here: what counts is that the tag stands already.
    entry = scribe.unnamed(second, 1)
    scribe.batch(make_entry({**entry.data, "proof": tag.hex() + entry.data["proof"][64:]}))
    assert faults_of(scribe) == [(TagReused.__name__, "tag")]
    assert "slot" in str(scribe.findings[0].error)
    assert scribe.state.letters[second].signed == 0


def _signed_unnamed() -> tuple[Scribe, bytes]:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0), scribe.unnamed(letter, 1))
    scribe.now += 60
    return scribe, letter


def _withdraw(scribe: Scribe, letter: bytes, at: int = 0, **changes: Any) -> None:
    scribe.now = at or scribe.now
    if changes.get("tag"):
        changes["tag"] = scribe.slot_secret(letter, 5).tag.hex()
        entry = scribe.withdraw(letter, 0)
        scribe.batch(make_entry({**entry.data, **changes}))
    else:
        scribe.batch(scribe.withdraw(letter, 0, **changes))


def _step(scribe: Scribe, letter: bytes, **changes: Any) -> None:
    if changes.get("claim"):
        changes["claim"] = scribe.state.roll.rows[5].claim.hex()
    scribe.batch(make_entry({**scribe.step_forward(letter, 0).data, **changes}))


LATER = [
    Fault(name="a gap in seq", act=_withdraw, changes={"seq": 2}, error=RuleBroken, field="seq"),
    Fault(name="another prev", act=_withdraw, changes={"prev": "00" * 64}, error=RuleBroken, field="prev"),
    Fault(name="by a tag without signature", act=_withdraw, changes={"tag": "x"}, error=RuleBroken, field="tag"),
    Fault(name="after the closing", act=_withdraw, changes={"at": NOON + HOUR + 1}, error=LetterClosed, field="time"),
    Fault(name="to a name of another row", act=_step, changes={"claim": "x"}, error=CommitmentInvalid, field="claim"),
    Fault(name="to a place outside the ring", act=_step, changes={"index": 12}, error=FormatError, field="index"),
    Fault(name="in another epoch", act=_step, changes={"epoch": 1}, error=RuleBroken, field="epoch"),
]


@pytest.mark.parametrize("fault", LATER, ids=lambda fault: fault.name)
def test_a_statement_that_breaks_a_rule_changes_nothing(fault: Fault) -> None:
    judge(_signed_unnamed, fault)


def test_one_steps_forward_in_the_epoch_of_ones_signature() -> None:
    scribe, letter = _signed_unnamed()
    scribe.enrol(3)
    scribe.epoch()
    newest = scribe.state.roll.newest_epoch
    assert newest is not None
    secret, recorded = scribe.slot_secret(letter, 0), scribe.state.letters[letter].signatures
    ring = scribe.state.ring(newest.index, 0, "all")
    data = {"kind": "statement", "v": 1, "letter": letter.hex(), "tag": secret.tag.hex(), "action": "name", "seq": 1}
    data |= {"prev": recorded[secret.tag].prev.hex(), "epoch": newest.index, "selector": "all", "index": 0}
    data["claim"] = scribe.publish_name(0)
    statement = name_statement(ring, 0, letter, secret.tag, 1, recorded[secret.tag].prev, body_of(data))
    scribe.batch(make_entry({**data, "sig": sign_name(ring, 0, secret, statement).hex()}))
    assert faults_of(scribe) == [("RuleBroken", "epoch")]


def test_a_withdrawal_is_final() -> None:
    scribe, letter = _signed_unnamed()
    scribe.batch(scribe.withdraw(letter, 0))
    assert faults_of(scribe) == []
    scribe.batch(scribe.withdraw(letter, 0))
    scribe.batch(scribe.step_forward(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "tag")] * 2
    view = scribe.state.letters[letter]
    assert (view.named, view.unnamed, view.withdrawn) == (0, 1, 1)


def test_one_steps_forward_once_and_may_then_withdraw() -> None:
    scribe, letter = _signed_unnamed()
    view = scribe.state.letters[letter]
    scribe.batch(scribe.step_forward(letter, 0))
    assert (view.named, view.unnamed, view.withdrawn) == (1, 1, 0)
    scribe.batch(scribe.step_forward(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "action")]
    scribe.batch(scribe.withdraw(letter, 0))
    assert (view.named, view.unnamed, view.withdrawn) == (0, 1, 1)
    assert len(scribe.findings) == 1


def test_who_signed_by_name_does_not_step_forward() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.named(letter, 0))
    scribe.batch(scribe.step_forward(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "action")]


def test_a_tag_has_one_entry_in_a_batch() -> None:
    scribe, letter = letter_of_twelve()
    signature = scribe.unnamed(letter, 0)
    ahead, _ = letter_of_twelve()
    ahead.leaves, ahead.state, ahead.secrets = list(scribe.leaves), _replayed(scribe), scribe.secrets
    ahead.batch(signature)
    scribe.batch(signature, ahead.withdraw(letter, 0))
    assert faults_of(scribe) == [("RuleBroken", "tag")]
    scribe.batch(scribe.withdraw(letter, 0))
    assert len(scribe.findings) == 1


def _replayed(scribe: Scribe) -> Any:
    other = Scribe()
    for leaf in scribe.leaves:
        other.write(leaf)
    return other.state


def test_a_statement_for_another_letter_does_not_count() -> None:
    scribe, letter = _signed_unnamed()
    second = scribe.open_letter()
    secret = scribe.slot_secret(letter, 0)
    data = dict(scribe.withdraw(letter, 0).data) | {"letter": second.hex()}
    statement = control_statement(second, secret.tag, 1, bytes.fromhex(data["prev"]), body_of(data))
    scribe.batch(make_entry({**data, "sig": sign_control(secret, statement).hex()}))
    assert faults_of(scribe) == [("RuleBroken", "tag")]
