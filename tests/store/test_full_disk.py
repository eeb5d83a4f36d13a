"""A disk that is really full, and one that fails: nothing acknowledged is lost, and nothing refused is kept."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pytest

from ruban.errors import IntakePaused, InvitationSpent, StoreError, StoreFull
from ruban.log.merkle import leaf_hash
from ruban.store.sqlite import SqliteStore
from tests.store.filler import SIZE_BYTES
from tests.store.group_log import append, leaf, make, note_after, opening, pending, reopen

ROOT = Path(__file__).resolve().parents[2]


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _kept(folder: Path) -> set[str]:
    """The hashes of what the store holds; fails unless these have their openings, and after settling only these."""
    with reopen(folder) as store:
        kept = {leaf_hash(one) for one in [*store.entries(), *store.pending()]} - {leaf_hash(leaf(1_000_000))}
        numbers = [number for number in range(len(kept) + 10) if leaf_hash(leaf(number, SIZE_BYTES)) in kept]
        # The opening of the one that failed may lie there: it was synced before the transaction that failed.
        store.forget_openings({opening(number).commitment for number in numbers}.__contains__, store.head().size)
        for number in range(len(kept) + 10):
            assert (store.opening(opening(number).commitment) is not None) == (number in numbers)
    return {one.hex() for one in kept}


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _can_mount(), reason="a small file system can be mounted only by root")
def test_a_full_disk_refuses_loses_nothing_and_is_used_again_when_there_is_space(tmp_path: Path) -> None:
    # A tmpfs of 3 MiB, one of them ballast; what is left on it is copied out for the check.
    script = (
        'mkdir "$1/small" && mount -t tmpfs -o size=3m none "$1/small" && '
        'head -c 1048576 /dev/zero > "$1/small/ballast" && '
        '"$2" -m tests.store.filler "$1/small/group" && cp -r "$1/small/group" "$1/copy"'
    )
    report = _run(["unshare", "-m", "sh", "-c", script, "sh", str(tmp_path), sys.executable])
    assert report["refusal"] == "StoreFull"
    assert report["after"] == ["fine", "fine", "fine"]
    assert len(report["acknowledged"]) > 20
    assert _kept(tmp_path / "copy") == set(report["acknowledged"])


@pytest.mark.skipif(not _can_mount(), reason="a small file system can be mounted only by root")
def test_a_disk_that_went_read_only_is_refused_at_the_start_and_goes_on_once_it_can_be_written(tmp_path: Path) -> None:
    with make(tmp_path / "group") as store:
        store.submit(pending(1))
    # A process that begins on a disk that a failing system has put back to read-only.
    script = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && "$2" -m tests.store.reader "$1/group"'
    report = _run(["unshare", "-m", "sh", "-c", script, "sh", str(tmp_path), sys.executable])
    assert report == {"refusal": "StoreError", "expected": "one that can be written to", "hint": True}
    with reopen(tmp_path / "group") as store:
        assert store.pending() == [leaf(1)]


def test_a_write_that_fails_stops_the_store_and_loses_nothing(tmp_path: Path) -> None:
    # Past RLIMIT_FSIZE a write fails with EFBIG, which SQLite reports as an input/output error.
    report = _run([sys.executable, "-m", "tests.store.filler", str(tmp_path / "group"), "1000000"])
    assert report["refusal"] == "StoreError"
    assert report["after"] == ["StoreError", "StoreError", "StoreError"]
    assert len(report["acknowledged"]) > 20
    assert _kept(tmp_path / "group") == set(report["acknowledged"])


@pytest.mark.parametrize("which", ["_log", "_openings"])
def test_either_file_may_be_the_one_that_is_full(tmp_path: Path, which: str) -> None:
    with make(tmp_path / "group") as store:
        append(store, [leaf(0)], openings=[opening(0)])
        connection = getattr(store, which).connection
        connection.pragma("max_page_count", connection.pragma("page_count") + 20)
        acknowledged: list[bytes] = []

        def fill() -> None:
            for number in range(1, 2000):
                store.submit(pending(number))
                acknowledged.append(leaf(number))

        with pytest.raises(StoreFull):
            fill()
        assert len(acknowledged) > 10
        assert set(store.pending()) == set(acknowledged)
        assert store.opening(opening(len(acknowledged) + 1).commitment) is None
        connection.pragma("max_page_count", 1_000_000)
        store.submit(pending(5000))
    with reopen(tmp_path / "group") as store:
        assert set(store.pending()) == {*acknowledged, leaf(5000)}


def test_a_release_that_finds_the_disk_full_changes_nothing(tmp_path: Path) -> None:
    with make(tmp_path / "group") as store:
        for number in range(50):
            store.submit(pending(number))
        connection = store._log.connection
        before = store.head()
        connection.pragma("max_page_count", connection.pragma("page_count") + 1)
        with pytest.raises(StoreFull):
            append(store, store.pending())
        assert store.head() == before
        assert len(store.pending()) == 50
        connection.pragma("max_page_count", 1_000_000)
        assert append(store, store.pending()).size == 50


def test_a_disk_that_fills_after_the_commit_only_delays_what_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise apsw.FullError("full")

    with make(tmp_path / "group") as store:
        store.submit(pending(1))
        append(store, [leaf(1)])
        with monkeypatch.context() as patch:
            patch.setattr(store._openings, "erase", full)
            assert append(store, [leaf(2)], erased=[opening(1).commitment]).size == 2
        assert store.opening(opening(1).commitment) is not None
        append(store, [leaf(3)])
        assert store.opening(opening(1).commitment) is None


def test_a_disk_that_fails_after_the_commit_stops_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise apsw.IOError("a write")

    store = make(tmp_path / "group")
    monkeypatch.setattr(store._openings, "publish", fail)
    # It is in the log: to say otherwise would be false.
    assert append(store, [leaf(1)]).size == 1
    with pytest.raises(StoreError):
        store.head()
    store.close()
    with reopen(tmp_path / "group") as again:
        assert again.head().size == 1


def test_after_a_failed_write_every_method_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = make(tmp_path / "group")
    note = note_after(store, [leaf(1)])

    def fail(*_: object) -> None:
        raise apsw.IOError("a write")

    monkeypatch.setattr(store._log, "accept", fail)
    with pytest.raises(StoreError):
        store.submit(pending(1))
    monkeypatch.undo()
    for refused in (
        lambda: store.submit(pending(1)),
        lambda: store.append(store.head(), [leaf(1)], note),
        store.head,
        store.pending,
        lambda: list(store.entries()),
        lambda: store.index_of(bytes(32)),
        lambda: store.opening(bytes(32)),
        lambda: store.forget_openings(lambda commitment: True, 1),
    ):
        with pytest.raises(StoreError):
            refused()
    store.close()
    reopen(tmp_path / "group").close()


def test_below_the_minimum_of_free_disk_only_what_is_known_is_answered(tmp_path: Path) -> None:
    free = [1000]
    with SqliteStore.create(tmp_path / "group", min_free_bytes=1000, free_bytes=lambda: free[0]) as store:
        store.submit(pending(1))
        free[0] = 999
        with pytest.raises(IntakePaused):
            store.submit(pending(2))
        assert store.submit(pending(1)).promise == pending(1).promise
        with pytest.raises(InvitationSpent):
            store.submit(dataclasses.replace(pending(2), spent=pending(1).spent))
        # What was acknowledged is still released.
        append(store, [leaf(1)])
        free[0] = 1000
        store.submit(pending(2))
        assert store.pending() == [leaf(2)]
