"""ristretto255 (RFC 9496) over libsodium (rbcl), with the checks that rbcl does not make.

A point is its canonical 32-byte encoding. rbcl's `add` returns the identity for input that encodes nothing, and its
multiplication accepts unreduced scalars, so nothing reaches it but points that `parse_point` let in (or that it
returned itself) and scalars reduced here. Every operation raises rather than return a wrong point.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import sys
from collections.abc import Iterable

import rbcl.rbcl as _rbcl

from ruban.errors import FormatError, Message
from ruban.primitives.scalar import L
from ruban.primitives.transcript import SUITE

POINT_BYTES = 32
IDENTITY = bytes(POINT_BYTES)

_sodium = _rbcl._sodium
# rbcl unpacks 2.8 MB into the temporary folder in every process and forgets it; once mapped, the file is not needed.
# Only the file that it says it unpacked: a release that loads an installed library must not lose it here.
_unpacked = getattr(sys.modules.get("rbcl._sodium"), "lib_path", None)
if _unpacked is not None and _unpacked == _sodium._name:
    with contextlib.suppress(OSError):
        os.unlink(_unpacked)

_Buffer = ctypes.c_char * POINT_BYTES
_mult = _sodium.crypto_scalarmult_ristretto255
_mult_base = _sodium.crypto_scalarmult_ristretto255_base
_add = _sodium.crypto_core_ristretto255_add
_sub = _sodium.crypto_core_ristretto255_sub
_is_valid = _sodium.crypto_core_ristretto255_is_valid_point
_from_hash = _sodium.crypto_core_ristretto255_from_hash

_XMD_BLOCK_BYTES = 128
_GENERATOR_DST = SUITE + b"/generator_XMD:SHA-512_R255MAP_RO_"


def parse_point(field: str, data: bytes) -> bytes:
    """The same bytes, if they are the canonical encoding of a point other than the identity; FormatError otherwise."""
    if len(data) != POINT_BYTES:
        raise FormatError(field, Message("a point of 32 bytes"), Message("{n} bytes", n=len(data)))
    if data == IDENTITY:
        raise FormatError(field, Message("a point other than the identity"), Message("the identity"))
    # libsodium masks the top bit (it took until 1.0.19 to refuse it), which would give every point a second encoding.
    if data[31] & 0x80 or _is_valid(data) != 1:
        raise FormatError(field, Message("the canonical encoding of a ristretto255 point"), Message("other bytes"))
    return bytes(data)


def multiply(scalar: int, point: bytes) -> bytes:
    """scalar·point; the identity where that is the product. ValueError if `point` encodes nothing."""
    scalar %= L
    if scalar == 0 or point == IDENTITY:
        return IDENTITY
    result = _Buffer()
    # −1 means a bad encoding or the identity as product; in a group of prime order only the first is left here. The
    # length comes first: libsodium reads 32 bytes whatever it is given.
    if len(point) != POINT_BYTES or _mult(result, scalar.to_bytes(32, "little"), point) != 0:
        raise ValueError("not a point")
    return result.raw


def multiply_base(scalar: int) -> bytes:
    """scalar·G."""
    scalar %= L
    if scalar == 0:
        return IDENTITY
    result = _Buffer()
    if _mult_base(result, scalar.to_bytes(32, "little")) != 0:
        raise ValueError("not a point")
    return result.raw


def add(left: bytes, right: bytes) -> bytes:
    """left + right; ValueError if one encodes nothing."""
    result = _Buffer()
    if len(left) != POINT_BYTES or len(right) != POINT_BYTES or _add(result, left, right) != 0:
        raise ValueError("not a point")
    return result.raw


def subtract(left: bytes, right: bytes) -> bytes:
    """left − right; ValueError if one encodes nothing."""
    result = _Buffer()
    if len(left) != POINT_BYTES or len(right) != POINT_BYTES or _sub(result, left, right) != 0:
        raise ValueError("not a point")
    return result.raw


def vartime_multiscalar(terms: Iterable[tuple[int, bytes]]) -> bytes:
    """Σ scalar·point; ValueError if a point encodes nothing.

    One multiplication and one addition a term: with encoded points an addition costs a quarter of a multiplication,
    so that bucket methods lose (bench/). The number of non-zero scalars shows in the time it takes.
    """
    total: bytes | None = None
    for scalar, point in terms:
        product = multiply(scalar, point)
        if product != IDENTITY:
            total = product if total is None else add(total, product)
    return IDENTITY if total is None else total


def _expand_message_xmd(message: bytes, dst: bytes) -> bytes:
    """RFC 9380 §5.3.1 with SHA-512, for the 64 bytes of one block."""
    dst_prime = dst + bytes([len(dst)])
    first = hashlib.sha512(bytes(_XMD_BLOCK_BYTES) + message + (64).to_bytes(2, "big") + b"\x00" + dst_prime).digest()
    return hashlib.sha512(first + b"\x01" + dst_prime).digest()


def hash_to_group(message: bytes) -> bytes:
    """A point nobody knows the discrete logarithm of: RFC 9496's one-way map of expand_message_xmd (RFC 9380)."""
    return point_from_uniform(_expand_message_xmd(message, _GENERATOR_DST))


def point_from_uniform(data: bytes) -> bytes:
    """RFC 9496 §4.3.4, the one-way map of 64 uniform bytes; ValueError for another length."""
    if len(data) != 64:
        raise ValueError("the one-way map takes 64 bytes")
    result = _Buffer()
    if _from_hash(result, data) != 0:
        raise ValueError("the one-way map failed")
    return result.raw


G = multiply_base(1)
