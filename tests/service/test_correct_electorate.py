"""E is corrected from now on: never below those who have a place, and closed letters keep theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import FormatError, RuleBroken
from ruban.service.correct_electorate import correct_electorate
from ruban.service.invite import invite
from tests.service.cast import cast_of, people


def test_a_corrected_e_is_in_the_verdict_beside_the_first_and_holds_for_invitations(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=14) as cast:
        letter = cast.open_letter()
        correct_electorate(cast.keeper, 16, "2026-11-20", "staff list, corrected", cast.now)
        verdict = cast.verdict()
        assert verdict.holds
        assert [(stated.entitled, stated.source) for stated in verdict.electorates] == [
            (14, "staff list"),
            (16, "staff list, corrected"),
        ]
        assert verdict.letters[0].tally.entitled == 16
        assert letter.entitled_at_close is None
        assert len(invite(cast.keeper, people(16)[14:])) == 2


def test_a_closed_letter_keeps_the_number_of_its_closing(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=14) as cast:
        letter = cast.open_letter()
        correct_electorate(cast.keeper, 20, "2026-11-20", "staff list", letter.closing + 60)
        verdict = cast.verdict()
        assert verdict.holds
        assert (verdict.letters[0].status, verdict.letters[0].tally.entitled) == ("closed", 14)


def test_nobody_who_has_a_place_loses_it(tmp_path: Path) -> None:
    """12 on the roll, one acknowledged and waiting, one with an invitation."""
    with cast_of(tmp_path, entitled=14) as cast:
        cast.enrol(range(12, 13))
        with pytest.raises(RuleBroken) as refused:
            correct_electorate(cast.keeper, 13, "2026-11-20", "staff list", cast.now)
        assert refused.value.field == "electorate"
        correct_electorate(cast.keeper, 14, "2026-11-20", "staff list", cast.now)
        cast.release()
        cast.enrol(range(13, 14))
        cast.release()
        assert len(cast.keeper.state.roll.rows) == 14


def test_a_day_that_no_calendar_has_is_refused(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        size = cast.keeper.state.size
        with pytest.raises(FormatError):
            correct_electorate(cast.keeper, 20, "2026-02-30", "staff list", cast.now)
        assert cast.keeper.state.size == size
