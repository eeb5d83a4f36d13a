"""What only a member knows: one secret a slot, from a seed or fresh, and the keys beside it (spec/proof.md, 3)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruban.primitives.ed25519 import public_key
from ruban.primitives.encoding import le64
from ruban.primitives.group import IDENTITY, add, multiply, multiply_base
from ruban.primitives.randomness import random_bytes
from ruban.primitives.scalar import scalar_from_uniform
from ruban.primitives.transcript import SUITE, Tag, challenge
from ruban.proof.generators import H

SEED_BYTES = 32
SLOT_MATERIAL_BYTES = 192
NONCE_SALT_BYTES = 32


def hkdf_sha512(ikm: bytes, salt: bytes, info: bytes, size: int) -> bytes:
    """RFC 5869 with SHA-512."""
    prk = hmac.digest(salt, ikm, "sha512")
    block, okm, counter = b"", b"", 1
    while len(okm) < size:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha512")
        okm += block
        counter += 1
    return okm[:size]


def serial(roll_id: bytes, slot: int, P: bytes) -> int:
    """s: the scalar that a stub commits to, the hash of its tag, so that nobody can choose it (the denial attack)."""
    return challenge(Tag.SERIAL, roll_id, le64(slot), P)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotSecret:
    """The opening of one stub. `tag` (P) and `stub` (C) are public once used; nothing else ever is."""

    roll_id: bytes
    slot: int
    x: int = field(repr=False)
    r: int = field(repr=False)
    nonce_key: bytes = field(repr=False)
    s: int = field(repr=False)
    tag: bytes = field(repr=False)
    stub: bytes = field(repr=False)

    @classmethod
    def from_material(cls, roll_id: bytes, slot: int, material: bytes) -> SlotSecret:
        """The secret of `slot` from 192 uniform bytes; ValueError in the one case in 2^250 where it is degenerate."""
        if len(material) != SLOT_MATERIAL_BYTES:
            raise ValueError("a slot's secret is made of 192 bytes")
        x, r = scalar_from_uniform(material[0:64]), scalar_from_uniform(material[64:128])
        P = multiply_base(x)
        s = serial(roll_id, slot, P)
        C = add(multiply_base(s), multiply(r, H))
        if IDENTITY in (P, C):
            raise ValueError("a degenerate secret")
        return cls(roll_id=roll_id, slot=slot, x=x, r=r, nonce_key=material[128:], s=s, tag=P, stub=C)

    def nonces(self, statement: bytes, salt: bytes | None) -> Iterator[int]:
        """Hedged nonces for `statement` (3.4): fresh randomness and the secret both have to fail for one to repeat.

        `salt` is for vectors and for `ruban sign` alone; the system's generator is used without it.
        """
        salt = random_bytes(NONCE_SALT_BYTES) if salt is None else salt
        if len(salt) != NONCE_SALT_BYTES:
            raise ValueError("a nonce salt has 32 bytes")
        pre = hmac.digest(self.nonce_key, b"nonce" + salt + statement, "sha512")
        counter = 0
        while True:
            yield scalar_from_uniform(hmac.digest(pre, le64(counter), "sha512"))
            counter += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSecret:
    """All a member keeps for one roll: a seed, or the slots not yet erased, with the row key and claim salt."""

    roll_id: bytes
    row_seed: bytes = field(repr=False)
    claim_salt: bytes = field(repr=False)
    seed: bytes | None = field(repr=False, default=None)
    slots: tuple[tuple[int, bytes], ...] = field(repr=False, default=())

    @classmethod
    def from_seed(cls, roll_id: bytes, seed: bytes) -> MemberSecret:
        """Everything derived from 32 bytes, so that 24 words bring it back."""
        if len(seed) != SEED_BYTES:
            raise ValueError("a seed has 32 bytes")
        return cls(
            roll_id=roll_id,
            seed=seed,
            row_seed=hkdf_sha512(seed, SUITE + b"/row", roll_id, 32),
            claim_salt=hkdf_sha512(seed, SUITE + b"/claim", roll_id, 32),
        )

    @classmethod
    def fresh(cls, roll_id: bytes) -> MemberSecret:
        """A new secret with a random seed."""
        return cls.from_seed(roll_id, random_bytes(SEED_BYTES))

    @classmethod
    def fresh_per_slot(cls, roll_id: bytes, slot_count: int) -> MemberSecret:
        """A new secret whose slots are independent, so that each can be erased; no words can bring them back."""
        return cls(
            roll_id=roll_id,
            row_seed=random_bytes(32),
            claim_salt=random_bytes(32),
            slots=tuple((slot, random_bytes(SLOT_MATERIAL_BYTES)) for slot in range(slot_count)),
        )

    @property
    def row_key(self) -> bytes:
        """The public Ed25519 key that stands in the member's row."""
        return public_key(self.row_seed)

    def slot(self, slot: int) -> SlotSecret:
        """The secret of `slot`; KeyError if it has been erased."""
        if self.seed is not None:
            material = hkdf_sha512(self.seed, SUITE + b"/slot", self.roll_id + le64(slot), SLOT_MATERIAL_BYTES)
        else:
            material = dict(self.slots)[slot]
        return SlotSecret.from_material(self.roll_id, slot, material)
