"""The key folder, and the durable write under it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ruban.durable import write_durably
from ruban.errors import StoreError, StoreLocked
from ruban.store.keys import Keys, fresh_keys, load_keys, save_keys
from ruban.store.posix import FolderLock, make_private_folder


def create_keys(folder: Path, organisers: int) -> Keys:
    keys = fresh_keys(organisers)
    save_keys(folder, keys)
    return keys


def test_keys_come_back_and_differ(tmp_path: Path) -> None:
    made = create_keys(tmp_path / "group" / "keys", 3)
    assert load_keys(tmp_path / "group" / "keys") == made
    every = [made.log_seed, made.receipt_seed, made.group_key, *made.organiser_seeds]
    assert len(set(every)) == len(every) == 6
    assert all(len(key) == 32 for key in every)


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        create_keys(tmp_path / "keys", 1)
    finally:
        os.umask(old)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    files = list((tmp_path / "keys").iterdir())
    assert sorted(path.name for path in files) == ["group.key", "log.key", "organiser-0.key", "receipt.key"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)


def test_keys_are_not_made_twice(tmp_path: Path) -> None:
    made = create_keys(tmp_path / "keys", 1)
    with pytest.raises(StoreError):
        create_keys(tmp_path / "keys", 1)
    assert load_keys(tmp_path / "keys") == made


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys", 1)
    (tmp_path / "keys" / "log.key").chmod(0o640)
    with pytest.raises(StoreError) as caught:
        load_keys(tmp_path / "keys")
    assert caught.value.field == "key file log.key"


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.strip,
        lambda text: text + "\n",
        lambda text: text[2:],
        lambda text: text[:-1] + "x",
        lambda text: "",
    ],
)
def test_a_malformed_key_is_refused_without_being_told(tmp_path: Path, change: object) -> None:
    create_keys(tmp_path / "keys", 1)
    path = tmp_path / "keys" / "group.key"
    text = "ab" * 32 + "\n"
    assert callable(change)
    write_durably(path, change(text).encode())
    with pytest.raises(StoreError) as caught:
        load_keys(tmp_path / "keys")
    assert "abab" not in str(caught.value).lower()
    write_durably(path, text.encode())
    assert load_keys(tmp_path / "keys").group_key == b"\xab" * 32


@pytest.mark.parametrize("name", ["log.key", "receipt.key", "group.key", "organiser-0.key"])
def test_a_missing_key_is_refused(tmp_path: Path, name: str) -> None:
    create_keys(tmp_path / "keys", 2)
    (tmp_path / "keys" / name).unlink()
    with pytest.raises(StoreError):
        load_keys(tmp_path / "keys")


def test_keys_are_never_shown(tmp_path: Path) -> None:
    made = create_keys(tmp_path / "keys", 1)
    assert made.log_seed.hex() not in repr(made)
    assert repr(made.log_seed) not in repr(made)


def test_a_durable_write_syncs_the_content_before_the_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    fsync, rename = os.fsync, os.replace

    def watched_fsync(descriptor: int) -> None:
        kind = "folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file"
        calls.append(f"fsync {kind}")
        fsync(descriptor)

    def watched_rename(old: str, new: Path) -> None:
        calls.append("rename")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_rename)
    write_durably(tmp_path / "file", b"new")
    assert calls == ["fsync file", "rename", "fsync folder"]
    assert (tmp_path / "file").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_failed_durable_write_leaves_the_old_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_durably(tmp_path / "file", b"old")

    def fail(descriptor: int) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no"):
        write_durably(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"


def test_a_folder_lock_is_held_once(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "lock")
    with pytest.raises(StoreLocked):
        FolderLock(tmp_path / "lock")
    lock.release()
    FolderLock(tmp_path / "lock").release()


def test_a_folder_that_exists_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755
