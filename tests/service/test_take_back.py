"""Invitations taken back: a lost code ends, with or without a new one; a used one stays used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ruban.errors import InvitationSpent, InvitationUnknown
from ruban.service.enrol import unused_invitation
from ruban.service.invite import Invited, invite
from ruban.service.take_back import reissue, withdraw_invitation
from tests.service.cast import cast_of, people


def test_a_new_code_ends_the_old_one(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        new = reissue(cast.keeper, " MEMBER13@meridian.example ")
        assert unused_invitation(cast.keeper, new.code, cast.now).name == "Member 13"
        with pytest.raises(InvitationUnknown):
            unused_invitation(cast.keeper, cast.invited[13].code, cast.now)


def test_a_code_that_was_not_handed_out_does_not_end_the_old_one(tmp_path: Path) -> None:
    def full(invited: Sequence[Invited]) -> None:
        raise OSError

    with cast_of(tmp_path) as cast:
        with pytest.raises(OSError):  # noqa: PT011  # whatever it raises comes out as it is
            reissue(cast.keeper, "member13@meridian.example", full)
        assert unused_invitation(cast.keeper, cast.invited[13].code, cast.now).name == "Member 13"


def test_a_withdrawn_invitation_is_none_and_its_place_is_free(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        withdraw_invitation(cast.keeper, "member13@meridian.example")
        with pytest.raises(InvitationUnknown):
            unused_invitation(cast.keeper, cast.invited[13].code, cast.now)
        invite(cast.keeper, people(14)[13:])


def test_who_has_enrolled_gets_no_second_code(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        with pytest.raises(InvitationSpent):
            reissue(cast.keeper, "member0@meridian.example")
        with pytest.raises(InvitationSpent):
            withdraw_invitation(cast.keeper, "member0@meridian.example")


def test_who_was_never_invited_has_nothing_to_take_back(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast, pytest.raises(InvitationUnknown):
        reissue(cast.keeper, "stranger@meridian.example")
