"""The tiles of a tree that grows a leaf at a time: each can be compared once it is full, and is then forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from ruban.log.merkle import root_of
from ruban.log.tiles import TILE_WIDTH_COUNT, TilePath


class GrowingTiles:
    """At most 255 hashes a level are kept."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = []
        self._full: list[int] = []

    def add(self, leaf: bytes) -> Iterator[tuple[TilePath, bytes]]:
        """Add a leaf's hash; yield the tiles that it has filled."""
        level, value = 0, leaf
        while True:
            if level == len(self._levels):
                self._levels.append([])
                self._full.append(0)
            hashes = self._levels[level]
            hashes.append(value)
            if len(hashes) < TILE_WIDTH_COUNT:
                return
            yield TilePath(level=level, index=self._full[level]), b"".join(hashes)
            value = root_of(hashes)
            hashes.clear()
            self._full[level] += 1
            level += 1

    def partial(self) -> Iterator[tuple[TilePath, bytes]]:
        """The tiles on the right edge that are not full."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                yield TilePath(level=level, index=self._full[level], width=len(hashes)), b"".join(hashes)
