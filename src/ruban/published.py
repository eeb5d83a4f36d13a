"""Which files a published record is made of, and how large each may be (spec/record.md, 6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruban.errors import FormatError, Message
from ruban.log.tiles import (
    MAX_BUNDLE_BYTES,
    TILE_WIDTH_COUNT,
    TilePath,
    encode_path,
    parse_path,
    paths_of,
)
from ruban.record.canonical import encode, parse_canonical
from ruban.record.commitment import MAX_PAYLOAD_BYTES
from ruban.record.schema import Hex, Int, ListOf, Nullable, Object, Text

CHECKPOINT = "checkpoint"
SETTINGS = "ruban.json"
POLICY = "policy"
"""Which witnesses the publisher asks, and how many must answer (spec/log.md, 10); there if it asks any."""
MAX_CHECKPOINT_BYTES = 65_536
MAX_SETTINGS_BYTES = 65_536
MAX_TILE_BYTES = 32 * TILE_WIDTH_COUNT
MAX_OPENING_BYTES = 2 * MAX_PAYLOAD_BYTES + 256
MAX_PAYLOADS_BYTES = 64 * 1024 * 1024
FORMAT = 1

_PAYLOADS = re.compile(r"payloads/((?:x[0-9]{3}/)*[0-9]{3})\Z")

_SETTINGS = Object(
    {
        "format": (Int(FORMAT, FORMAT), "version of this layout"),
        "origin": (Text(240), "the log's name"),
        "log_key": (Hex(32), "Ed25519 key of checkpoints"),
        "receipt_key": (Hex(32), "Ed25519 key of promises"),
        "openings": (Nullable(ListOf(Hex(32), 0, 96, unique=True)), "letters whose openings are here; null for all"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`ruban.json`: what the record says of itself, so that a reader knows where to begin. The entries decide."""

    origin: str
    log_key: bytes
    receipt_key: bytes
    openings: tuple[bytes, ...] | None = None


def encode_settings(settings: Settings) -> bytes:
    """The file's bytes."""
    chosen = None if settings.openings is None else [letter.hex() for letter in settings.openings]
    return encode(
        {
            "format": FORMAT,
            "origin": settings.origin,
            "log_key": settings.log_key.hex(),
            "receipt_key": settings.receipt_key.hex(),
            "openings": chosen,
        }
    )


def parse_settings(data: bytes) -> Settings:
    """What canonical `ruban.json` says; FormatError otherwise."""
    value: dict[str, Any] = parse_canonical(SETTINGS, data, MAX_SETTINGS_BYTES)
    _SETTINGS.check("", value)
    chosen = value["openings"]
    return Settings(
        origin=value["origin"],
        log_key=bytes.fromhex(value["log_key"]),
        receipt_key=bytes.fromhex(value["receipt_key"]),
        openings=None if chosen is None else tuple(bytes.fromhex(letter) for letter in chosen),
    )


def payloads_path(bundle: int) -> str:
    """Where the openings of entry bundle `bundle` lie."""
    return "payloads/" + encode_path(TilePath(level=None, index=bundle)).removeprefix("tile/entries/")


def bundle_paths(size: int) -> Iterator[TilePath]:
    """The entry bundles of a record with `size` entries, in order."""
    return (path for path in paths_of(size) if path.level is None)


def published_paths(size: int) -> Iterator[tuple[str, int]]:
    """Every path of a record with `size` entries, but for the checkpoint, each with the most bytes it may have."""
    yield SETTINGS, MAX_SETTINGS_BYTES
    for path in paths_of(size):
        yield encode_path(path), MAX_BUNDLE_BYTES if path.level is None else MAX_TILE_BYTES
    for path in bundle_paths(size):
        yield payloads_path(path.index), MAX_PAYLOADS_BYTES


def check_known_path(path: str) -> None:
    """FormatError for a file that no record has: what nobody reads must not travel with what everybody checks."""
    if path in (CHECKPOINT, SETTINGS, POLICY) or _PAYLOADS.match(path):
        return
    if not path.startswith("tile/"):
        raise FormatError("file name", Message("a file of a record"), repr(path[:80]))
    parse_path(path)
