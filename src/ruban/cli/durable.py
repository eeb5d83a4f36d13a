"""Files written whole or not at all: a temporary one beside it, synced, then put in its place."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from ruban.cli.boundary import WrongUse
from ruban.errors import Message

PRIVATE = 0o600
"""For what shows who made it."""
PUBLIC = 0o644


def refuse_to_overwrite(path: str, force: bool) -> None:
    """WrongUse if the file is there and `force` does not say to replace it."""
    if Path(path).exists() and not force:
        raise WrongUse(
            Message("{path} is already there.", path=path),
            hint=Message("Choose another name, or add --force to replace it."),
        )


def write_durably(path: str, mode: int, write: Callable[[BinaryIO], object]) -> None:
    """Make the file at `path` of what `write` writes; on any error the old file, or none, is still there."""
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target.parent))
    # mkstemp makes it readable by its owner alone, before anything stands in it.
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            os.chmod(name, mode)
        os.replace(name, target)
    finally:
        # Nothing of that name is left if it has taken its place.
        Path(name).unlink(missing_ok=True)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its rename is already journalled.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
