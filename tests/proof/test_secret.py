"""Secrets follow from their seed as the specification says, differ where they must, and never show themselves."""

from __future__ import annotations

from itertools import islice

import pytest
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from ruban.primitives.group import add, multiply, multiply_base
from ruban.primitives.scalar import L
from ruban.proof import MemberSecret, SlotSecret, secret
from ruban.proof.generators import H
from ruban.proof.secret import hkdf_sha512, serial
from tests.proof.cast import ROLL, SALT, member
from tests.reference import paper


def test_the_check_values_come_out() -> None:
    own = MemberSecret.from_seed(bytes([0x52]) * 32, bytes(32)).slot(3)
    assert own.tag.hex() == "e668c9287956d0f9ab54c56ee9ef9052623500d7f7c09d68ee0e51c785732929"
    assert own.stub.hex() == "be08b089ac330d8b82c2e175384be9320922cc5bbe2815065942141e0606701c"


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=40), st.binary(max_size=40), st.integers(1, 300))
def test_hkdf_agrees_with_another_implementation(ikm: bytes, salt: bytes, info: bytes, size: int) -> None:
    other = HKDF(algorithm=SHA512(), length=size, salt=salt, info=info)
    assert hkdf_sha512(ikm, salt or bytes(64), info, size) == other.derive(ikm)


def test_a_stub_opens_to_the_serial_of_its_tag() -> None:
    own = member(5)
    assert own.tag == multiply_base(own.x)
    assert own.s == serial(own.roll_id, own.slot, own.tag)
    assert own.stub == add(multiply_base(own.s), multiply(own.r, H))


def test_rolls_slots_and_seeds_give_unrelated_secrets() -> None:
    secrets = [member(n, slot, roll) for n in (0, 1) for slot in (0, 1) for roll in (ROLL, bytes(32))]
    for name in ("x", "r", "nonce_key", "s", "tag", "stub"):
        assert len({getattr(one, name) for one in secrets}) == 8


def test_row_key_claim_salt_and_slots_are_unrelated() -> None:
    whole = MemberSecret.from_seed(ROLL, bytes(32))
    other = MemberSecret.from_seed(bytes(32), bytes(32))
    assert len({whole.row_seed, whole.claim_salt, whole.row_key, other.row_seed, other.claim_salt, other.row_key}) == 6


def test_secrets_of_fresh_slots_are_kept_one_by_one() -> None:
    whole = MemberSecret.fresh_per_slot(ROLL, 3)
    assert len({whole.slot(slot).stub for slot in range(3)}) == 3
    assert whole.slot(1) == SlotSecret.from_material(ROLL, 1, dict(whole.slots)[1])
    with pytest.raises(KeyError):
        whole.slot(3)
    assert MemberSecret.fresh(ROLL).slot(0).stub != MemberSecret.fresh(ROLL).slot(0).stub


def test_no_secret_shows_itself() -> None:
    for whole in (MemberSecret.from_seed(ROLL, b"\xab" * 32), MemberSecret.fresh_per_slot(ROLL, 1)):
        own, text = whole.slot(0), repr(whole) + repr(whole.slot(0))
        for hidden in (own.x, own.r, own.s, own.nonce_key, own.tag, own.stub, whole.row_seed, whole.claim_salt):
            assert repr(hidden) not in text
        assert "slots" not in text
        assert "seed" not in text


def test_a_degenerate_secret_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="degenerate"):
        SlotSecret.from_material(ROLL, 0, bytes(64) + b"\1" * 128)
    # A serial of 0 and a blinding of 0 make the identity of a stub.
    monkeypatch.setattr(secret, "serial", lambda *_: 0)
    with pytest.raises(ValueError, match="degenerate"):
        SlotSecret.from_material(ROLL, 0, b"\1" * 64 + bytes(64) + b"\1" * 64)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_seeds_and_material_of_another_length_are_the_callers_mistake(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        MemberSecret.from_seed(ROLL, bytes(size))
    with pytest.raises(ValueError, match="192 bytes"):
        SlotSecret.from_material(ROLL, 0, bytes(size))
    with pytest.raises(ValueError, match="32 bytes"):
        next(member(0).nonces(bytes(64), bytes(size)))


def test_nonces_are_counted_from_zero_and_agree_with_the_naive_ones() -> None:
    own = member(3)
    assert list(islice(own.nonces(b"sd", SALT), 6)) == paper.nonce_list(own.nonce_key, SALT, b"sd", 6)


def test_nonces_differ_by_secret_salt_and_statement() -> None:
    def first(number: int, salt: bytes | None, statement: bytes) -> int:
        return next(member(number).nonces(statement, salt))

    assert first(1, SALT, b"a") == first(1, SALT, b"a")
    drawn = [first(1, SALT, b"a"), first(2, SALT, b"a"), first(1, bytes(32), b"a"), first(1, SALT, b"b")]
    drawn += [first(1, None, b"a"), first(1, None, b"a")]
    assert len(set(drawn)) == len(drawn)
    assert all(0 <= nonce < L for nonce in drawn)
