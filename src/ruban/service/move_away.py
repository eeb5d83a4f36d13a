"""Move a group to another machine, where its log goes on under the same origin: all in one file.

From before the file is written nothing is signed or taken in here any more, also after a new start: what came in later
would be lost, and what was signed later would make two records of one.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ruban.durable import sync_folder, write_durably
from ruban.errors import FormatError, Message, Refused
from ruban.record.canonical import encode, parse_strict
from ruban.service.backup import KEYS_FILE, Backup, back_up, back_up_keys, no_backup
from ruban.service.keeper import Keeper, one_at_a_time
from ruban.store.place import database_of

MOVED_FILE = "moved.json"
MAX_BYTES = 4096
MAX_KEYS_BYTES = 65_536


def moved_at(folder: Path) -> int | None:
    """When the group in a folder moved away, in Unix seconds; None where it is at home. FormatError."""
    path = folder / MOVED_FILE
    if not path.is_file():
        return None
    match parse_strict(MOVED_FILE, path.read_bytes(), max_bytes=MAX_BYTES, max_depth=1):
        case {"at": int(at), **rest} if not rest and type(at) is int and at >= 0:
            return at
    raise FormatError(MOVED_FILE, Message("a time"), Message("another"))


@one_at_a_time
def move_away(
    keeper: Keeper, folder: Path, out: Path, beside: Mapping[str, Callable[[Path], None]], now: int
) -> Backup:
    """Write the record, its keys and what lies `beside` it to `out` (0600), and end here; both, or neither.

    To be called right after a release, as `back_up`. Refused for a record in a database, and for one that has moved;
    StoreFrozen where more of it is known elsewhere.
    """
    if database_of(folder) is not None:
        raise Refused(
            "store",
            Message("a record in its folder"),
            Message("one in a database"),
            hint=Message(
                "Such a record stays where it is: start the server elsewhere with the folder's keys and database.json."
                " Or bring it into the folder first: ruban store move --to folder."
            ),
        )
    keeper.check_may_sign()
    write_durably(folder / MOVED_FILE, encode({"at": now}))
    keeper.moved = now
    try:
        return back_up(keeper, out, {**beside, KEYS_FILE: partial(back_up_keys, folder / "keys")})
    except BaseException:
        # Its folder may refuse to be synced after the file is there: a file that stays is a group that has left.
        out.unlink(missing_ok=True)
        _come_home(folder)
        keeper.moved = None
        raise


def come_home(keeper: Keeper, folder: Path, *, served: bool) -> None:
    """Undo a move that nobody has gone on from: whoever could have must have been asked. Refused if there was none.

    `served` says whether the group's own address answers, while nothing here does.
    """
    if keeper.moved is None:
        raise Refused("move", Message("a group that has moved away"), Message("one that is at home"))
    if served or keeper.frozen is not None:
        raise Refused(
            "move",
            Message("a move that nobody has gone on from"),
            Message("a group that another machine serves"),
            hint=Message("Leave it there; or move it out there, and in here, into an empty folder."),
        )
    _come_home(folder)
    keeper.moved = None


def keys_inside(moved: Path) -> BinaryIO:
    """The keys in the file of a move, as a file of `ruban backup --keys`. FormatError for a file without them."""
    with moved.open("rb") as opened:
        try:
            with zipfile.ZipFile(opened) as packed:
                if packed.getinfo(KEYS_FILE).file_size > MAX_KEYS_BYTES:
                    raise ValueError("too large")
                return io.BytesIO(packed.read(KEYS_FILE))
        # The boundary to zipfile; KeyError where the file has no keys.
        except (zipfile.BadZipFile, KeyError, EOFError, ValueError, RuntimeError, NotImplementedError) as wrong:
            raise no_backup() from wrong


def _come_home(folder: Path) -> None:
    (folder / MOVED_FILE).unlink(missing_ok=True)
    sync_folder(folder)
