"""Private folders, and the lock of a folder. On network file systems `flock` does not mean what it says here."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from ruban.durable import sync_folder
from ruban.errors import Message, StoreError, StoreLocked


def make_private_folder(path: Path) -> None:
    """Create `path`, and what is missing above it, for its owner alone (0700), with durable names; an old one stays."""
    if path.is_dir():
        return
    make_private_folder(path.parent)
    path.mkdir(mode=0o700)
    sync_folder(path.parent)


class FolderLock:
    """Held from construction to `release`, or until the process ends.

    StoreLocked if anybody holds it already, StoreError if nothing can be written in the folder.
    """

    __slots__ = ("_descriptor",)

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(
                "folder",
                Message("one that can be written to"),
                error.strerror or type(error).__name__,
                hint=Message("Look at whose it is, and whether its disk went read-only: a failing one often does."),
            ) from error
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

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let go of it."""
        os.close(self._descriptor)
