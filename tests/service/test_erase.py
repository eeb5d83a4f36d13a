"""What is erased is gone from the disk and from the bundle, and the count stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban.errors import CommitmentInvalid, RuleBroken
from ruban.record.member import sign_by_name, sign_unnamed
from ruban.service.erase import erase, name_commitment
from ruban.service.release import release
from ruban.service.submit import submit
from tests.service.cast import cast_of


def test_an_erased_name_is_in_no_file_and_still_counted(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        for member in (2, 3):
            submit(
                cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[member], cast.name(member)), cast.now
            )
        release(cast.keeper, cast.now)
        tag = cast.secrets[3].slot(letter.slot).tag
        erase(cast.keeper, [name_commitment(cast.keeper, letter, tag)])
        verdict = cast.verdict()
        assert verdict.holds
        assert verdict.letters[0].tally.named == 2
        assert verdict.letters[0].tally.erased == 1
        assert verdict.letters[0].names == ("Member 2",)
        cast.keeper.close()
        kept = b"".join(path.read_bytes() for path in cast.folder.rglob("*") if path.is_file())
        assert b"Member 2" in kept
        assert b"Member 3" not in kept


def test_only_what_the_record_has_can_be_erased(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        size = cast.keeper.state.size
        with pytest.raises(CommitmentInvalid):
            erase(cast.keeper, [bytes(32)])
        assert cast.keeper.state.size == size


def test_an_unnamed_signature_has_no_name_to_erase(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        submit(cast.keeper, sign_unnamed(cast.keeper.state, letter, cast.secrets[0]), cast.now)
        release(cast.keeper, cast.now)
        with pytest.raises(RuleBroken):
            name_commitment(cast.keeper, letter, cast.secrets[0].slot(letter.slot).tag)
