"""Updates, strikes, a corrected electorate: who may, what they change, and that the count stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from ruban.errors import FormatError, QuorumMissing, RuleBroken, SignatureInvalid
from ruban.primitives.ed25519 import public_key
from ruban.record.acts import acts_of
from ruban.record.deeds import Deed
from ruban.record.entry import Entry, make_entry, with_signatures
from ruban.record.shown import shown_comments, shown_names
from ruban.record.tally import tally
from tests.record.pairs import Fault, faults_of, judge
from tests.scribe import ADA, LOG, NOON, Scribe

BEN = bytes([4]) * 32
HOUR = 3600


@dataclass
class Two(Scribe):
    """Two organisers, both of whom must sign; or who is told to, or something changed after that."""

    organisers: tuple[bytes, ...] = (ADA, BEN)
    later: bool = False

    def signed(self, data: dict[str, Any]) -> Entry:
        entry = with_signatures(self.origin, data, self.organisers, [public_key(seed) for seed in self.organisers])
        return make_entry({**entry.data, "at": entry.data["at"] + 1}) if self.later else entry


def _signed() -> tuple[Scribe, bytes]:
    """Member 0 signs unnamed and comments, 1 by name and comments, 2 by name."""
    scribe = Two()
    named = [{"key": public_key(seed).hex(), "name": scribe.opening(name)} for seed, name in ((ADA, "Ada"), (BEN, "B"))]
    scribe.open_group(organisers=named, quorum=2)
    scribe.enrol(12)
    scribe.epoch()
    letter = scribe.open_letter()
    scribe.batch(scribe.unnamed(letter, 0), scribe.named(letter, 1), scribe.named(letter, 2))
    scribe.now += 60
    scribe.batch(scribe.comment(letter, 0, "One"), scribe.comment(letter, 1, "Two"))
    scribe.now += 60
    return scribe, letter


def _claim(scribe: Scribe, member: int) -> str:
    return scribe.state.roll.rows[member].claim.hex()


def _comment(scribe: Scribe, letter: bytes, member: int) -> str:
    recorded = scribe.state.letters[letter].signatures[scribe.slot_secret(letter, member).tag]
    return (recorded.comment or b"").hex()


def _as(scribe: Scribe, seeds: tuple[bytes, ...] = (), later: bool = False) -> None:
    two = cast(Two, scribe)
    two.organisers, two.later = seeds or two.organisers, later


def _update(
    scribe: Scribe, letter: bytes, /, seeds: tuple[bytes, ...] = (BEN,), later: bool = False, **changes: Any
) -> None:
    _as(scribe, seeds, later)
    if "lang" in changes:
        changes["texts"] = [{"lang": lang, "text": "ab" * 32} for lang in ("fr", changes.pop("lang"))]
    scribe.update(letter, **changes)


def _strike(
    scribe: Scribe, letter: bytes, /, seeds: tuple[bytes, ...] = (BEN,), later: bool = False, **changes: Any
) -> None:
    _as(scribe, seeds, later)
    member = changes.pop("member", 1)
    scribe.strike(letter, *[_claim(scribe, member)], **changes)


def _correct(
    scribe: Scribe, _: bytes, seeds: tuple[bytes, ...] = (), later: bool = False, electorate: int = 12, **changes: Any
) -> None:
    _as(scribe, seeds, later)
    scribe.correct(electorate, **changes)


STRANGER = {"seeds": (LOG,)}
FALSE = {"later": True}
FAULTS = [
    Fault(name="an update by a stranger", act=_update, changes=STRANGER, error=QuorumMissing, field="sigs"),
    Fault(name="an update changed later", act=_update, changes=FALSE, error=SignatureInvalid, field="signature"),
    Fault(name="an update on no letter", act=_update, changes={"letter": "aa" * 32}, error=RuleBroken, field="letter"),
    Fault(name="an update in the past", act=_update, changes={"at": NOON + 59}, error=RuleBroken, field="time"),
    Fault(name="an update twice in French", act=_update, changes={"lang": "fr"}, error=FormatError, field="texts"),
    Fault(name="a strike by a stranger", act=_strike, changes=STRANGER, error=QuorumMissing, field="sigs"),
    Fault(name="a strike changed later", act=_strike, changes=FALSE, error=SignatureInvalid, field="signature"),
    Fault(name="a strike on no letter", act=_strike, changes={"letter": "aa" * 32}, error=RuleBroken, field="letter"),
    Fault(name="a strike in the past", act=_strike, changes={"at": NOON + 59}, error=RuleBroken, field="time"),
    Fault(name="who gave no name", act=_strike, changes={"member": 0}, error=RuleBroken, field="commitments"),
    Fault(name="who did not sign", act=_strike, changes={"member": 7}, error=RuleBroken, field="commitments"),
    Fault(name="E by one of two", act=_correct, changes={"seeds": (ADA,)}, error=QuorumMissing, field="sigs"),
    Fault(name="E changed later", act=_correct, changes=FALSE, error=SignatureInvalid, field="signature"),
    Fault(name="E in the past", act=_correct, changes={"at": NOON + 59}, error=RuleBroken, field="time"),
    Fault(name="E below the roll", act=_correct, changes={"electorate": 11}, error=RuleBroken, field="electorate"),
    Fault(
        name="E on no day",
        act=_correct,
        changes={"electorate_date": "2026-02-30"},
        error=FormatError,
        field="electorate_date",
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_organisers_may_not_do_changes_nothing(fault: Fault) -> None:
    judge(_signed, fault)


def test_news_of_a_letter_are_told_after_it_has_closed_too() -> None:
    scribe, letter = _signed()
    scribe.close(letter)
    scribe.now = NOON + 2 * HOUR
    scribe.update(letter)
    assert faults_of(scribe) == []
    [update] = scribe.state.letters[letter].updates
    assert (update.at, [text.lang for text in update.texts]) == (NOON + 2 * HOUR, ["en"])
    assert update.texts[0].text in scribe.state.required_openings(letter)


def test_a_strike_hides_names_and_comments_and_the_count_stands() -> None:
    scribe, letter = _signed()
    view = scribe.state.letters[letter]
    before = tally(scribe.state, view)
    _as(scribe, (BEN,))
    scribe.strike(letter, _claim(scribe, 1), _comment(scribe, letter, 0))
    assert faults_of(scribe) == []
    after = tally(scribe.state, view)
    assert (before.signed, before.named, before.struck) == (3, 2, 0)
    assert (after.signed, after.named, after.struck, after.erased) == (3, 2, 2, 0)
    assert [claim.hex() for _, claim in shown_names(scribe.state, view)] == [_claim(scribe, 2)]
    assert [comment.hex() for _, comment in shown_comments(scribe.state, view)] == [_comment(scribe, letter, 1)]
    hidden = {bytes.fromhex(_claim(scribe, 1)), bytes.fromhex(_comment(scribe, letter, 0))}
    assert not hidden & scribe.state.required_openings()
    assert hidden <= scribe.state.required_openings(withdrawn=True)
    assert view.strikes[0].reason in scribe.state.required_openings(letter)


def test_a_struck_name_counts_as_struck_while_its_signature_stands() -> None:
    scribe, letter = _signed()
    scribe.strike(letter, _claim(scribe, 1))
    scribe.batch(scribe.withdraw(letter, 1))
    assert faults_of(scribe) == []
    assert tally(scribe.state, scribe.state.letters[letter]).struck == 0


def test_nothing_is_struck_twice_or_after_its_erasure() -> None:
    scribe, letter = _signed()
    scribe.strike(letter, _claim(scribe, 1))
    scribe.erase(_claim(scribe, 2))
    assert faults_of(scribe) == []
    scribe.strike(letter, _claim(scribe, 1))
    scribe.strike(letter, _claim(scribe, 2))
    assert faults_of(scribe) == [("RuleBroken", "commitments")] * 2


@pytest.mark.parametrize("which", ["title", "reason", "replaced"])
def test_what_no_signer_gave_is_not_struck(which: str) -> None:
    scribe, letter = _signed()
    commitment = scribe.state.letters[letter].texts[0].title.hex()
    if which == "reason":
        scribe.strike(letter, _claim(scribe, 1))
        commitment = scribe.state.letters[letter].strikes[0].reason.hex()
    if which == "replaced":
        commitment = _comment(scribe, letter, 0)
        scribe.batch(scribe.comment(letter, 0))
    scribe.strike(letter, commitment)
    assert faults_of(scribe) == [("RuleBroken", "commitments")]


def test_a_name_given_under_another_letter_is_not_struck_under_this_one() -> None:
    scribe, letter = _signed()
    other = scribe.open_letter()
    scribe.batch(scribe.named(other, 5))
    scribe.strike(letter, _claim(scribe, 5))
    assert faults_of(scribe) == [("RuleBroken", "commitments")]


def test_a_name_struck_under_one_letter_is_hidden_and_counted_under_all() -> None:
    scribe, letter = _signed()
    other = scribe.open_letter()
    scribe.batch(scribe.named(other, 1))
    scribe.strike(letter, _claim(scribe, 1))
    assert tally(scribe.state, scribe.state.letters[other]).struck == 1
    assert list(shown_names(scribe.state, scribe.state.letters[other])) == []


def test_a_struck_comment_that_copies_the_commitment_of_the_title_does_not_take_the_title_away() -> None:
    scribe, letter = _signed()
    title = scribe.state.letters[letter].texts[0].title
    scribe.batch(scribe.comment(letter, 0, text=title.hex()))
    scribe.strike(letter, title.hex())
    assert faults_of(scribe) == []
    assert title in scribe.state.required_openings(letter)


def test_a_corrected_e_holds_from_then_on_and_a_closed_letter_keeps_its_own() -> None:
    scribe, letter = _signed()
    scribe.now = NOON + HOUR
    scribe.close(letter)
    view = scribe.state.letters[letter]
    scribe.now += 60
    later = scribe.open_letter()
    scribe.correct(12)
    assert faults_of(scribe) == []
    assert scribe.state.opened.electorate == 12
    assert [stated.entitled for stated in scribe.state.electorates] == [30, 12]
    assert {stated.source for stated in scribe.state.electorates} <= scribe.state.required_openings()
    assert (tally(scribe.state, view).entitled, view.entitled_at_close) == (30, 30)
    assert tally(scribe.state, scribe.state.letters[later]).entitled == 12
    scribe.enrol(1)
    assert faults_of(scribe) == [("RuleBroken", "roll.row")]


def test_e_is_that_of_the_closing_even_if_the_letter_is_closed_in_the_record_later() -> None:
    scribe, letter = _signed()
    scribe.now = NOON + HOUR
    scribe.correct(20)
    scribe.now += 1
    scribe.correct(25)
    scribe.close(letter, at=scribe.now)
    assert faults_of(scribe) == []
    assert scribe.state.letters[letter].entitled_at_close == 20
    assert tally(scribe.state, scribe.state.letters[letter]).entitled == 20


def test_the_list_of_what_organisers_did_says_when_about_which_letter_and_who_signed() -> None:
    scribe, letter = _signed()
    both, ben = tuple(sorted(map(public_key, (ADA, BEN)))), (public_key(BEN),)
    scribe.change(letter, "extend", NOON + 2 * HOUR)
    _as(scribe, (BEN,))
    scribe.update(letter)
    scribe.strike(letter, _claim(scribe, 1))
    _as(scribe, (ADA, BEN))
    scribe.correct(20)
    scribe.erase(_claim(scribe, 2))
    scribe.change(letter, "cancel", NOON + HOUR)
    assert faults_of(scribe) == []
    at = NOON + 120
    assert [(act.deed, act.time, act.letter, act.signers) for act in acts_of(scribe.state)] == [
        (Deed.GROUP_OPENED, NOON, None, both),
        (Deed.LETTER_OPENED, NOON, letter, both),
        (Deed.EXTENDED, at, letter, both),
        (Deed.UPDATED, at, letter, ben),
        (Deed.STRUCK, at, letter, ben),
        (Deed.ELECTORATE_CORRECTED, at, None, both),
        (Deed.ERASED, at, None, ()),
        (Deed.CANCELLED, at, letter, both),
    ]
    assert [act.deed for act in acts_of(scribe.state, letter)] == [
        "letter_opened",
        "extended",
        "updated",
        "struck",
        "cancelled",
    ]
    assert all(scribe.leaves[act.index] for act in acts_of(scribe.state))


def test_what_had_no_effect_is_not_listed() -> None:
    scribe, letter = _signed()
    before = acts_of(scribe.state)
    _as(scribe, (LOG,))
    scribe.update(letter)
    assert acts_of(scribe.state) == before
