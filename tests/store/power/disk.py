"""What a disk may hold when the power fails: derived from the notes of `disk_recorder.c`, as a folder of files.

What was synced is there. Of what was not, each sector of 512 bytes may be the old one or the new one, each change of a
size may have happened or not, and names that were not synced appear in order up to some moment. A sync of a file makes
the name under which it was made or put durable as well, as ext4, XFS and Btrfs do.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR_BYTES = 512
_HEAD = struct.Struct("<IcQQ")


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the recorder; see there for the kinds."""

    kind: bytes
    inode: int
    number: int
    payload: bytes


def notes_in(log: bytes) -> list[Note]:
    """The notes in order; a last one that was cut short is left out."""
    found, at = [], 0
    while at + _HEAD.size <= len(log):
        length, kind, inode, number = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        if at + length > len(log):
            break
        found.append(Note(kind, inode, number, log[at : at + length]))
        at += length
    return found


@dataclass(slots=True)
class _File:
    durable: bytes = b""
    waiting: list[tuple[int, Note]] = field(default_factory=list)
    """What was written since, each with the moment."""

    @property
    def written(self) -> list[Note]:
        return [note for _, note in self.waiting]


@dataclass(frozen=True, slots=True)
class _Name:
    """A change of names that may not be durable yet."""

    moment: int
    inode: int
    taken: str | None
    given: str | None

    @property
    def folders(self) -> set[str]:
        return {path.rpartition("/")[0] for path in (self.taken, self.given) if path is not None}


class Disk:
    """The files under `root`, durable as they are now, and then as the notes go on."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._files: dict[int, _File] = {}
        self._names: dict[str, int] = {}
        self._folders: dict[int, str] = {root.stat().st_ino: self._root}
        self._waiting_names: list[_Name] = []
        self._began: dict[tuple[int, int], int] = {}
        self._moment = 0
        for path in root.rglob("*"):
            if path.is_dir():
                self._folders[path.stat().st_ino] = str(path)
            elif path.is_file():
                inode = path.stat().st_ino
                self._files[inode] = _File(path.read_bytes())
                self._names[str(path)] = inode

    def go_on(self, note: Note) -> None:
        """Take up what the note says."""
        self._moment += 1
        match note.kind:
            case b"W" | b"T":
                self._files.setdefault(note.inode, _File()).waiting.append((self._moment, note))
            case b"C":
                # An inode that the system has used again is a new file.
                self._files[note.inode] = _File()
                self._waiting_names.append(_Name(self._moment, note.inode, None, note.payload.decode()))
            case b"M":
                self._folders[note.inode] = note.payload.decode()
            case b"R":
                # Files that C's own buffers write (PostgreSQL's caches) are noted by their names alone.
                self._files.setdefault(note.inode, _File())
                old, _, new = note.payload.decode().partition("\0")
                self._waiting_names.append(_Name(self._moment, note.inode, old, new))
            case b"U":
                self._waiting_names.append(_Name(self._moment, 0, note.payload.decode(), None))
            case b"S":
                self._began[note.number, note.inode] = self._moment
            case b"F":
                self._synced(note.inode, self._began.pop((note.number, note.inode)))
            case _:
                raise AssertionError(note)

    def _synced(self, inode: int, began: int) -> None:
        """What was there when a sync began is durable once it has ended."""
        file = self._files.get(inode, _File())
        file.durable = _after(file.durable, [note for moment, note in file.waiting if moment < began])
        file.waiting = [(moment, note) for moment, note in file.waiting if moment > began]
        folder, still = self._folders.get(inode), []
        for name in self._waiting_names:
            if name.moment < began and (name.inode == inode or folder in name.folders):
                _rename(self._names, name)
            else:
                still.append(name)
        self._waiting_names = still

    @property
    def folders(self) -> list[str]:
        """The folders, by path below the root; those that are made are taken for durable."""
        return [path[len(self._root) + 1 :] for path in self._folders.values()]

    def as_it_is(self) -> dict[str, bytes]:
        """The files as a process sees them, by path below the root: everything written, durable or not."""
        names = dict(self._names)
        for name in self._waiting_names:
            _rename(names, name)
        return {
            path[len(self._root) + 1 :]: _after(self._files[inode].durable, self._files[inode].written)
            for path, inode in names.items()
        }

    def after_a_cut(self, draw: random.Random) -> dict[str, bytes]:
        """One of the many ways in which the files may look when the power fails now, by path below the root."""
        names = dict(self._names)
        for name in self._waiting_names[: draw.randrange(len(self._waiting_names) + 1)]:
            _rename(names, name)
        keeps = draw.choice([_nothing, _everything, _scattered, _in_order])
        return {
            path[len(self._root) + 1 :]: _after(self._files[inode].durable, keeps(self._files[inode].written, draw))
            for path, inode in names.items()
        }


def _rename(names: dict[str, int], name: _Name) -> None:
    if name.taken is not None:
        names.pop(name.taken, None)
    if name.given is not None:
        names[name.given] = name.inode


def _after(content: bytes, notes: list[Note]) -> bytes:
    if not notes:
        return content
    changed = bytearray(content)
    for note in notes:
        if note.kind == b"T":
            del changed[note.number :]
            changed.extend(bytes(note.number - len(changed)))
        else:
            changed.extend(bytes(max(0, note.number - len(changed))))
            changed[note.number : note.number + len(note.payload)] = note.payload
    return bytes(changed)


def _nothing(waiting: list[Note], draw: random.Random) -> list[Note]:
    return []


def _everything(waiting: list[Note], draw: random.Random) -> list[Note]:
    return waiting


def _scattered(waiting: list[Note], draw: random.Random) -> list[Note]:
    """Each sector for itself."""
    share = draw.random()
    return [part for note in waiting for part in _sectors(note) if draw.random() < share]


def _in_order(waiting: list[Note], draw: random.Random) -> list[Note]:
    """Up to the middle of one write, whose later sectors are the old ones."""
    parts = [part for note in waiting for part in _sectors(note)]
    return parts[: draw.randrange(len(parts) + 1)]


def _sectors(note: Note) -> Iterator[Note]:
    if note.kind == b"T":
        yield note
        return
    at = 0
    while at < len(note.payload):
        # Sectors lie at fixed places of a file, wherever a write begins.
        end = at + SECTOR_BYTES - (note.number + at) % SECTOR_BYTES
        yield Note(b"W", note.inode, note.number + at, note.payload[at:end])
        at = end


def write_to(root: Path, folders: Iterable[str], files: dict[str, bytes]) -> None:
    """Make the folders and the files under `root`."""
    for name in folders:
        (root / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        path.write_bytes(content)
        path.chmod(0o600)
