"""What the holder of a tag says: withdraw, and sign or step forward by name (spec/proof.md, 8)."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import FormatError, Message, ProofInvalid
from ruban.primitives.encoding import le64
from ruban.primitives.group import multiply, multiply_base, parse_point
from ruban.primitives.randomness import random_weight
from ruban.primitives.scalar import L, encode_scalar, parse_scalar
from ruban.primitives.transcript import Tag, challenge, transcript
from ruban.proof.batch import WeightedSum, verify_batch
from ruban.proof.codec import split_points_and_scalars
from ruban.proof.generators import H
from ruban.proof.ring import ID_BYTES, Ring, check_size
from ruban.proof.secret import SlotSecret, serial

PREVIOUS_BYTES = 64
NO_PREVIOUS = bytes(PREVIOUS_BYTES)
"""`prev` of the first record of a tag."""


def control_statement(letter_id: bytes, P: bytes, seq: int, prev: bytes, body: bytes) -> bytes:
    """sd of a later statement; it is `prev` of the one after it. FormatError if an identifier has another length."""
    check_size("letter", letter_id, ID_BYTES)
    check_size("prev", prev, PREVIOUS_BYTES)
    return transcript(Tag.CONTROL_STATEMENT, letter_id, P, le64(seq), prev, body)


def name_statement(ring: Ring, index: int, letter_id: bytes, P: bytes, seq: int, prev: bytes, body: bytes) -> bytes:
    """sd of a statement by name; FormatError if `index` is not in the ring or an identifier has another length."""
    check_size("letter", letter_id, ID_BYTES)
    check_size("prev", prev, PREVIOUS_BYTES)
    _check_index(ring, index)
    return transcript(
        Tag.NAME_STATEMENT,
        letter_id,
        ring.roll_id,
        le64(ring.slot),
        ring.digest,
        le64(index),
        ring.stubs[index],
        P,
        le64(seq),
        prev,
        body,
    )


def _check_index(ring: Ring, index: int) -> None:
    if not 0 <= index < len(ring.stubs):
        raise FormatError("index", Message("a place below {n}", n=len(ring.stubs)), str(index))


@dataclass(frozen=True, slots=True)
class ControlClaim:
    """A Schnorr signature by a tag's key."""

    P: bytes
    R: bytes
    z: int
    xi: int

    @classmethod
    def parse(cls, statement: bytes, P: bytes, data: bytes) -> ControlClaim:
        """FormatError on bytes that encode no signature; ProofInvalid if the challenge is 0."""
        # 8.1 Parse everything before any arithmetic.
        parse_point("tag", P)
        R, z = split_points_and_scalars("statement's signature", data, ("R",), ("z",))
        # 8.2 The challenge.
        xi = challenge(Tag.CONTROL_CHALLENGE, statement, R)
        if xi == 0:
            raise ProofInvalid("challenge", "not 0", "0")
        return cls(P, R, parse_scalar("z", z), xi)

    def accumulate(self, total: WeightedSum) -> None:
        """8.3 z G − R − ξ P = 0."""
        w = random_weight()
        total.add_base(w * self.z)
        total.add(self.R, -w)
        total.add(self.P, -w * self.xi)


@dataclass(frozen=True, slots=True)
class NameClaim:
    """A proof that one known stub of a ring opens to a tag: both its key and its blinding are shown to be known."""

    P: bytes
    C: bytes
    s: int
    R1: bytes
    R2: bytes
    z1: int
    z2: int
    xi: int

    @classmethod
    def parse(cls, ring: Ring, index: int, statement: bytes, P: bytes, data: bytes) -> NameClaim:
        """FormatError on bytes that encode no such proof; ProofInvalid if the challenge is 0."""
        # 8.4 Parse everything before any arithmetic.
        _check_index(ring, index)
        parse_point("tag", P)
        R1, R2, z1, z2 = split_points_and_scalars("signature by name", data, ("R1", "R2"), ("z1", "z2"))
        # 8.5 The challenge.
        xi = challenge(Tag.NAME_CHALLENGE, statement, R1 + R2)
        if xi == 0:
            raise ProofInvalid("challenge", "not 0", "0")
        s = serial(ring.roll_id, ring.slot, P)
        return cls(P, ring.stubs[index], s, R1, R2, parse_scalar("z1", z1), parse_scalar("z2", z2), xi)

    def accumulate(self, total: WeightedSum) -> None:
        """8.6 z1 G − R1 − ξ P = 0 and 8.7 z2 H − R2 − ξ (C − s G) = 0.

        Both: with the second alone, a later row that copies the serial could claim somebody else's signature.
        """
        w1, w2 = random_weight(), random_weight()
        total.add_base(w1 * self.z1 + w2 * self.xi * self.s)
        total.add(self.R1, -w1)
        total.add(self.P, -w1 * self.xi)
        total.add_fixed(H, w2 * self.z2)
        total.add(self.R2, -w2)
        total.add(self.C, -w2 * self.xi)


def sign_control(secret: SlotSecret, statement: bytes, *, nonce_salt: bytes | None = None) -> bytes:
    """R ‖ z by the tag's key, verified before release."""
    k = next(secret.nonces(statement, nonce_salt))
    R = multiply_base(k)
    xi = challenge(Tag.CONTROL_CHALLENGE, statement, R)
    data = R + encode_scalar(k + xi * secret.x)
    verify_batch([ControlClaim.parse(statement, secret.tag, data)])
    return data


def sign_name(
    ring: Ring, index: int, secret: SlotSecret, statement: bytes, *, nonce_salt: bytes | None = None
) -> bytes:
    """R1 ‖ R2 ‖ z1 ‖ z2 for the stub at `index`, verified before release; ValueError if the secret does not open it."""
    if not 0 <= index < len(ring.stubs) or ring.stubs[index] != secret.stub:
        raise ValueError("the secret does not open that stub of the ring")
    if (secret.roll_id, secret.slot) != (ring.roll_id, ring.slot):
        raise ValueError("the secret is for another roll or slot")
    draw = secret.nonces(statement, nonce_salt)
    k1, k2 = next(draw), next(draw)
    R1, R2 = multiply_base(k1), multiply(k2, H)
    xi = challenge(Tag.NAME_CHALLENGE, statement, R1 + R2)
    data = R1 + R2 + encode_scalar((k1 + xi * secret.x) % L) + encode_scalar((k2 + xi * secret.r) % L)
    verify_batch([NameClaim.parse(ring, index, statement, secret.tag, data)])
    return data
