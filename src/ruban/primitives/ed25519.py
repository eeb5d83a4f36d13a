"""Ed25519 (RFC 8032) over `cryptography`, with the checks of keys that it does not make.

Keys and signatures are bytes of fixed length: seed 32, public key 32, signature 64.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ruban.errors import FormatError, Message, SignatureInvalid

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_Y_OF_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
# The y coordinates of the eight points whose order divides 8: under such a key one signature fits every message.
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte seed; ValueError for another length."""
    return _private(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """The 64-byte signature of `message`, deterministic; ValueError if the seed is not 32 bytes."""
    return _private(seed).sign(message)


def parse_public_key(field: str, data: bytes) -> bytes:
    """The same bytes, if they can be a public key; FormatError for a wrong length, y ≥ p, or a point of small order."""
    if len(data) != PUBLIC_KEY_BYTES:
        raise FormatError(field, Message("a public key of 32 bytes"), Message("{n} bytes", n=len(data)))
    y = int.from_bytes(data, "little") & ((1 << 255) - 1)
    if y >= _P:
        raise FormatError(
            field, Message("a canonical Ed25519 public key"), Message("a coordinate at or above 2^255 − 19")
        )
    if y in _SMALL_ORDER_Y:
        raise FormatError(field, Message("an Ed25519 public key"), Message("a point of small order"))
    return bytes(data)


def verify_ed25519(public: bytes, message: bytes, signature: bytes) -> None:
    """Accept only if `signature` is that of `message` under `public`, by the equation without cofactor.

    Raises SignatureInvalid if it is not; FormatError if a length is wrong or the key cannot be one.
    Source: RFC 8032 §5.1.7; s ≥ l is refused there (no second signature can be made from a first).
    """
    key = parse_public_key("public key", public)
    if len(signature) != SIGNATURE_BYTES:
        raise FormatError("signature", Message("64 bytes"), Message("{n} bytes", n=len(signature)))
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        raise SignatureInvalid("signature", Message("one by this key over these bytes"), Message("another")) from None


def _private(seed: bytes) -> Ed25519PrivateKey:
    if len(seed) != SEED_BYTES:
        raise ValueError("an Ed25519 seed has 32 bytes")
    return Ed25519PrivateKey.from_private_bytes(seed)
