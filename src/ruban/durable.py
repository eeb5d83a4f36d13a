"""Files written whole or not at all: a temporary one beside it, synced, then put in its place, and its name synced.

What remains at risk: a disk that reports as written what is not, and network file systems, where `fsync` may not mean
what it says here.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600
"""For what is secret, or shows who made it."""
PUBLIC = 0o644


def write_durably(path: Path, content: bytes | Callable[[BinaryIO], object], mode: int = PRIVATE) -> None:
    """Replace `path` by `content`, or by what it writes: after an error or a crash it has the old content or the new.

    FileNotFoundError without its folder; other errors of the disk as they come, with nothing left behind.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    # mkstemp makes it readable by its owner alone, before anything stands in it.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
            file.flush()
            # Before the rename: else the new name may survive a crash without its content.
            os.fsync(file.fileno())
        if os.name == "posix":
            os.chmod(name, mode)
        os.replace(name, path)
    finally:
        # Nothing of that name is left if it has taken its place.
        Path(name).unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    # Windows cannot open a folder; its rename is already journalled.
    if os.name == "posix":
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
