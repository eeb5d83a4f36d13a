"""A backup has all that the server has but its keys, nothing of the order in which it came, and comes back whole."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from ruban.errors import FormatError, Refused, StoreError, StoreLocked
from ruban.service.backup import back_up, back_up_keys, put_back, put_keys_back
from ruban.service.erase import erase
from ruban.service.open_group import open_keeper
from ruban.store.high_water import FILE
from ruban.store.keys import fresh_keys, load_keys, save_keys
from ruban.store.place import Database
from tests.postgres_server import Postgres
from tests.service.cast import Cast, cast_of
from tests.service.test_adopt import sign, the_letter


def used(cast: Cast) -> None:
    """A letter with signatures, recorded and waiting."""
    cast.open_letter()
    for member in range(6):
        sign(cast, member)
    sign(cast, 6, by_name=True)
    cast.release()
    sign(cast, 7, by_name=True)


def put_in_place(cast: Cast, backup: Path, beside: dict[str, Path]) -> str | None:
    cast.keeper.close()
    aside = put_back(backup, cast.folder, beside)
    cast.keeper = open_keeper(cast.folder)
    return aside


def test_what_was_backed_up_comes_back(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        used(cast)
        made = back_up(cast.keeper, tmp_path / "backup", {"private.db": lambda path: None})
        assert (made.entries, made.waiting) == (cast.keeper.tree.size, 1)
        assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
        verdict, pending = cast.verdict().as_json(), cast.keeper.store.pending()
        invitations = cast.keeper.desk.invitations()
        aside = put_in_place(cast, tmp_path / "backup", {})
        assert aside is not None
        assert (Path(aside) / "log.db").is_file()
        after = cast.verdict().as_json()
        assert after["letters"] == verdict["letters"]
        assert cast.keeper.store.pending() == pending
        assert cast.keeper.desk.invitations() == invitations
        assert cast.keeper.frozen is None
        cast.release()
        assert cast.verdict().letters[0].tally.named == 2


def test_a_backup_older_than_what_was_signed_is_frozen(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        used(cast)
        back_up(cast.keeper, tmp_path / "backup", {})
        cast.release()
        put_in_place(cast, tmp_path / "backup", {})
        assert cast.keeper.frozen is not None


def test_a_record_in_postgresql_is_backed_up_into_the_same_files(tmp_path: Path, postgres: Postgres) -> None:
    with cast_of(tmp_path, database=Database(postgres.address, "backed_up")) as cast:
        used(cast)
        back_up(cast.keeper, tmp_path / "backup", {})
        letters = cast.verdict().letters
        with pytest.raises(Refused):
            put_back(tmp_path / "backup", cast.folder, {})
        cast.keeper.close()
        (cast.folder / "database.json").rename(tmp_path / "database.json")
        assert put_in_place(cast, tmp_path / "backup", {}) is None
        assert cast.verdict().letters == letters


def test_a_backup_holds_no_key_no_mark_and_nothing_that_was_erased(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        used(cast)
        [row] = [one.row for one in the_letter(cast).signatures.values() if one.row is not None]
        name = cast.name(6).encode()
        back_up(cast.keeper, tmp_path / "before", {})
        erase(cast.keeper, [cast.keeper.state.roll.rows[row].claim])
        back_up(cast.keeper, tmp_path / "after", {})
        keys = cast.keeper.keys
        secrets = [keys.log_seed, keys.receipt_seed, keys.group_key, *keys.organiser_seeds]
        for file, has_name in (("before", True), ("after", False)):
            with zipfile.ZipFile(tmp_path / file) as packed:
                assert sorted(packed.namelist()) == ["desk.db", "log.db", "openings.db"]
                content = b"".join(packed.read(one) for one in packed.namelist())
            assert (name in content) == has_name
            for secret in secrets:
                assert secret not in content
                assert secret.hex().encode() not in content


def test_nothing_is_left_of_the_work_and_what_a_kill_left_is_removed(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        used(cast)
        (tmp_path / ".ruban-backup-left").mkdir()
        (tmp_path / ".ruban-backup-left" / "log.db").write_bytes(b"names")
        before = set(os.listdir(tmp_path)) - {".ruban-backup-left"}
        back_up(cast.keeper, tmp_path / "backup", {})
        assert set(os.listdir(tmp_path)) == before | {"backup"}


def test_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        used(cast)
        back_up(cast.keeper, tmp_path / "backup", {})
        size = cast.keeper.tree.size
        cast.keeper.close()
        whole = (tmp_path / "backup").read_bytes()
        (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
        (tmp_path / "flipped").write_bytes(whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])
        with zipfile.ZipFile(tmp_path / "more", "w") as packed:
            for name in ("log.db", "openings.db", "desk.db", "../keys/log.key"):
                packed.writestr(name, b"x")
        (tmp_path / "empty").write_bytes(b"")
        for wrong in ("cut", "flipped", "more", "empty", "none"):
            with pytest.raises(FormatError) as caught:
                put_back(tmp_path / wrong, cast.folder, {})
            assert caught.value.hint
        cast.keeper = open_keeper(cast.folder)
        assert cast.keeper.tree.size == size
        assert not list(cast.folder.glob("moved-*"))


def test_nothing_is_put_back_under_a_server_that_has_the_record(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        back_up(cast.keeper, tmp_path / "backup", {})
        with pytest.raises(StoreLocked):
            put_back(tmp_path / "backup", cast.folder, {})
        assert cast.verdict().holds


def test_keys_come_back_without_what_they_signed_and_only_where_there_are_none(tmp_path: Path) -> None:
    with cast_of(tmp_path) as cast:
        back_up_keys(cast.folder / "keys", tmp_path / "keys.zip")
        assert (tmp_path / "keys.zip").stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(tmp_path / "keys.zip") as packed:
            assert FILE not in packed.namelist()
        put_keys_back(tmp_path / "keys.zip", tmp_path / "elsewhere" / "keys")
        assert load_keys(tmp_path / "elsewhere" / "keys") == cast.keeper.keys
        put_keys_back(tmp_path / "keys.zip", cast.folder / "keys")
        assert load_keys(cast.folder / "keys") == cast.keeper.keys
        save_keys(tmp_path / "others", fresh_keys(1))
        with pytest.raises(StoreError):
            put_keys_back(tmp_path / "keys.zip", tmp_path / "others")
        with zipfile.ZipFile(tmp_path / "less.zip", "w") as less:
            less.writestr("log.key", b"a" * 64)
        for wrong in ("less.zip", "none"):
            with pytest.raises(FormatError):
                put_keys_back(tmp_path / wrong, tmp_path / "third" / "keys")
