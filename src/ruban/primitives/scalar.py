"""Integers mod l, the order of ristretto255, as Python integers in [0, l). Python integers are not constant-time.

That leak is accepted and documented (docs/limitations.md): secrets meet this code on the member's own machine only.
"""

from __future__ import annotations

from ruban.errors import FormatError, Message

L = 2**252 + 27742317777372353535851937790883648493
"""The order of the group (RFC 9496 §4)."""
SCALAR_BYTES = 32


def parse_scalar(field: str, data: bytes) -> int:
    """The integer of a canonical scalar: exactly 32 bytes, little-endian, below l; FormatError otherwise."""
    if len(data) != SCALAR_BYTES:
        raise FormatError(field, Message("a scalar of 32 bytes"), Message("{n} bytes", n=len(data)))
    value = int.from_bytes(data, "little")
    if value >= L:
        raise FormatError(field, Message("a scalar below the group order"), Message("one at or above it"))
    return value


def encode_scalar(value: int) -> bytes:
    """The canonical 32 bytes of `value` mod l."""
    return (value % L).to_bytes(SCALAR_BYTES, "little")


def scalar_from_uniform(data: bytes) -> int:
    """64 uniform bytes as a little-endian integer mod l (bias below 2^-250); ValueError for another length."""
    if len(data) != 64:
        raise ValueError("a scalar is derived from 64 uniform bytes")
    return int.from_bytes(data, "little") % L
