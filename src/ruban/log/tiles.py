"""The tree and its entries as static files: tiles of 256 hashes and bundles of 256 entries (C2SP tlog-tiles).

Paths are relative to the log's prefix. Ruled by spec/log.md, section 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ruban.errors import FormatError, Message
from ruban.log.merkle import HASH_BYTES, MAX_SIZE_ENTRIES, HashReader, node_hash, root_of

TILE_HEIGHT_LEVELS = 8
TILE_WIDTH_COUNT = 1 << TILE_HEIGHT_LEVELS
MAX_LEVEL = 63
MAX_ENTRY_BYTES = 8192
MAX_BUNDLE_BYTES = TILE_WIDTH_COUNT * (2 + MAX_ENTRY_BYTES)

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class TilePath:
    """Where one tile or entry bundle lies: `level` None means entries; `width` 256 means it is full."""

    level: int | None
    index: int
    width: int = TILE_WIDTH_COUNT

    def __post_init__(self) -> None:
        if self.level is not None and not 0 <= self.level <= MAX_LEVEL:
            raise ValueError("a tile's level lies between 0 and 63")
        if not 0 <= self.index <= MAX_SIZE_ENTRIES // TILE_WIDTH_COUNT:
            raise ValueError("a tile's index lies between 0 and 2^55 − 1")
        if not 1 <= self.width <= TILE_WIDTH_COUNT:
            raise ValueError("a tile's width lies between 1 and 256")


def encode_path(path: TilePath) -> str:
    """`tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, N in groups of three digits, all but the last after `x`."""
    groups = [f"{path.index % 1000:03d}"]
    rest = path.index // 1000
    while rest:
        groups.insert(0, f"x{rest % 1000:03d}")
        rest //= 1000
    level = "entries" if path.level is None else str(path.level)
    suffix = "" if path.width == TILE_WIDTH_COUNT else f".p/{path.width}"
    return f"tile/{level}/{'/'.join(groups)}{suffix}"


def parse_path(text: str) -> TilePath:
    """The only TilePath that encodes to `text`; FormatError if there is none."""
    match = _PATH.match(text)
    if match:
        level, index, width = match.groups()
        try:
            path = TilePath(
                level=None if level == "entries" else int(level),
                index=int(index.replace("x", "").replace("/", "")),
                width=TILE_WIDTH_COUNT if width is None else int(width),
            )
        except ValueError:
            path = None
        # Re-encoding refuses what the pattern lets through: leading zero groups, a full tile written as partial.
        if path is not None and encode_path(path) == text:
            return path
    raise FormatError("tile path", Message("tile/<L or entries>/<N>[.p/<W>] as in tlog-tiles"), repr(text[:64]))


def paths_of(size: int, since: int = 0) -> Iterator[TilePath]:
    """Every tile and bundle, full and partial, of a tree of `size` leaves that one of `since` leaves did not have."""
    for level in [None, *range(MAX_LEVEL // TILE_HEIGHT_LEVELS + 1)]:
        shift = TILE_HEIGHT_LEVELS * (level or 0)
        width, old_width = size >> shift, since >> shift
        if width == old_width:
            continue
        for index in range(old_width // TILE_WIDTH_COUNT, -(-width // TILE_WIDTH_COUNT)):
            yield TilePath(level=level, index=index, width=min(TILE_WIDTH_COUNT, width - index * TILE_WIDTH_COUNT))


def tiles_of(leaf_hashes: Sequence[bytes]) -> Iterator[tuple[TilePath, bytes]]:
    """Every full and partial hash tile of the tree with these leaf hashes, level by level; none for an empty tree."""
    level, hashes = 0, leaf_hashes
    while hashes:
        above = []
        for index in range(-(-len(hashes) // TILE_WIDTH_COUNT)):
            part = hashes[index * TILE_WIDTH_COUNT : (index + 1) * TILE_WIDTH_COUNT]
            yield TilePath(level=level, index=index, width=len(part)), b"".join(part)
            # A partial tile has no hash at the level above.
            if len(part) == TILE_WIDTH_COUNT:
                above.append(root_of(part))
        level, hashes = level + 1, above


def bundles_of(entries: Sequence[bytes]) -> Iterator[tuple[TilePath, bytes]]:
    """Every full and partial entry bundle of a log with these entries."""
    for index in range(-(-len(entries) // TILE_WIDTH_COUNT)):
        part = entries[index * TILE_WIDTH_COUNT : (index + 1) * TILE_WIDTH_COUNT]
        yield TilePath(level=None, index=index, width=len(part)), encode_bundle(part)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Each entry after its length in two big-endian bytes; ValueError for more than 256 entries or a longer entry."""
    if not 1 <= len(entries) <= TILE_WIDTH_COUNT:
        raise ValueError("a bundle has 1 to 256 entries")
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise ValueError("an entry has at most 8192 bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def parse_bundle(data: bytes, width: int) -> list[bytes]:
    """The `width` entries of a bundle, in order; FormatError for fewer, more, longer ones or anything after them."""
    entries: list[bytes] = []
    position = 0
    # 4.1 Exactly as many entries as the path says, each with its length and of at most 8,192 bytes.
    for _ in range(width):
        start = position + 2
        size = int.from_bytes(data[position:start], "big")
        position = start + size
        if position > len(data):
            raise FormatError(
                "entry bundle", Message("{n} whole entries", n=width), Message("the end after {n}", n=len(entries))
            )
        if size > MAX_ENTRY_BYTES:
            raise FormatError("entry", Message("at most {n} bytes", n=MAX_ENTRY_BYTES), str(size))
        entries.append(data[start:position])
    # 4.2 Nothing follows.
    if position != len(data):
        raise FormatError("entry bundle", Message("nothing after {n} entries", n=width), Message("more bytes"))
    return entries


def parse_tile(data: bytes, width: int) -> list[bytes]:
    """The `width` hashes of a tile; FormatError if its length is not 32 × width."""
    # 4.3 A tile is nothing but its hashes.
    if len(data) != width * HASH_BYTES:
        raise FormatError("tile", Message("{n} bytes", n=width * HASH_BYTES), Message("{n} bytes", n=len(data)))
    return [data[i : i + HASH_BYTES] for i in range(0, len(data), HASH_BYTES)]


def hashes_in_tiles(fetch: Callable[[TilePath], bytes], size: int) -> HashReader:
    """A reader of the tree of `size` leaves over its tiles, `fetch` being asked for each as often as it is needed.

    What it reads is not authenticated: a proof made from it must be verified against a signed root.
    """

    def read(level: int, index: int) -> bytes:
        tile_level, height = divmod(level, TILE_HEIGHT_LEVELS)
        start = index << height
        tile_index, offset = divmod(start, TILE_WIDTH_COUNT)
        width = min(TILE_WIDTH_COUNT, (size >> tile_level * TILE_HEIGHT_LEVELS) - tile_index * TILE_WIDTH_COUNT)
        path = TilePath(level=tile_level, index=tile_index, width=width)
        hashes = parse_tile(fetch(path), width)[offset : offset + (1 << height)]
        if len(hashes) != 1 << height:
            raise ValueError("this subtree is not complete in a tree of that size")
        while len(hashes) > 1:
            hashes = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, len(hashes), 2)]
        return hashes[0]

    return read
