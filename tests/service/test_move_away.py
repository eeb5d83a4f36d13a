"""A group that moves signs and takes in nothing where it was, and goes on elsewhere from exactly there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ruban import durable
from ruban.errors import FormatError, IntakePaused, Refused, StoreFrozen
from ruban.service.backup import put_back, put_keys_back
from ruban.service.move_away import come_home, keys_inside, move_away, moved_at
from ruban.service.open_group import open_keeper
from ruban.service.release import release
from ruban.service.take_back import end_all
from tests.service.cast import cast_of
from tests.service.test_adopt import sign


def test_it_goes_on_elsewhere_and_not_here(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old" / "group", tmp_path / "new", tmp_path / "moved.ruban"
    with cast_of(old.parent) as cast:
        cast.open_letter()
        sign(cast, 3)
        made = move_away(cast.keeper, old, file, {}, cast.now)
        size, waiting = cast.keeper.tree.size, cast.keeper.store.pending()
        assert (made.entries, made.waiting) == (size, len(waiting))
        with pytest.raises(StoreFrozen):
            release(cast.keeper, cast.now + 10_000)
        with pytest.raises(IntakePaused):
            sign(cast, 4)
        with pytest.raises(IntakePaused):
            end_all(cast.keeper, None)
        now = cast.now
    assert moved_at(old) == now
    again = open_keeper(old)
    assert again.moved == now
    again.close()
    new.mkdir(mode=0o700)
    put_keys_back(keys_inside(file), new / "keys")
    put_back(file, new, {})
    there = open_keeper(new)
    assert (there.tree.size, there.moved, there.store.pending()) == (size, None, waiting)
    there.check_may_sign()
    there.check_takes_in()
    there.close()


def test_a_move_whose_file_cannot_be_written_did_not_happen(tmp_path: Path) -> None:
    with cast_of(tmp_path / "old") as cast:
        with pytest.raises(OSError, match="absent"):
            move_away(cast.keeper, tmp_path / "old" / "group", tmp_path / "absent" / "file", {}, cast.now)
        assert cast.keeper.moved is None
        assert moved_at(tmp_path / "old" / "group") is None


def test_a_move_that_fails_after_its_file_is_there_leaves_no_second_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise OSError("the folder cannot be synced")

    with cast_of(tmp_path / "old") as cast:
        sync = durable.sync_folder
        monkeypatch.setattr(durable, "sync_folder", lambda path: refuse(path) if path == tmp_path else sync(path))
        with pytest.raises(OSError, match="synced"):
            move_away(cast.keeper, tmp_path / "old" / "group", tmp_path / "file", {}, cast.now)
        assert not (tmp_path / "file").exists()
        assert moved_at(tmp_path / "old" / "group") is None


def test_it_comes_home_unless_another_has_gone_on(tmp_path: Path) -> None:
    with cast_of(tmp_path / "old") as cast:
        with pytest.raises(Refused):
            come_home(cast.keeper, tmp_path / "old" / "group", served=False)
        move_away(cast.keeper, tmp_path / "old" / "group", tmp_path / "file", {}, cast.now)
        with pytest.raises(Refused):
            come_home(cast.keeper, tmp_path / "old" / "group", served=True)
        come_home(cast.keeper, tmp_path / "old" / "group", served=False)
        assert moved_at(tmp_path / "old" / "group") is None
        cast.keeper.check_may_sign()


def test_a_backup_is_no_move(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"PK")
    with pytest.raises(FormatError):
        keys_inside(tmp_path / "file")
