"""What organisers strike is gone from the disk and from what is published; the reason and the count stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import RuleBroken
from ruban.record.member import comment, sign_by_name, sign_unnamed
from ruban.record.state import Letter
from ruban.service.keeper import Keeper
from ruban.service.strike import comment_commitment, name_commitment, strike
from ruban.service.submit import submit
from tests.service.cast import Cast, cast_of


def _signed(cast: Cast) -> Letter:
    """Member 0 signs unnamed and comments; members 2 and 3 sign by name."""
    letter = cast.open_letter()
    state = cast.keeper.state
    submit(cast.keeper, sign_unnamed(state, letter, cast.secrets[0]), cast.now)
    for member in (2, 3):
        submit(cast.keeper, sign_by_name(state, letter, cast.secrets[member], cast.name(member)), cast.now)
    cast.release()
    submit(cast.keeper, comment(state, letter, cast.secrets[0], "You liar!"), cast.now)
    cast.release()
    return letter


def _tag(cast: Cast, letter: Letter, member: int) -> bytes:
    return cast.secrets[member].slot(letter.slot).tag


def test_a_struck_name_and_comment_are_in_no_file_and_still_counted(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = _signed(cast)
        name = name_commitment(cast.keeper, letter, _tag(cast, letter, 3))
        strike(cast.keeper, letter, [name, comment_commitment(letter, _tag(cast, letter, 0))], "an insult", cast.now)
        verdict = cast.verdict()
        assert verdict.holds
        [view] = verdict.letters
        assert (view.tally.signed, view.tally.named, view.tally.struck, view.comments) == (3, 2, 2, 0)
        assert view.names == ("Member 2",)
        assert [(struck.count, struck.reason) for struck in view.strikes] == [(2, "an insult")]
        cast.keeper.close()
        kept = b"".join(path.read_bytes() for path in cast.folder.rglob("*") if path.is_file())
        assert b"Member 2" in kept
        assert b"Member 3" not in kept
        assert b"You liar!" not in kept


def test_what_is_struck_is_deleted_only_after_the_record_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = _signed(cast)
        name = name_commitment(cast.keeper, letter, _tag(cast, letter, 3))

        def dies(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(Keeper, "append", dies)
            with pytest.raises(KeyboardInterrupt):
                strike(cast.keeper, letter, [name], "an insult", cast.now)
        assert cast.keeper.store.opening(name) is not None
        assert cast.verdict().letters[0].names == ("Member 2", "Member 3")


def test_a_crash_before_the_deletion_is_made_good_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = _signed(cast)
        name = name_commitment(cast.keeper, letter, _tag(cast, letter, 3))

        def dies(_: Keeper) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("ruban.service.strike.forget_names", dies)
            with pytest.raises(KeyboardInterrupt):
                strike(cast.keeper, letter, [name], "an insult", cast.now)
        assert cast.keeper.store.opening(name) is not None
        cast.reopen()
        assert cast.keeper.store.opening(name) is None
        assert cast.verdict().holds


def test_only_names_and_comments_of_the_letter_are_struck(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = _signed(cast)
        size = cast.keeper.state.size
        named = {recorded.row for recorded in letter.signatures.values()}
        other = next(row.claim for n, row in enumerate(cast.keeper.state.roll.rows) if n not in named)
        for commitment in (letter.texts[0].title, other):
            with pytest.raises(RuleBroken):
                strike(cast.keeper, letter, [commitment], "an insult", cast.now)
        with pytest.raises(RuleBroken):
            comment_commitment(letter, _tag(cast, letter, 2))
        assert cast.keeper.state.size == size


def test_more_than_one_entry_holds_are_struck_in_several_for_the_same_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = _signed(cast)
        monkeypatch.setattr("ruban.service.strike.MAX_STRUCK", 1)
        names = [name_commitment(cast.keeper, letter, _tag(cast, letter, member)) for member in (2, 3)]
        strike(cast.keeper, letter, names, "two insults", cast.now)
        assert [struck.reason for struck in cast.verdict().letters[0].strikes] == ["two insults"] * 2
        assert cast.verdict().holds
