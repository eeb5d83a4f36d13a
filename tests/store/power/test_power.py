"""Power cuts: whatever was acknowledged is there after any of them, and every checkpoint is a beginning of the log.

`python3 run.py bench power` does many more.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ruban.errors import StoreError
from tests.store.power.cuts import POSTGRESQL, SQLITE, TOLD, Workload, compiler, cut_again_and_again, prepared, recorded
from tests.store.power.disk import Disk, Note

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler: apt install gcc")


@pytest.mark.parametrize(
    ("workload", "runs", "cuts"),
    [pytest.param(SQLITE, 3, 10, id="sqlite"), pytest.param(POSTGRESQL, 1, 3, id="postgresql")],
)
def test_a_power_cut_loses_nothing_that_was_acknowledged(workload: Workload, runs: int, cuts: int) -> None:
    found = cut_again_and_again(workload, runs, cuts, seed=6)
    assert found.cuts == runs * cuts
    assert found.acknowledged > found.checkpoints > 0


def test_a_disk_that_only_says_that_it_syncs_is_found_out() -> None:
    with pytest.raises((AssertionError, StoreError)):
        cut_again_and_again(SQLITE, 1, 10, seed=7, lies=True)


@pytest.mark.parametrize("workload", [pytest.param(SQLITE, id="sqlite"), pytest.param(POSTGRESQL, id="postgresql")])
def test_the_notes_say_what_the_files_hold(workload: Workload) -> None:
    with prepared(workload) as root:
        disk = Disk(root)
        for note in recorded(workload, root, 0, 60):
            disk.go_on(note)
        files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    # C's own buffers are not noted: PostgreSQL's journal of messages, and caches that it can do without.
    unnoted = {name for name in files if "pg_stat" in name or name.endswith(("log", "pg_internal.init", ".pid"))}
    noted = {name: content for name, content in disk.as_it_is().items() if name not in unnoted}
    assert noted.keys() == files.keys() - unnoted
    assert [name for name, content in noted.items() if content != files[name]] == []
    assert noted[TOLD].count(b"\n") >= 60


def test_what_was_not_synced_may_be_torn_lost_or_there(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "old").write_bytes(b"a" * 1024)
    inode = (root / "old").stat().st_ino
    disk = Disk(root)
    disk.go_on(Note(b"W", inode, 0, b"b" * 1024))
    seen = {disk.after_a_cut(random.Random(seed))["old"] for seed in range(100)}
    assert seen == {first * 512 + second * 512 for first in (b"a", b"b") for second in (b"a", b"b")}
    disk.go_on(Note(b"S", inode, 1, b""))
    disk.go_on(Note(b"W", inode, 1024, b"c"))
    disk.go_on(Note(b"F", inode, 1, b""))
    seen = {disk.after_a_cut(random.Random(seed))["old"] for seed in range(100)}
    assert seen == {b"b" * 1024, b"b" * 1024 + b"c"}


def test_a_new_name_that_was_not_synced_may_be_lost_and_its_content_too(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    disk = Disk(root)
    disk.go_on(Note(b"C", 7, 0, f"{root}/new".encode()))
    disk.go_on(Note(b"W", 7, 0, b"new"))
    seen = [disk.after_a_cut(random.Random(seed)) for seed in range(100)]
    assert all(files in ({}, {"new": b""}, {"new": b"new"}) for files in seen)
    assert {} in seen
    assert {"new": b""} in seen
    disk.go_on(Note(b"S", root.stat().st_ino, 1, b""))
    disk.go_on(Note(b"F", root.stat().st_ino, 1, b""))
    assert all("new" in disk.after_a_cut(random.Random(seed)) for seed in range(100))
