"""Proving that all stubs of a row can be opened by whoever enrols (spec/proof.md, 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ruban.errors import FormatError, Message, ProofInvalid
from ruban.primitives.encoding import le64
from ruban.primitives.group import add, multiply, multiply_base, parse_point
from ruban.primitives.randomness import random_weight
from ruban.primitives.scalar import L, encode_scalar, parse_scalar
from ruban.primitives.transcript import Tag, challenge, transcript
from ruban.proof.batch import WeightedSum, verify_batch
from ruban.proof.codec import split_points_and_scalars
from ruban.proof.generators import H
from ruban.proof.secret import SlotSecret

MAX_SLOTS = 96
"""Stubs in a row, at most."""


def enrolment_statement(roll_id: bytes, member: bytes, stubs: Sequence[bytes]) -> bytes:
    """sd: the row's bytes without the proof, with its stubs."""
    return transcript(Tag.ENROL_STATEMENT, roll_id, member, le64(len(stubs)), b"".join(stubs))


@dataclass(frozen=True, slots=True)
class EnrolmentClaim:
    """A parsed enrolment proof with its stubs and challenge."""

    stubs: tuple[bytes, ...]
    R: bytes
    z_s: int
    z_r: int
    xi: int

    @classmethod
    def parse(cls, roll_id: bytes, member: bytes, stubs: Sequence[bytes], data: bytes) -> EnrolmentClaim:
        """FormatError on bytes that encode no proof, a bad or doubled stub; ProofInvalid if the challenge is 0."""
        # 7.1 Parse everything before any arithmetic.
        if not 1 <= len(stubs) <= MAX_SLOTS:
            raise FormatError("stubs", Message("1 to {n} stubs", n=MAX_SLOTS), str(len(stubs)))
        for k, stub in enumerate(stubs):
            parse_point(f"stub {k}", stub)
        if len(set(stubs)) != len(stubs):
            raise FormatError("stubs", Message("every stub once"), Message("one that stands twice"))
        R, z_s, z_r = split_points_and_scalars("enrolment proof", data, ("R",), ("z_s", "z_r"))
        # 7.2 The challenge.
        xi = challenge(Tag.ENROL_CHALLENGE, enrolment_statement(roll_id, member, stubs), R)
        if xi == 0:
            raise ProofInvalid("challenge", "not 0", "0")
        return cls(tuple(stubs), R, parse_scalar("z_s", z_s), parse_scalar("z_r", z_r), xi)

    def accumulate(self, total: WeightedSum) -> None:
        """7.3 z_s G + z_r H − R − Σ ξ^k C_k = 0."""
        w = random_weight()
        total.add_base(w * self.z_s)
        total.add_fixed(H, w * self.z_r)
        total.add(self.R, -w)
        power = w
        for stub in self.stubs:
            power = power * self.xi % L
            total.add(stub, -power)


def prove_enrolment(
    roll_id: bytes, member: bytes, secrets: Sequence[SlotSecret], *, nonce_salt: bytes | None = None
) -> bytes:
    """R ‖ z_s ‖ z_r for the stubs of `secrets` in their order, verified before release."""
    if not secrets:
        raise ValueError("a row has at least one stub")
    stubs = [secret.stub for secret in secrets]
    sd = enrolment_statement(roll_id, member, stubs)
    draw = secrets[0].nonces(sd, nonce_salt)
    alpha, beta = next(draw), next(draw)
    R = add(multiply_base(alpha), multiply(beta, H))
    xi = challenge(Tag.ENROL_CHALLENGE, sd, R)
    power, z_s, z_r = 1, alpha, beta
    for secret in secrets:
        power = power * xi % L
        z_s += power * secret.s
        z_r += power * secret.r
    data = R + encode_scalar(z_s) + encode_scalar(z_r)
    verify_batch([EnrolmentClaim.parse(roll_id, member, stubs, data)])
    return data
