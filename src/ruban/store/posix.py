"""Durable writes and the lock of a folder.

What remains at risk: a disk that reports as written what is not; and network file systems, where neither `flock` nor
`fsync` means what it says here.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ruban.errors import Message, StoreLocked


def make_private_folder(path: Path) -> None:
    """Create `path`, and what is missing above it, for its owner alone (0700), with durable names; an old one stays."""
    if path.is_dir():
        return
    make_private_folder(path.parent)
    path.mkdir(mode=0o700)
    sync_folder(path.parent)


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` by `data` (0600): after a crash it has the old content or the new, never a part, never neither."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        # Before the rename: else the new name may survive a crash without its content.
        os.fsync(file.fileno())
    os.rename(temporary, path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FolderLock:
    """Held from construction to `release`, or until the process ends; StoreLocked if anybody holds it already."""

    __slots__ = ("_descriptor",)

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise StoreLocked(
                "store",
                Message("one that no other process holds"),
                Message("a lock"),
                hint=Message("stop the other process, or let it do this"),
            ) from None

    def release(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)
