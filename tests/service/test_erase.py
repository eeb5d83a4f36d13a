"""What is erased is gone from the disk and from the bundle, and the count stands."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ruban.errors import CommitmentInvalid, RuleBroken
from ruban.record.member import comment, sign_by_name, sign_unnamed
from ruban.service.erase import erase, given_by_row, given_by_tag
from ruban.service.open_group import open_keeper
from ruban.service.release import release
from ruban.service.submit import submit
from tests.service.cast import cast_of
from tests.service.test_adopt import sign


def mentions(folder: Path, *words: bytes) -> list[str]:
    """The files of a folder in which any of these words stands, in archives too."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            contents = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    contents += [archive.read(name) for name in archive.namelist()]
            found += [str(path) for content in contents if any(word in content for word in words)]
    return found


def test_an_erased_name_is_in_no_file_and_still_counted(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        for member in (2, 3):
            submit(
                cast.keeper, sign_by_name(cast.keeper.state, letter, cast.secrets[member], cast.name(member)), cast.now
            )
        release(cast.keeper, cast.now)
        tag = cast.secrets[3].slot(letter.slot).tag
        erase(cast.keeper, given_by_tag(cast.keeper, letter, tag))
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
            given_by_tag(cast.keeper, letter, cast.secrets[0].slot(letter.slot).tag)


def test_a_row_takes_its_name_and_comments_with_it(tmp_path: Path) -> None:
    with cast_of(tmp_path, window=0) as cast:
        letter = cast.open_letter()
        sign(cast, 3, by_name=True)
        cast.release()
        submit(cast.keeper, comment(cast.keeper.state, letter, cast.secrets[3], "I was there."), cast.now)
        cast.release()
        [row] = [recorded.row for recorded in letter.signatures.values()]
        assert row is not None
        assert erase(cast.keeper, given_by_row(cast.keeper, row)) == 2
        assert erase(cast.keeper, given_by_row(cast.keeper, row)) == 0
        assert cast.verdict().letters[0].names == ()
        cast.keeper.close()
        assert not mentions(cast.folder, b"Member 3", b"I was there.")
        cast.keeper = open_keeper(cast.folder)
        with pytest.raises(RuleBroken):
            given_by_row(cast.keeper, 12)


def test_a_name_that_is_given_anew_is_read_again(tmp_path: Path) -> None:
    """Also where the erasure comes while the new signature waits: its opening must not go with the old one."""
    with cast_of(tmp_path) as cast:
        first = cast.open_letter()
        sign(cast, 3, by_name=True)
        cast.release()
        cast.open_letter()
        sign(cast, 3, by_name=True)
        erase(cast.keeper, given_by_tag(cast.keeper, first, cast.secrets[3].slot(first.slot).tag))
        assert cast.verdict().letters[0].names == ()
        cast.reopen()
        cast.release()
        verdict = cast.verdict()
        assert verdict.holds
        assert [letter.names for letter in verdict.letters] == [("Member 3",), ("Member 3",)]
        assert [letter.tally.erased for letter in verdict.letters] == [0, 0]
