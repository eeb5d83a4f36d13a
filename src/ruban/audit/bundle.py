"""Copy a record, wherever it is, into one zip that anybody can recount offline."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from ruban.audit.archive import MAX_FILES
from ruban.audit.fetch import Source
from ruban.errors import FetchFailed, FormatError, Message
from ruban.log.checkpoint import open_checkpoint
from ruban.log.policy import MAX_POLICY_BYTES
from ruban.published import CHECKPOINT, MAX_CHECKPOINT_BYTES, POLICY, SETTINGS, parse_settings, published_paths
from ruban.published import MAX_SETTINGS_BYTES as _MAX_SETTINGS

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""Nothing in a bundle says when it was made but its checkpoint."""


def write_bundle(source: Source, out: BinaryIO, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write the record of `source` to `out` as a zip and return how many entries it holds.

    The same record gives the same bytes. Errors as those of `source`; CheckpointInvalid if its checkpoint is not signed
    by the key it names; FormatError if it is too large for a bundle; FetchFailed if the record grew meanwhile.
    """
    settings = parse_settings(source.read(SETTINGS, _MAX_SETTINGS))
    note = source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
    size = open_checkpoint(note, settings.origin, settings.log_key).size
    paths: list[tuple[str, int]] = []
    for found in published_paths(size):
        paths.append(found)
        # Counted as they come: a checkpoint may claim any size.
        if len(paths) >= MAX_FILES:
            raise FormatError("bundle", Message("at most {n} files", n=MAX_FILES), Message("more"))
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=False) as file:
            _add(file, CHECKPOINT, note)
            with suppress(FetchFailed):
                _add(file, POLICY, source.read(POLICY, MAX_POLICY_BYTES))
            for done, (path, most) in enumerate(paths):
                _add(file, path, source.read(path, most))
                progress(done + 1, len(paths))
    except zipfile.LargeZipFile as wrong:
        raise FormatError("bundle", Message("less than 2 GiB"), Message("more")) from wrong
    # Openings are published for the newest checkpoint: with an older one they would not fit.
    if source.read(CHECKPOINT, MAX_CHECKPOINT_BYTES) != note:
        raise FetchFailed(
            CHECKPOINT,
            Message("the same before and after"),
            Message("another"),
            hint=Message("The record has grown meanwhile; try again."),
        )
    return size


def _add(file: zipfile.ZipFile, path: str, data: bytes) -> None:
    info = zipfile.ZipInfo(path, _FIXED_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    file.writestr(info, data)
