"""Signatures are taken once, whichever the way of signing, and refused without harm to anybody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import (
    CommitmentInvalid,
    FormatError,
    LetterClosed,
    LetterNotOpen,
    ProofInvalid,
    RubanError,
    RuleBroken,
    TagReused,
)
from ruban.record.commitment import Opening
from ruban.record.member import comment, name_opening, sign_by_name, sign_unnamed, step_forward, withdraw
from ruban.record.submission import Submission, encode_submission, parse_submission
from ruban.service.submit import submit, submit_many
from ruban.store.ports import Submitted
from tests.service.cast import cast_of


def test_an_unnamed_signature_is_acknowledged_recorded_and_counted(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        signed = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
        first = submit(cast.keeper, signed, cast.now)
        assert submit(cast.keeper, signed, cast.now) == first
        cast.release()
        assert submit(cast.keeper, signed, cast.now).recorded
        assert (letter.unnamed, letter.named) == (1, 0)
        assert cast.verdict().holds


@pytest.mark.parametrize("second", ["unnamed", "name"])
@pytest.mark.parametrize("released", [False, True])
def test_a_second_signature_by_a_tag_is_refused_in_any_way_of_signing(
    tmp_path: Path, second: str, released: bool
) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        again = (
            sign_unnamed(state, letter, secret)
            if second == "unnamed"
            else sign_by_name(state, letter, secret, cast.name(0))
        )
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        if released:
            cast.release()
        with pytest.raises(TagReused):
            submit(cast.keeper, again, cast.now)
        cast.release()
        assert letter.signed == 1


def test_a_name_that_does_not_open_its_row_is_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        lie = sign_by_name(cast.keeper.state, letter, cast.secrets[0], "Somebody Else")
        with pytest.raises(CommitmentInvalid) as refused:
            submit(cast.keeper, lie, cast.now)
        assert refused.value.field == "claim"


@pytest.mark.parametrize("openings", ["none", "another", "two"])
def test_a_name_comes_with_exactly_its_opening(tmp_path: Path, openings: str) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        signed = sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0))
        other = name_opening(cast.secrets[1], cast.name(1))
        given = {"none": (), "another": (other,), "two": (*signed.openings, other)}[openings]
        with pytest.raises(CommitmentInvalid):
            submit(cast.keeper, Submission(signed.leaf, given), cast.now)


def test_an_unnamed_signature_bears_no_opening(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        signed = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
        with pytest.raises(FormatError):
            submit(cast.keeper, Submission(signed.leaf, (name_opening(cast.secrets[0], cast.name(0)),)), cast.now)


def test_a_proof_made_for_another_letter_costs_nobody_else_anything(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        one, other = cast.open_letter(), cast.open_letter()
        made = sign_unnamed(cast.keeper.state, one, cast.secrets[0])
        moved = Submission(made.leaf.replace(one.letter_id.hex().encode(), other.letter_id.hex().encode()))
        good = [sign_unnamed(cast.keeper.state, other, cast.secrets[member]) for member in (1, 2)]
        answers = submit_many(cast.keeper, [good[0], moved, good[1]], cast.now)
        assert [type(answer) for answer in answers] == [Submitted, ProofInvalid, Submitted]
        cast.release()
        assert (one.signed, other.signed) == (0, 2)


def test_signing_is_open_from_opening_to_closing_only(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * 86_400)
        signed = sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
        with pytest.raises(LetterNotOpen):
            submit(cast.keeper, signed, letter.opening - 1)
        with pytest.raises(LetterClosed):
            submit(cast.keeper, signed, letter.closing)
        submit(cast.keeper, signed, letter.closing - 1)


def test_a_ring_below_the_minimum_is_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=60, enrolled=12, window=0) as cast:
        letter = cast.open_letter()
        assert letter.ring_min == 20
        with pytest.raises(RuleBroken) as refused:
            sign_unnamed(cast.keeper.state, letter, cast.secrets[0])
        assert refused.value.field == "ring"
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0)), cast.now)


def test_step_forward_then_withdraw_and_nothing_after_that(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        submit(cast.keeper, step_forward(state, letter, secret, cast.name(0)), cast.now)
        cast.release()
        assert (letter.named, letter.unnamed, letter.withdrawn) == (1, 0, 0)
        submit(cast.keeper, withdraw(state, letter, secret), cast.now)
        cast.release()
        assert (letter.named, letter.unnamed, letter.withdrawn) == (0, 0, 1)
        for late in (withdraw(state, letter, secret), step_forward(state, letter, secret, cast.name(0))):
            with pytest.raises(RuleBroken):
                submit(cast.keeper, late, cast.now)
        with pytest.raises(TagReused):
            sign_unnamed(state, letter, secret)
        assert cast.verdict().letters[0].names == ()


def test_two_statements_of_one_tag_cannot_wait_together(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        submit(cast.keeper, withdraw(state, letter, secret), cast.now)
        with pytest.raises(TagReused):
            submit(cast.keeper, step_forward(state, letter, secret, cast.name(0)), cast.now)


def test_the_name_of_one_who_withdrew_is_forgotten(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[3]
        submit(cast.keeper, sign_by_name(state, letter, secret, cast.name(3)), cast.now)
        cast.release()
        commitment = name_opening(secret, cast.name(3)).commitment
        assert cast.keeper.store.opening(commitment) is not None
        submit(cast.keeper, withdraw(state, letter, secret), cast.now)
        cast.release()
        assert cast.keeper.store.opening(commitment) is None
        cast.keeper.close()
        kept = b"".join(path.read_bytes() for path in cast.folder.rglob("*") if path.is_file())
        assert b"Member 3" not in kept


def test_a_submission_carried_as_text_is_the_same_submission(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        signed = sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0))
        assert parse_submission(encode_submission(signed) + b"\n") == signed


def test_a_row_is_not_taken_without_a_code(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        with pytest.raises(RubanError):
            submit(cast.keeper, cast.row(0), cast.now)
        cast.release()
        assert cast.keeper.state.roll.rows == []


def test_a_comment_stands_beside_its_signature_and_the_next_takes_its_place(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        first = comment(state, letter, secret, "I was there.")
        submit(cast.keeper, first, cast.now)
        cast.release()
        assert cast.verdict().letters[0].comments == 1
        second = comment(state, letter, secret, "I was there, twice.")
        submit(cast.keeper, second, cast.now)
        cast.release()
        verdict = cast.verdict()
        assert verdict.holds
        assert (verdict.letters[0].comments, letter.unnamed) == (1, 1)
        assert cast.keeper.store.opening(first.openings[0].commitment) is None
        assert cast.keeper.store.opening(second.openings[0].commitment) == second.openings[0]


def test_the_comment_of_one_who_withdrew_is_forgotten(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        said = comment(state, letter, secret, "I was there.")
        submit(cast.keeper, said, cast.now)
        cast.release()
        submit(cast.keeper, withdraw(state, letter, secret), cast.now)
        cast.release()
        assert cast.keeper.store.opening(said.openings[0].commitment) is None
        assert cast.verdict().holds


@pytest.mark.parametrize("openings", ["none", "another", "two"])
def test_a_comment_comes_with_exactly_its_opening(tmp_path: Path, openings: str) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        said = comment(state, letter, secret, "I was there.")
        other = Opening(bytes(32), b"I was not.")
        given = {"none": (), "another": (other,), "two": (*said.openings, other)}[openings]
        with pytest.raises(CommitmentInvalid):
            submit(cast.keeper, Submission(said.leaf, given), cast.now)


@pytest.mark.parametrize("text", ["", " ", "é" * 501, "\x1b[2J"])
def test_a_comment_that_nobody_should_read_is_not_made_and_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        with pytest.raises(FormatError):
            comment(state, letter, secret, text)
        monkeypatch.setattr("ruban.record.member.parse_comment", lambda field, payload: "")
        with pytest.raises(FormatError):
            submit(cast.keeper, comment(state, letter, secret, text), cast.now)


def test_a_comment_does_not_borrow_the_commitment_of_a_text_of_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who erased such a comment would erase the title with it."""
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        state, secret = cast.keeper.state, cast.secrets[0]
        submit(cast.keeper, sign_unnamed(state, letter, secret), cast.now)
        cast.release()
        title = cast.keeper.store.opening(letter.texts[0].title)
        assert title is not None
        monkeypatch.setattr("ruban.record.member.commit", lambda text: title)
        with pytest.raises(CommitmentInvalid) as refused:
            submit(cast.keeper, comment(state, letter, secret, ""), cast.now)
        assert refused.value.field == "text"


def test_nobody_comments_before_signing(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        with pytest.raises(RuleBroken):
            comment(cast.keeper.state, letter, cast.secrets[0], "I was there.")
