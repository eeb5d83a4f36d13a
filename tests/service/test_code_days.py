"""Codes end: with their last day, for nobody sooner, and for nobody who was acknowledged before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from ruban.errors import FormatError, InvitationExpired, InvitationSpent, RuleBroken
from ruban.service.code_days import DAYS_OF_A_CODE, end_of_day, last_day, later, parse_day, usual_last_day
from ruban.service.enrol import enrol, unused_invitation
from ruban.service.invite import invite
from ruban.service.take_back import reissue, withdraw_invitation
from tests.service.cast import DAY, MONDAY, Cast, cast_of, people


def invited_until(cast: Cast, expires: int | None) -> str:
    """The code of a thirteenth member, invited anew."""
    withdraw_invitation(cast.keeper, "member13@meridian.example")
    [one] = invite(cast.keeper, people(14)[13:], expires=expires)
    return one.code


def test_a_code_is_good_until_the_second_in_which_it_ends(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        code = invited_until(cast, cast.now + DAY)
        assert unused_invitation(cast.keeper, code, cast.now + DAY - 1).expires == cast.now + DAY
        with pytest.raises(InvitationExpired) as refused:
            unused_invitation(cast.keeper, code, cast.now + DAY)
        assert refused.value.field == "code"
        assert code not in str(refused.value)


def test_a_code_without_an_end_stays_good(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        assert unused_invitation(cast.keeper, invited_until(cast, None), cast.now + 10_000 * DAY).name == "Member 13"


def test_an_expired_code_enrols_nobody(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.expire(12)
        with pytest.raises(InvitationExpired):
            enrol(cast.keeper, cast.enrolment(12), cast.now)
        assert cast.keeper.desk.invitation_counts() == (14, 12)


def test_a_row_that_was_acknowledged_in_time_gets_its_promise_again_afterwards(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        enrolment = cast.enrolment(12)
        first = enrol(cast.keeper, enrolment, cast.now)
        cast.now += 10_000 * DAY
        assert enrol(cast.keeper, enrolment, cast.now).promise == first.promise


def test_a_used_code_is_said_to_be_used_even_when_its_time_is_over(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        code = invited_until(cast, cast.now + DAY)
        cast.invited[13] = type(cast.invited[13])(cast.invited[13].person, code)
        enrol(cast.keeper, cast.enrolment(13), cast.now)
        with pytest.raises(InvitationSpent):
            unused_invitation(cast.keeper, code, cast.now + DAY)


def test_a_code_that_replaces_an_expired_one_is_good(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.expire(13)
        new = reissue(cast.keeper, "member13@meridian.example", expires=cast.now + DAY)
        assert unused_invitation(cast.keeper, new.code, cast.now).expires == cast.now + DAY


def test_a_code_that_replaces_another_is_good_for_as_long_at_least(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        new = reissue(cast.keeper, "member13@meridian.example", expires=cast.now + DAY)
        assert unused_invitation(cast.keeper, new.code, cast.now + 2 * DAY).expires is None


def test_whose_code_has_expired_is_not_invited_twice(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.expire(13)
        with pytest.raises(RuleBroken):
            invite(cast.keeper, people(14)[13:])


def test_the_ends_of_codes_are_told_whether_used_or_not(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        code = invited_until(cast, cast.now + DAY)
        assert cast.keeper.desk.expiries() == [cast.now + DAY, None]
        cast.invited[13] = type(cast.invited[13])(cast.invited[13].person, code)
        enrol(cast.keeper, cast.enrolment(13), cast.now)
        assert cast.keeper.desk.expiries() == [cast.now + DAY, None]


def test_a_code_outlives_its_last_day_everywhere_on_earth() -> None:
    end = datetime.fromtimestamp(end_of_day(date(2026, 12, 31)), UTC)
    for hours in range(-12, 15):
        assert end.astimezone(timezone(timedelta(hours=hours))).date() > date(2026, 12, 31)


def test_a_last_day_is_the_one_that_was_chosen() -> None:
    for day in (date(2026, 11, 26), date(2026, 12, 31), date(2028, 2, 29), date(2999, 12, 31)):
        assert last_day(end_of_day(day)) == day


def test_the_usual_last_day_is_sixty_days_away() -> None:
    assert usual_last_day(MONDAY) - date(2026, 11, 24) == timedelta(days=DAYS_OF_A_CODE)


@pytest.mark.parametrize("text", ["", "2026-11-31", "26-11-22", "2026-1-2", "20261122", "9999-12-31", "２026-11-22"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_day(text)


def test_no_end_is_later_than_any() -> None:
    assert later(1, 2) == 2
    assert later(None, 2) is later(1, None) is None
