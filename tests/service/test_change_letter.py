"""Organisers may change a letter in four ways, each with its reason in the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import FormatError, LetterClosed, RuleBroken
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.service.change_letter import change_letter
from ruban.service.release import release
from ruban.service.submit import submit
from tests.service.cast import DAY, cast_of


def test_a_letter_closes_early_with_all_that_was_acknowledged(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now + 10)
        change_letter(cast.keeper, letter, "close", "The board has answered.", cast.now + 60)
        assert letter.closing == cast.now + cast.window
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[1]), cast.now + 70)
        cast.release()
        assert letter.closed
        assert letter.signed == 2
        verdict = cast.verdict()
        assert verdict.holds
        assert verdict.letters[0].status == "closed"
        assert verdict.letters[0].reasons == ("The board has answered.",)


def test_a_letter_is_extended_once(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        until = letter.closing + DAY
        change_letter(cast.keeper, letter, "extend", "more time", cast.now, closing=until)
        assert letter.closing == until
        with pytest.raises(RuleBroken) as refused:
            change_letter(cast.keeper, letter, "extend", "even more", cast.now, closing=until + DAY)
        assert refused.value.field == "action"
        assert cast.verdict().holds


def test_an_extension_is_announced_before_the_closing(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        with pytest.raises(LetterClosed):
            change_letter(cast.keeper, letter, "extend", "too late", letter.closing, closing=letter.closing + DAY)


def test_an_extension_must_extend(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        with pytest.raises(RuleBroken) as refused:
            change_letter(cast.keeper, letter, "extend", "shorter", cast.now, closing=letter.closing - DAY)
        assert refused.value.field == "closing"


def test_a_cancelled_letter_takes_no_more_and_says_so(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[0], cast.name(0)), cast.now)
        change_letter(cast.keeper, letter, "cancel", "We were wrong.", cast.now + 60)
        with pytest.raises(LetterClosed):
            submit(cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[1], cast.name(1)), cast.now + 61)
        cast.release()
        verdict = cast.verdict()
        assert verdict.holds
        assert verdict.letters[0].status == "cancelled"
        assert verdict.letters[0].tally.signed == 1


def test_a_superseded_letter_names_its_successor_and_hands_over_nothing(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        old = cast.open_letter()
        submit(cast.keeper, sign_unnamed(cast.keeper.state, old, cast.secrets[0]), cast.now)
        release(cast.keeper, cast.now)
        new = cast.open_letter()
        with pytest.raises(RuleBroken):
            change_letter(cast.keeper, old, "supersede", "corrected", cast.now, successor=old.letter_id)
        change_letter(cast.keeper, old, "supersede", "corrected", cast.now, successor=new.letter_id)
        verdict = cast.verdict()
        assert verdict.holds
        assert [letter.status for letter in verdict.letters] == ["superseded", "open"]
        assert [letter.tally.signed for letter in verdict.letters] == [1, 0]
        submit(cast.keeper, sign_unnamed(cast.keeper.state, new, cast.secrets[0]), cast.now)


def test_a_reason_that_would_steer_a_terminal_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter()
        with pytest.raises(FormatError) as refused:
            change_letter(cast.keeper, letter, "cancel", "done\x1b[2J710 of 770", cast.now)
        assert refused.value.field == "reason"
        assert letter.ended is None
        assert cast.verdict().holds
