"""The entries and openings of a published record, as bytes: for who copies a record that `verify` has found to hold."""

from __future__ import annotations

from collections.abc import Iterator

from ruban.audit.fetch import Source
from ruban.log.tiles import MAX_BUNDLE_BYTES, encode_path, parse_bundle
from ruban.published import MAX_PAYLOADS_BYTES, bundle_paths, payloads_path
from ruban.record.commitment import Opening, parse_opening


def leaves_of(source: Source, size: int) -> Iterator[bytes]:
    """The leaves of a record with `size` entries, in order. Errors as those of `source`; FormatError."""
    for path in bundle_paths(size):
        yield from parse_bundle(source.read(encode_path(path), MAX_BUNDLE_BYTES), path.width)


def openings_of(source: Source, size: int) -> Iterator[Opening]:
    """The openings beside its entries. Errors as those of `source`; FormatError."""
    for path in bundle_paths(size):
        data = source.read(payloads_path(path.index), MAX_PAYLOADS_BYTES)
        yield from (parse_opening(line) for line in data.split(b"\n")[:-1])
