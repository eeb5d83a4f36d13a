"""The high-water mark: the newest checkpoint that this group's keys have signed, kept beside the keys.

A copy of a record that was put back from a backup is whole and signed, and too short: whoever signed on from there
would fork the log. The mark lies elsewhere than the record, so that it does not go back with it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from ruban.durable import write_durably
from ruban.errors import FormatError, Message, StoreCorrupt
from ruban.log.checkpoint import Checkpoint, parse_checkpoint
from ruban.log.note import parse_note
from ruban.log.tiles import MAX_ENTRY_BYTES

FILE = "high-water.note"


class HighWater:
    """The mark in a folder of keys. One process raises it, or several that each have their own copy of the keys."""

    __slots__ = ("_path",)

    def __init__(self, keys: Path) -> None:
        self._path = keys / FILE

    def read(self) -> Checkpoint | None:
        """The checkpoint that it bears; None before there is one. StoreCorrupt for a file that is none."""
        if not self._path.exists():
            return None
        with self._path.open("rb") as file:
            data = file.read(MAX_ENTRY_BYTES)
        try:
            return parse_checkpoint(parse_note(data).text)
        except FormatError as error:
            raise StoreCorrupt(
                FILE,
                Message("a checkpoint"),
                str(error),
                hint=Message("Compare the record with your newest bundle; if it is as long, delete the file."),
            ) from None

    def raise_to(self, size: int, note: bytes) -> None:
        """Keep the note of a log of `size`, which is durable by now, unless the mark is as high.

        A disk that refuses costs nothing that was acknowledged: the mark stays lower, and the next release raises it.
        """
        with contextlib.suppress(OSError, StoreCorrupt):
            before = self.read()
            if before is None or before.size < size:
                write_durably(self._path, note)
