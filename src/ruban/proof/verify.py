"""Judging a ring proof (spec/proof.md, 6). Single verification is a batch of one."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import ProofInvalid
from ruban.primitives.encoding import le64
from ruban.primitives.randomness import random_weight
from ruban.primitives.scalar import L
from ruban.primitives.transcript import Tag, challenge, transcript
from ruban.proof.batch import WeightedSum, verify_batch
from ruban.proof.codec import Proof, parse_proof
from ruban.proof.generators import BASE, H, K
from ruban.proof.ring import ID_BYTES, Ring, check_size
from ruban.proof.secret import serial


def statement_digest(ring: Ring, letter_id: bytes, P: bytes, message: bytes) -> bytes:
    """sd: everything a proof says, in one digest (4.5)."""
    return transcript(
        Tag.STATEMENT,
        letter_id,
        ring.roll_id,
        le64(ring.slot),
        ring.digest,
        le64(len(ring.stubs)),
        le64(BASE),
        le64(ring.m),
        P,
        message,
    )


@dataclass(frozen=True, slots=True)
class RingClaim:
    """A parsed proof with its ring and challenge, ready to be summed up."""

    ring: Ring
    proof: Proof
    xi: int

    @classmethod
    def parse(cls, ring: Ring, letter_id: bytes, message: bytes, data: bytes) -> RingClaim:
        """FormatError if `data` is not a proof's canonical encoding; ProofInvalid if its challenge is 0."""
        # 6.1 Parse everything before any arithmetic.
        check_size("letter", letter_id, ID_BYTES)
        proof = parse_proof(data, ring.m)
        # 6.2 The statement comes from the verifier's own ring, never from whoever presents the proof.
        sd = statement_digest(ring, letter_id, proof.P, message)
        # 6.3 The challenge.
        xi = challenge(Tag.CHALLENGE, sd, proof.first)
        if xi == 0:
            raise ProofInvalid("challenge", "not 0", "0")
        return cls(ring, proof, xi)

    def accumulate(self, total: WeightedSum) -> None:
        """Add the three equations, each under its own fresh weight."""
        proof, xi, m = self.proof, self.xi, self.ring.m
        w1, w2, w3 = random_weight(), random_weight(), random_weight()
        # 6.4 F_{j,0} is what the others leave of the challenge.
        F = [[(xi - sum(row)) % L, *row] for row in proof.f]
        # 6.5 Equation (1): the digits are digits.
        for j in range(m):
            for d in range(BASE):
                weighted = w1 * F[j][d] % L
                total.add_fixed(K[0][j][d], weighted)
                total.add_fixed(K[1][j][d], weighted * (xi - F[j][d]))
        total.add_fixed(H, w1 * proof.z_A - w2 * proof.z)
        total.add(proof.A, -w1)
        total.add(proof.B, -w1 * xi)
        # 6.6 Equation (2): the stub that the digits point at opens to the serial of the tag.
        total.add_ring(self.ring, w2, F)
        power = w2
        for Q in proof.Q:
            total.add(Q, -power)
            power = power * xi % L
        s = serial(self.ring.roll_id, self.ring.slot, proof.P)
        # 6.7 Equation (3): whoever made the proof knows the tag's key.
        total.add_base(w3 * proof.z_P - power * s)
        total.add(proof.R, -w3)
        total.add(proof.P, -w3 * xi)


def verify_proof(ring: Ring, letter_id: bytes, message: bytes, data: bytes) -> None:
    """Accept only a proof that somebody who opens a stub of `ring` made for `message` under `letter_id`.

    FormatError if the bytes are no proof, ProofInvalid if one of the three equations does not hold.
    """
    verify_batch([RingClaim.parse(ring, letter_id, message, data)])
