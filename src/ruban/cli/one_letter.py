"""A record with the openings of one letter only: its texts, its names, and the group's own.

Leaves stay all of them, so every letter is still counted; `ruban.json` says whose openings are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ruban.audit.fetch import Source
from ruban.errors import FormatError, Message, Refused
from ruban.log.checkpoint import open_checkpoint
from ruban.log.tiles import MAX_BUNDLE_BYTES, encode_path, parse_bundle
from ruban.published import (
    CHECKPOINT,
    MAX_CHECKPOINT_BYTES,
    MAX_SETTINGS_BYTES,
    SETTINGS,
    bundle_paths,
    encode_settings,
    parse_settings,
)
from ruban.record.commitment import parse_opening
from ruban.record.replay import replay
from ruban.record.state import State


def replayed(source: Source, progress: Callable[[int, int], None] = lambda done, total: None) -> State:
    """The state that the record ends in, its proofs not judged. Errors as those of `source`."""
    settings = parse_settings(source.read(SETTINGS, MAX_SETTINGS_BYTES))
    note = source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
    size = open_checkpoint(note, settings.origin, settings.log_key).size
    state = State()
    for path in bundle_paths(size):
        replay(state, parse_bundle(source.read(encode_path(path), MAX_BUNDLE_BYTES), path.width))
        progress(state.size, size)
    return state


class OneLetter:
    """A Source that is another one, less the openings that this letter does not need."""

    def __init__(self, source: Source, state: State, letter: bytes) -> None:
        """Refused if `source` does not have this letter's openings itself."""
        self._source = source
        self._needed = state.required_openings(letter)
        settings = parse_settings(source.read(SETTINGS, MAX_SETTINGS_BYTES))
        if settings.openings is not None and letter not in settings.openings:
            raise Refused(
                "letter",
                Message("one whose texts and names are in the source"),
                letter.hex(),
                hint=Message("Take the bundle from where the whole record is."),
            )
        self._settings = encode_settings(replace(settings, openings=(letter,)))

    def read(self, path: str, max_bytes: int) -> bytes:
        """The file, `ruban.json` and payloads as this letter has them; errors as the source's and `parse_opening`'s."""
        if path == SETTINGS:
            return self._settings
        data = self._source.read(path, max_bytes)
        if not path.startswith("payloads/"):
            return data
        lines = data.split(b"\n")
        if lines.pop() != b"":
            raise FormatError(path, Message("a line feed at the end"), Message("none"))
        return b"".join(line + b"\n" for line in lines if parse_opening(line).commitment in self._needed)
