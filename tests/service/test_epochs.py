"""Epochs fall due as the record's rules say, and the server writes them then and not before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ruban.service.change_letter import change_letter
from ruban.service.open_letter import announced_hours, first_unnamed, open_letter
from ruban.service.release import release
from tests.service.cast import DAY, MONDAY, cast_of, draft


def test_an_epoch_comes_with_the_tenth_new_row(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=30, enrolled=0) as cast:
        cast.enrol(range(9))
        cast.release()
        assert not cast.keeper.state.roll.epochs
        cast.enrol(range(9, 10))
        cast.release()
        assert [epoch.rows for epoch in cast.keeper.state.roll.epochs.values()] == [10]


def test_an_epoch_comes_after_a_day_though_nothing_else_happens(tmp_path: Path) -> None:
    with cast_of(tmp_path, enrolled=0) as cast:
        cast.enrol(range(3))
        cast.release()
        cast.now += DAY - cast.window
        release(cast.keeper, cast.now)
        assert not cast.keeper.state.roll.epochs
        cast.release()
        assert [epoch.rows for epoch in cast.keeper.state.roll.epochs.values()] == [3]
        assert cast.verdict().holds


def test_an_epoch_takes_everybody_when_a_closing_is_near(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=4 * DAY)
        cast.enrol(range(12, 13))
        cast.now = letter.closing - 3 * cast.window
        cast.release()
        assert cast.keeper.state.roll.unfixed == 0
        assert cast.verdict().holds


def test_a_weekend_letter_takes_epochs_at_announced_hours_only(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=40) as cast:
        letter = cast.open_letter(seconds=2 * DAY)
        assert letter.epochs_at == tuple(MONDAY + hours * 3600 for hours in (9, 13, 17, 21, 33, 37, 41, 45))
        assert letter.unnamed_from == MONDAY + 9 * 3600
        cast.enrol(range(12, 40))
        cast.release()
        assert cast.keeper.state.roll.unfixed == 28
        while cast.now < letter.epochs_at[0]:
            cast.release()
        assert cast.keeper.state.roll.unfixed == 0
        assert cast.verdict().holds


def test_the_last_announced_hour_takes_whoever_there_is(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        letter = cast.open_letter(seconds=2 * DAY)
        cast.enrol(range(12, 13))
        cast.release()
        cast.now = letter.epochs_at[-2]
        release(cast.keeper, cast.now)
        assert cast.keeper.state.roll.unfixed == 1
        cast.now = letter.epochs_at[-1]
        release(cast.keeper, cast.now)
        assert cast.keeper.state.roll.unfixed == 0
        assert cast.verdict().holds


def test_an_extended_letter_does_not_freeze_the_roll(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=40) as cast:
        letter = cast.open_letter(seconds=2 * DAY)
        cast.enrol(range(12, 13))
        change_letter(cast.keeper, letter, "extend", "more time", cast.now, closing=letter.closing + 30 * DAY)
        cast.now = letter.epochs_at[-1]
        release(cast.keeper, cast.now)
        assert cast.keeper.state.roll.unfixed == 0
        cast.enrol(range(13, 40))
        cast.release()
        assert cast.keeper.state.roll.unfixed == 0
        assert cast.verdict().holds


def test_announced_hours_are_those_of_the_clock_on_the_wall_when_summer_time_ends() -> None:
    paris = ZoneInfo("Europe/Paris")
    start = int(datetime(2026, 10, 24, 20, tzinfo=paris).timestamp())
    hours = announced_hours(start, start + 40 * 3600, "Europe/Paris")
    assert [datetime.fromtimestamp(hour, paris).hour for hour in hours] == [21, 9, 13, 17, 21, 9]
    assert datetime.fromtimestamp(first_unnamed(start, hours, "Europe/Paris"), paris).hour == 9


def test_a_short_letter_months_ahead_does_not_hold_up_those_who_enrol_meanwhile(tmp_path: Path) -> None:
    with cast_of(tmp_path, entitled=40, enrolled=12) as cast:
        start = cast.now + 90 * DAY
        letter = open_letter(cast.keeper, draft(start, start + 2 * DAY), cast.now)
        assert cast.keeper.state.letters[letter].epochs_at == ()
        cast.enrol(range(12, 40))
        cast.release()
        newest = cast.keeper.state.roll.newest_epoch
        assert newest is not None
        assert newest.rows == 40
