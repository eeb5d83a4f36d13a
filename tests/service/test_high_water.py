"""The high-water mark beside the keys: an older copy of the record, or another one, is not signed on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ruban.errors import StoreCorrupt, StoreError, StoreFrozen
from ruban.service.open_group import open_group, open_keeper
from ruban.store.high_water import FILE, HighWater
from tests.service.cast import MONDAY, Cast, cast_of
from tests.service.test_group_and_letter import GROUP

FILES = ("log.db", "openings.db")


def put_back(cast: Cast, old: Path) -> None:
    """The files of an older copy, as somebody restores a backup; the keys stay."""
    for name in FILES:
        for path in cast.folder.glob(f"{name}*"):
            path.unlink()
        shutil.copy(old / name, cast.folder / name)


def copy_of(cast: Cast, old: Path) -> None:
    cast.keeper.close()
    shutil.copytree(cast.folder, old)
    cast.keeper = open_keeper(cast.folder)


def test_an_older_copy_signs_nothing_and_the_newest_goes_on(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        copy_of(cast, tmp_path / "old")
        cast.open_letter()
        copy_of(cast, tmp_path / "new")
        size = cast.keeper.state.size
        cast.keeper.close()
        put_back(cast, tmp_path / "old")
        cast.keeper = open_keeper(cast.folder)
        with pytest.raises(StoreFrozen, match="an older copy") as caught:
            cast.open_letter()
        assert caught.value.hint
        cast.keeper.close()
        put_back(cast, tmp_path / "new")
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.state.size == size
        cast.open_letter()


def test_a_record_that_went_another_way_from_the_same_keys_signs_nothing(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        copy_of(cast, tmp_path / "old")
        cast.open_letter()
        # The copy is signed on elsewhere, with a mark of its own.
        other = Cast(tmp_path / "old", open_keeper(tmp_path / "old"), now=cast.now)
        other.open_letter()
        other.keeper.close()
        cast.keeper.close()
        put_back(cast, tmp_path / "old")
        cast.keeper = open_keeper(cast.folder)
        with pytest.raises(StoreFrozen, match="others"):
            cast.open_letter()


def test_a_folder_of_before_there_was_a_mark_gets_one_with_its_next_entry(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        (cast.folder / "keys" / FILE).unlink()
        cast.reopen()
        assert HighWater(cast.folder / "keys").read() is None
        cast.open_letter()
        mark = HighWater(cast.folder / "keys").read()
        assert mark is not None
        assert (mark.size, mark.root) == (cast.keeper.tree.size, cast.keeper.tree.root())
        assert (cast.folder / "keys" / FILE).stat().st_mode & 0o777 == 0o600


def test_keys_that_have_signed_are_not_thrown_away_for_a_new_group(tmp_path: Path) -> None:
    open_group(tmp_path / "g", GROUP, MONDAY).close()
    key = (tmp_path / "g" / "keys" / "log.key").read_bytes()
    for name in FILES:
        for path in (tmp_path / "g").glob(f"{name}*"):
            path.unlink()
    open_group(tmp_path / "empty", GROUP, MONDAY).close()
    for name in FILES:
        shutil.copy(tmp_path / "empty" / name, tmp_path / "g" / name)
    with pytest.raises(StoreError):
        open_group(tmp_path / "g", GROUP, MONDAY)
    assert (tmp_path / "g" / "keys" / "log.key").read_bytes() == key


def test_a_mark_that_is_no_checkpoint_is_told_with_what_to_do(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        cast.keeper.close()
        (cast.folder / "keys" / FILE).write_bytes(b"damaged")
        with pytest.raises(StoreCorrupt, match=FILE) as caught:
            open_keeper(cast.folder)
        assert caught.value.hint
        (cast.folder / "keys" / FILE).unlink()
        cast.keeper = open_keeper(cast.folder)


def test_a_mark_that_cannot_be_written_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    with cast_of(tmp_path) as cast:
        with monkeypatch.context() as patched:
            patched.setattr("ruban.store.high_water.write_durably", full)
            cast.open_letter()
        size = cast.keeper.state.size
        cast.reopen()
        assert cast.keeper.state.size == size
        cast.open_letter()
        mark = HighWater(cast.folder / "keys").read()
        assert mark is not None
        assert mark.size == cast.keeper.state.size
