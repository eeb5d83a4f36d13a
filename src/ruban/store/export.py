"""The files of a published record, made from the store as they are asked for. What is derived can be made again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ruban.errors import FetchFailed, FormatError, Message
from ruban.log.merkle import leaf_hash
from ruban.log.tiles import TILE_WIDTH_COUNT, bundles_of, encode_path, tiles_of
from ruban.published import CHECKPOINT, POLICY, SETTINGS, Settings, encode_settings, payloads_path
from ruban.record.commitment import Opening, encode_opening


def published_files(
    leaves: list[bytes],
    note: bytes,
    settings: Settings,
    openings: Iterable[tuple[int, Opening]],
    policy: bytes | None = None,
) -> Mapping[str, bytes]:
    """Every file of the record by path. `openings` come with the index of the entry that bears their commitment."""
    files = {CHECKPOINT: note, SETTINGS: encode_settings(settings)} | ({} if policy is None else {POLICY: policy})
    lines: dict[int, list[bytes]] = defaultdict(list)
    for index, opening in sorted(openings, key=lambda pair: pair[1].commitment):
        lines[index // TILE_WIDTH_COUNT].append(encode_opening(opening) + b"\n")
    for path, data in tiles_of([leaf_hash(leaf) for leaf in leaves]):
        files[encode_path(path)] = data
    for path, data in bundles_of(leaves):
        files[encode_path(path)] = data
        files[payloads_path(path.index)] = b"".join(lines[path.index])
    return files


class PublishedStore:
    """A published record in memory, for those who read records by path."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def names(self) -> list[str]:
        """The paths of its files."""
        return list(self._files)

    def read(self, path: str, max_bytes: int) -> bytes:
        """The file's bytes; FetchFailed if there is none, FormatError if it is longer than `max_bytes`."""
        if path not in self._files:
            raise FetchFailed(path, Message("a file of the record"), Message("none"))
        if len(self._files[path]) > max_bytes:
            raise FormatError(path, Message("at most {n} bytes", n=max_bytes), Message("more"))
        return self._files[path]
