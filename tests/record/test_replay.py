"""Replay is a pure function: the same entries in any portions give the same state; the server asks the same rules."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import LetterClosed, ProofInvalid, RuleBroken, TagReused
from ruban.proof import verify_batch
from ruban.record.canonical import encode
from ruban.record.entry import make_entry, parse_entry
from ruban.record.replay import Finding, Obligation, admit, permit, replay
from ruban.record.state import MAX_RINGS_KEPT, State
from tests.record.pairs import faults_of
from tests.scribe import NOON, Scribe, letter_of_twelve


def eventful() -> Scribe:
    """A record with every kind of entry, some of them wrong."""
    scribe, letter = letter_of_twelve(seed="eventful")
    scribe.batch(scribe.unnamed(letter, 0), scribe.named(letter, 1), scribe.unnamed(letter, 2))
    scribe.now += 60
    scribe.batch(scribe.withdraw(letter, 0), scribe.step_forward(letter, 2), scribe.unnamed(letter, 0))
    scribe.write(b"no entry at all")
    scribe.write({"kind": "reply", "v": 1})
    scribe.enrol(3)
    scribe.epoch()
    scribe.epoch()
    scribe.open_letter()
    scribe.change(letter, "extend", NOON + 7200)
    scribe.update(letter)
    scribe.batch(scribe.comment(letter, 2))
    scribe.strike(letter, scribe.state.roll.rows[2].claim.hex())
    scribe.correct(40)
    scribe.erase(scribe.state.roll.rows[1].claim.hex())
    scribe.batch(scribe.unnamed(letter, 5), count=2)
    return scribe


RECORD = eventful()


def snapshot(state: State) -> Any:
    """Everything in a state that can be compared; rings are remembered only to save work."""
    parts = {f.name: getattr(state, f.name) for f in dataclasses.fields(state) if f.name not in ("roll", "_rings")}
    roll = state.roll
    rows = (roll.rows, roll.columns, roll.stubs, roll.epochs, roll.unfixed_since, roll.column_digests())
    return parts, rows, roll.roles_digest()


def _plain(findings: list[Finding]) -> list[tuple[int, str | None, str]]:
    return [(finding.index, finding.kind, str(finding.error)) for finding in findings]


def _whole() -> tuple[Any, Any, list[int]]:
    state = State()
    outcome = replay(state, RECORD.leaves)
    return snapshot(state), _plain(outcome.findings), [obligation.index for obligation in outcome.obligations]


WHOLE = _whole()


def test_the_record_has_findings_and_obligations_to_compare() -> None:
    assert len(WHOLE[1]) == 3
    assert len(WHOLE[2]) == 23


def test_the_same_entries_give_the_same_state_findings_and_obligations() -> None:
    assert _whole() == WHOLE


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, len(RECORD.leaves)), max_size=12))
def test_any_split_of_the_entries_into_calls_gives_the_same_as_one_call(cuts: list[int]) -> None:
    state, findings, obligations = State(), [], []
    bounds = [0, *sorted(cuts), len(RECORD.leaves)]
    for start, end in itertools.pairwise(bounds):
        outcome = replay(state, RECORD.leaves[start:end])
        findings += _plain(outcome.findings)
        obligations += [obligation.index for obligation in outcome.obligations]
    assert (snapshot(state), findings, obligations) == WHOLE


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_bytes_make_replay_raise(data: st.DataObject) -> None:
    """One entry of the record is changed, or replaced by anything: what comes after is replayed all the same."""
    at = data.draw(st.integers(0, len(RECORD.leaves) - 1))
    leaf = bytearray(RECORD.leaves[at])
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(leaf) - 1))
        leaf[place] = data.draw(st.integers(0, 255))
        changed = bytes(leaf)
    else:
        fields: dict[str, Any] = dict(parse_entry(bytes(leaf)).data) if leaf.startswith(b"{") else {"kind": "batch"}
        key = data.draw(st.sampled_from(sorted(fields)))
        values = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text("abc09é", max_size=70)
        fields[key] = data.draw(values | st.lists(values, max_size=3) | st.dictionaries(st.just("key"), values))
        changed = encode(fields)
    leaves = [*RECORD.leaves[:at], changed, *RECORD.leaves[at + 1 :]]
    state = State()
    replay(state, leaves)
    assert state.size == len(leaves)


def _judge(obligations: list[Obligation]) -> set[int]:
    failing = set()
    for obligation in obligations:
        try:
            verify_batch([obligation.claim])
        except ProofInvalid:
            failing.add(obligation.index)
    return failing


def test_a_signature_whose_proof_fails_has_no_effect_and_a_later_honest_one_with_its_tag_counts() -> None:
    scribe, letter = letter_of_twelve()
    honest = scribe.unnamed(letter, 0)
    forged = make_entry({**honest.data, "proof": honest.data["proof"][:-64] + "01" + "00" * 31})
    first = scribe.batch(forged)
    scribe.batch(honest)
    state = State()
    outcome = replay(state, scribe.leaves)
    assert [type(finding.error) for finding in outcome.findings] == [TagReused]
    failing = _judge(outcome.obligations)
    assert failing == {first}
    state = State()
    outcome = replay(state, scribe.leaves, frozenset(failing))
    assert [(finding.index, type(finding.error)) for finding in outcome.findings] == [(first, ProofInvalid)]
    assert state.letters[letter].signed == 1
    assert not _judge(outcome.obligations)


def test_a_rows_proof_is_asked_for_wherever_the_row_stands() -> None:
    """So that the first replay shows every row that fails, whatever else hangs on the rows before it."""
    scribe, _ = letter_of_twelve()
    index = scribe.write(scribe.row(12))
    state = State()
    outcome = replay(state, scribe.leaves)
    assert index in {obligation.index for obligation in outcome.obligations}
    assert faults_of(scribe) == [("RuleBroken", "batch")]


def test_a_statement_may_follow_its_signature_as_soon_as_their_batch_is_over() -> None:
    scribe, letter = letter_of_twelve()
    scribe.batch(scribe.unnamed(letter, 0))
    assert admit(scribe.state, scribe.withdraw(letter, 0), scribe.now) is not None


def test_what_the_server_admits_the_recount_counts_and_asking_changes_nothing() -> None:
    scribe, letter = letter_of_twelve()
    entry = scribe.named(letter, 0)
    before = snapshot(scribe.state)
    claim = admit(scribe.state, entry, scribe.now)
    verify_batch([claim])
    assert snapshot(scribe.state) == before
    scribe.batch(entry)
    with pytest.raises(TagReused):
        admit(scribe.state, entry, scribe.now)


def test_intake_ends_at_the_closing_and_with_a_cancelled_letter() -> None:
    scribe, letter = letter_of_twelve()
    entry = scribe.named(letter, 0)
    admit(scribe.state, entry, NOON + 3599)
    with pytest.raises(LetterClosed):
        admit(scribe.state, entry, NOON + 3600)
    scribe.change(letter, "cancel", NOON + 1800)
    with pytest.raises(LetterClosed):
        admit(scribe.state, entry, NOON + 60)


def test_members_and_server_do_not_send_each_others_entries() -> None:
    scribe, letter = letter_of_twelve()
    batch = make_entry({"kind": "batch", "v": 1, "first": scribe.state.size + 1, "count": 1, "time": scribe.now})
    permit(scribe.state, batch)
    with pytest.raises(RuleBroken):
        admit(scribe.state, batch, scribe.now)
    with pytest.raises(RuleBroken):
        permit(scribe.state, scribe.named(letter, 0))


def test_only_so_many_rings_are_remembered() -> None:
    scribe = Scribe(slots=MAX_RINGS_KEPT + 8)
    scribe.open_group()
    scribe.enrol(2)
    epoch = scribe.epoch()
    rings = [scribe.state.ring(epoch, slot, "all") for slot in range(MAX_RINGS_KEPT + 8)]
    assert len(scribe.state._rings) == MAX_RINGS_KEPT
    assert [scribe.state.ring(epoch, slot, "all") for slot in range(MAX_RINGS_KEPT + 8)] == rings
