"""Several organisers: each signs with their own key, and what wants the quorum is refused with fewer."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest

from ruban.errors import QuorumMissing, Refused
from ruban.record.acts import acts_of
from ruban.service.change_letter import change_letter
from ruban.service.correct_electorate import correct_electorate
from ruban.service.open_letter import open_letter
from ruban.service.publish_update import publish_update
from tests.service.cast import DAY, Cast, cast_of, draft

THREE = ("Ada", "Ben", "Eve")


def _signers(cast: Cast) -> list[int]:
    """The places of the organisers who signed what was done last."""
    organisers = cast.keeper.state.opened.organisers
    return sorted(organisers.index(key) for key in acts_of(cast.keeper.state)[-1].signers)


def test_those_who_are_named_sign_and_nobody_else(tmp_path: Path) -> None:
    with cast_of(tmp_path, organisers=THREE, quorum=2) as cast:
        letter = cast.keeper.state.letters[open_letter(cast.keeper, draft(cast.now, cast.now + DAY), cast.now, [2, 0])]
        assert _signers(cast) == [0, 2]
        publish_update(cast.keeper, letter, {"en": "News."}, cast.now, by=[1])
        assert _signers(cast) == [1]
        change_letter(cast.keeper, letter, "extend", "more", cast.now, closing=cast.now + 2 * DAY, by=[1, 2])
        assert _signers(cast) == [1, 2]
        correct_electorate(cast.keeper, 15, "2026-11-20", "staff list", cast.now, by=[0, 1])
        assert _signers(cast) == [0, 1]
        assert cast.verdict().holds


def test_all_whose_keys_are_here_sign_where_nobody_is_named(tmp_path: Path) -> None:
    with cast_of(tmp_path, organisers=THREE, quorum=2) as cast:
        cast.open_letter()
        assert _signers(cast) == [0, 1, 2]
        keys = cast.keeper.keys
        cast.keeper.keys = dataclasses.replace(keys, organiser_seeds=keys.organiser_seeds[1:])
        cast.open_letter()
        assert _signers(cast) == [1, 2]


def test_a_letter_of_two_organisers_is_not_opened_changed_or_its_electorate_corrected_by_one(tmp_path: Path) -> None:
    with cast_of(tmp_path, organisers=THREE, quorum=2) as cast:
        letter = cast.open_letter()
        size = cast.keeper.state.size
        with pytest.raises(QuorumMissing):
            open_letter(cast.keeper, draft(cast.now, cast.now + DAY), cast.now, [1])
        with pytest.raises(QuorumMissing):
            change_letter(cast.keeper, letter, "cancel", "alone", cast.now, by=[1])
        with pytest.raises(QuorumMissing):
            correct_electorate(cast.keeper, 15, "2026-11-20", "staff list", cast.now, by=[1, 1])
        assert cast.keeper.state.size == size


@pytest.mark.parametrize("by", [[], [3], [-1], [0, 7]])
def test_somebody_who_is_no_organiser_signs_nothing(tmp_path: Path, by: Sequence[int]) -> None:
    with cast_of(tmp_path, organisers=THREE) as cast, pytest.raises(Refused):
        open_letter(cast.keeper, draft(cast.now, cast.now + DAY), cast.now, by)


def test_an_organiser_whose_key_lies_elsewhere_does_not_sign(tmp_path: Path) -> None:
    with cast_of(tmp_path, organisers=THREE) as cast:
        keys = cast.keeper.keys
        cast.keeper.keys = dataclasses.replace(keys, organiser_seeds=keys.organiser_seeds[1:])
        with pytest.raises(Refused):
            open_letter(cast.keeper, draft(cast.now, cast.now + DAY), cast.now, [0])
        open_letter(cast.keeper, draft(cast.now, cast.now + DAY), cast.now, [1])
        assert _signers(cast) == [1]
