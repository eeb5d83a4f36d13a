"""Processes that submit and release, and what a power cut at a drawn moment leaves of their files.

One run gives many cuts: each takes the notes up to some moment, makes the files that a disk may hold then, and starts
on them. The next run goes on from one of these, so that cuts fall into starts after a cut as well.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruban.log.merkle import Tree
from ruban.store.ports import LogStore
from ruban.store.postgres import PostgresStore
from tests.postgres_server import running
from tests.store.group_log import make, reopen
from tests.store.kills import A_MILLION, ROOT, check
from tests.store.power.disk import Disk, Note, notes_in, write_to

RECORDER = Path(__file__).with_name("disk_recorder.c")
TOLD = "told"
"""The file under the root that a submitter tells in: what it says there stands in order with what it writes."""
FEWEST_LINES = 40
"""Lines that are told before a run ends, at least."""

Environment = dict[str, str]


def compiler() -> str | None:
    """The C compiler that makes the recorder; None if there is none."""
    return shutil.which("cc")


@dataclass(frozen=True)
class Workload:
    """How one kind of store is worked on under a root, recorded, and how it is opened there afterwards."""

    prepare: Callable[[Path], None]
    """Make an empty store under the root, not recorded."""
    work: Callable[[Path, Environment, int, int], None]
    """Under the root, with this environment, from this number on, until so many lines were told."""
    opened: Callable[[Path], contextlib.AbstractContextManager[LogStore]]


def _submit(root: Path, place: str, environment: Environment, first: int, lines: int) -> None:
    told = root / TOLD
    with told.open("ab") as out:
        command = [sys.executable, "-m", "tests.store.submitter", place, str(first)]
        with subprocess.Popen(command, cwd=ROOT, stdout=out, env=os.environ | environment) as process:
            before = told.stat().st_size
            while told.read_bytes()[before:].count(b"\n") < lines:
                assert process.poll() is None, "the submitter has ended"
            process.kill()


def _prepare_folder(root: Path) -> None:
    make(root / "group").close()


def _work_in_folder(root: Path, environment: Environment, first: int, lines: int) -> None:
    _submit(root, str(root / "group"), environment, first, lines)


@contextlib.contextmanager
def _opened_folder(root: Path) -> Iterator[LogStore]:
    yield reopen(root / "group")


SETTINGS = {"full_page_writes": "on", "fsync": "on", "max_wal_size": "32MB", "checkpoint_timeout": "30s"}
"""Checkpoints often, so that cuts fall into them."""


def _prepare_database(root: Path) -> None:
    with running(root, SETTINGS) as server:
        PostgresStore.create(server.address, "cuts").close()


def _work_in_database(root: Path, environment: Environment, first: int, lines: int) -> None:
    with running(root, SETTINGS, environment) as server:
        _submit(root, f"{server.address}#cuts", environment, first, lines)
        server.cut_off()


@contextlib.contextmanager
def _opened_database(root: Path) -> Iterator[LogStore]:
    with running(root, {"recovery_init_sync_method": "syncfs"}) as server:
        yield PostgresStore.open(server.address, "cuts")


SQLITE = Workload(_prepare_folder, _work_in_folder, _opened_folder)
POSTGRESQL = Workload(_prepare_database, _work_in_database, _opened_database)


@dataclass(slots=True)
class Found:
    """What was looked at."""

    cuts: int = 0
    acknowledged: int = 0
    """How many acknowledgements were looked for, over all cuts."""
    checkpoints: int = 0


def cut_again_and_again(workload: Workload, runs: int, cuts_in_a_run: int, seed: int, *, lies: bool = False) -> Found:
    """Runs, and after each so many cuts at drawn moments; AssertionError or a start's error if anything is lost.

    A disk that `lies` says that it has synced, and has not.
    """
    draw, found = random.Random(seed), Found()
    with prepared(workload) as root:
        folder = root.parent
        for run in range(runs):
            disk, notes = Disk(root), recorded(workload, root, run * A_MILLION, draw.randrange(FEWEST_LINES, 400))
            if lies:
                notes = [note for note in notes if note.kind not in (b"S", b"F")]
            moments = sorted(draw.sample(range(1, len(notes) + 1), cuts_in_a_run))
            left, at = root, 0
            for number, moment in enumerate(moments):
                for note in notes[at:moment]:
                    disk.go_on(note)
                at = moment
                left = folder / f"{run + 1}-{number}"
                left.mkdir()
                # What a reader was told was told, whether the reader's machine went on or not.
                written = disk.as_it_is()
                write_to(left, disk.folders, disk.after_a_cut(draw) | {TOLD: written.get(TOLD, b"")})
                _give(left, root.stat())
                _look(workload, left, found)
                if number + 1 < len(moments):
                    shutil.rmtree(left)
            shutil.rmtree(root)
            root = left
    return found


@contextlib.contextmanager
def prepared(workload: Workload) -> Iterator[Path]:
    """A root with an empty store, in a folder of its own that the user PostgreSQL runs as can enter."""
    with tempfile.TemporaryDirectory(prefix="ruban-power-") as name:
        Path(name).chmod(0o755)
        root = Path(name) / "0"
        root.mkdir()
        (root / TOLD).touch()
        workload.prepare(root)
        yield root


def recorded(workload: Workload, root: Path, first: int, lines: int) -> list[Note]:
    """What the workload did to the files under the root, until it was ended in the middle of it."""
    library, log = root.parent / "recorder.so", root.parent / "log"
    if not library.exists():
        cc = compiler()
        assert cc is not None, "no C compiler"
        subprocess.run([cc, "-O2", "-shared", "-fPIC", "-o", library, RECORDER, "-ldl"], check=True)
    log.write_bytes(b"")
    log.chmod(0o666)
    environment = {"LD_PRELOAD": str(library), "RUBAN_DISK_LOG": str(log), "RUBAN_DISK_ROOT": str(root)}
    workload.work(root, environment, first, lines)
    return notes_in(log.read_bytes())


def _give(folder: Path, owner: os.stat_result) -> None:
    """To the owner of the folder that it stands for: PostgreSQL does not run as root."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


def _look(workload: Workload, root: Path, found: Found) -> None:
    """Everything that was told is there, and every checkpoint that was told is a beginning of the log."""
    lines = (root / TOLD).read_bytes().split(b"\n")[:-1]
    acknowledged = [int(line) for line in lines if line.isdigit()]
    heads = [line.split(b" ")[1:] for line in lines if line.startswith(b"head ")]
    with workload.opened(root) as store:
        tree = Tree()
        leaves, size = store.leaf_hashes(), 0
        assert store.head().size >= max((int(told_size) for told_size, _ in heads), default=0)
        for told_size, told_root in heads:
            while size < int(told_size):
                tree.append(next(leaves))
                size += 1
            assert tree.root().hex() == told_root.decode()
        check(store, acknowledged)
    found.cuts += 1
    found.acknowledged += len(acknowledged)
    found.checkpoints += len(heads)
