"""Back up a record, and put it back: its tables in files of their own, whatever database keeps them, never its keys.

A backup has what the server has at one moment, in the order of keys: it tells no order in which anything came.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from ruban.durable import write_durably
from ruban.errors import FormatError, Message, Refused, StoreError
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.desk import Invitation
from ruban.store.keys import decode_keys, encode_keys, has_keys, load_keys, save_keys
from ruban.store.move import Movable, copy
from ruban.store.place import database_of, has_record
from ruban.store.posix import FolderLock, make_private_folder
from ruban.store.sqlite import DESK_FILE, LOCK_FILE, LOG_FILE, OPENINGS_FILE, SqliteStore, set_aside
from ruban.store.sqlite_desk import SqliteDesk

RECORD_FILES = (LOG_FILE, OPENINGS_FILE, DESK_FILE)
KEYS_FILE = "keys.zip"
"""What the file of a move has besides a backup."""
MAX_FILE_BYTES = 64 * 1024**3
_WORK = ".ruban-backup-"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    entries: int
    waiting: int


@one_at_a_time
def back_up(keeper: Keeper, out: Path, beside: Mapping[str, Callable[[Path], None]]) -> Backup:
    """Write the record, its invitations and what lies `beside` it to `out` (0600), whole or not at all.

    `beside` has by name what writes a copy to the path that it is given, or nothing where there is none.

    To be called right after a release: what came in since would tell when. Nobody can write meanwhile. OSError, as it
    comes, where the disk refuses.
    """
    store: Movable = keeper.store  # type: ignore[assignment]  # what is opened from a folder can be moved
    with _work_folder(out.parent) as work:
        with store.held(), SqliteStore.create(work / "record", min_free_bytes=0) as target:
            found = Backup(keeper.tree.size, len(keeper.store.pending()))
            copy(store, target, lambda _: None)
            invitations = keeper.desk.invitations()
        _keep_invitations(work / "record" / DESK_FILE, invitations)
        names = {name: work / "record" / name for name in RECORD_FILES}
        for name, write_copy in beside.items():
            write_copy(work / name)
            if (work / name).exists():
                names[name] = work / name

        def write(file: BinaryIO) -> None:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
                for name, path in names.items():
                    with packed.open(zipfile.ZipInfo(name, _FIXED_TIME), "w", force_zip64=True) as entry:
                        _copy_file(path, entry)

        write_durably(out, write)
    return found


def put_back(backup: Path, folder: Path, beside: Mapping[str, Path]) -> str | None:
    """Unpack a backup into a group's folder; a record that is there is set aside first, and the name of that returned.

    FormatError for a file that is no backup, StoreLocked while a server has the record, Refused where it lies in a
    database: nothing has changed then. What was put back is checked by whoever opens it.
    """
    if database_of(folder) is not None:
        raise Refused(
            "store",
            Message("a record in its folder"),
            Message("one in a database"),
            hint=Message("Set database.json aside and restore into the folder; then ruban store move."),
        )
    with _work_folder(folder.parent) as work:
        try:
            with zipfile.ZipFile(backup) as packed:
                # The keys are put back apart, and first.
                names = [name for name in packed.namelist() if name != KEYS_FILE]
                if not set(RECORD_FILES) <= set(names) <= {*RECORD_FILES, *beside} or len(set(names)) != len(names):
                    raise no_backup()
                for name in names:
                    with packed.open(name) as source, (work / name).open("xb") as target:
                        _copy_at_most(source, target)
        # The boundary to zipfile and zlib, which raise much on a damaged file.
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as wrong:
            raise no_backup() from wrong
        make_private_folder(folder)
        with FolderLock(folder / LOCK_FILE):
            aside = set_aside(folder) if has_record(folder) else None
            # The log last: a folder with it has the rest.
            for name in (*beside, DESK_FILE, OPENINGS_FILE, LOG_FILE):
                unpacked, place = work / name, beside.get(name, folder / name)
                if unpacked.exists():
                    write_durably(place, partial(_copy_file, unpacked))
    return aside


def back_up_keys(folder: Path, out: Path) -> None:
    """Write the keys in a folder of keys to `out` (0600). What they have signed last stays: it must not go back."""
    keys = encode_keys(load_keys(folder))

    def write(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w") as packed:
            for name, content in keys.items():
                packed.writestr(zipfile.ZipInfo(name, _FIXED_TIME), content)

    write_durably(out, write)


def put_keys_back(backup: Path | BinaryIO, folder: Path) -> None:
    """Unpack keys into a folder that has none, or these; StoreError if it has others, FormatError for no whole set."""
    try:
        with zipfile.ZipFile(backup) as packed:
            found = {name: packed.read(name) for name in packed.namelist() if packed.getinfo(name).file_size < 200}
        keys = decode_keys(found)
    # The boundary to zipfile, as above; and StoreError where one is missing or malformed.
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError, StoreError) as wrong:
        raise no_backup() from wrong
    if not has_keys(folder):
        save_keys(folder, keys)
    elif load_keys(folder) != keys:
        raise StoreError("key folder", Message("one without keys"), Message("other keys"))


def no_backup() -> FormatError:
    """For a file that is not one of ours, or not whole."""
    return FormatError(
        "backup",
        Message("a whole file that ruban backup has written"),
        Message("another"),
        hint=Message("Nothing has changed. Try an older backup, and then ruban log adopt for what is missing."),
    )


def _copy_file(source: Path, target: IO[bytes]) -> None:
    with source.open("rb") as opened:
        shutil.copyfileobj(opened, target)


def _copy_at_most(source: IO[bytes], target: BinaryIO) -> None:
    left = MAX_FILE_BYTES
    while chunk := source.read(1 << 20):
        left -= len(chunk)
        if left < 0:
            raise ValueError("too large")
        target.write(chunk)


def _keep_invitations(path: Path, invitations: list[Invitation]) -> None:
    desk = SqliteDesk(path)
    try:
        desk.add_invitations(invitations)
    finally:
        desk.close()


@contextmanager
def _work_folder(where: Path) -> Iterator[Path]:
    """A folder for its owner alone; what a process that was killed left of one is removed."""
    for left in where.glob(f"{_WORK}*"):
        shutil.rmtree(left)
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix=_WORK, dir=where))
        yield Path(name)
