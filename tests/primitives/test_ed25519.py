"""Ed25519: RFC 8032's known answers, lengths, weak keys, malleability."""

from __future__ import annotations

import pytest

from ruban.errors import FormatError, SignatureInvalid
from ruban.primitives.ed25519 import parse_public_key, public_key, sign, verify_ed25519

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032 §7.1, tests 1 to 3: seed, public key, message, signature.
KNOWN = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), KNOWN)
def test_known_answers_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    assert public_key(bytes.fromhex(seed)).hex() == public
    assert sign(bytes.fromhex(seed), bytes.fromhex(message)).hex() == signature
    verify_ed25519(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


def test_every_flipped_bit_of_a_signature_is_refused() -> None:
    public, signature = public_key(bytes(32)), sign(bytes(32), b"text")
    for bit in range(512):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SignatureInvalid):
            verify_ed25519(public, b"text", bytes(flipped))


def test_another_message_or_another_key_is_refused() -> None:
    signature = sign(bytes(32), b"text")
    with pytest.raises(SignatureInvalid):
        verify_ed25519(public_key(bytes(32)), b"texu", signature)
    with pytest.raises(SignatureInvalid):
        verify_ed25519(public_key(b"\x01" * 32), b"text", signature)


def test_s_plus_the_group_order_is_refused() -> None:
    signature = sign(bytes(32), b"text")
    s = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(SignatureInvalid):
        verify_ed25519(public_key(bytes(32)), b"text", signature[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_seeds_and_keys_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sign(bytes(size), b"")
    with pytest.raises(ValueError, match="32 bytes"):
        public_key(bytes(size))
    with pytest.raises(FormatError) as caught:
        verify_ed25519(bytes(size), b"", bytes(64))
    assert caught.value.field == "public key"


@pytest.mark.parametrize("size", [0, 63, 65])
def test_signatures_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(FormatError) as caught:
        verify_ed25519(public_key(bytes(32)), b"", bytes(size))
    assert caught.value.field == "signature"


def _is_of_small_order(y: int) -> bool:
    """Whether 8·(x, y) is the identity, on −x² + y² = 1 + d x² y², by y alone: doubling knows x² from y."""
    d = -121665 * pow(121666, -1, P) % P
    for _ in range(3):
        x2 = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
        y = (y * y + x2) * pow(2 - (y * y - x2), -1, P) % P
    return y == 1


def test_points_of_small_order_are_no_keys() -> None:
    # Under the identity as key, R = s·B fits every message: without this check everybody could sign for it.
    y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    for y in (0, 1, P - 1, y8, P - y8):
        assert _is_of_small_order(y)
        for sign_bit in (0, 1 << 255):
            with pytest.raises(FormatError):
                parse_public_key("key", (y | sign_bit).to_bytes(32, "little"))
    base_y = 4 * pow(5, -1, P) % P
    assert not _is_of_small_order(base_y)
    parse_public_key("key", base_y.to_bytes(32, "little"))


def test_coordinates_at_or_above_the_prime_are_no_keys() -> None:
    for y in range(P, 2**255):
        with pytest.raises(FormatError):
            parse_public_key("key", y.to_bytes(32, "little"))
