"""The proof's bytes: 32·(4m + 7), parsed whole before any arithmetic (spec/proof.md, 5.7 and 6.1)."""

from __future__ import annotations

from dataclasses import dataclass

from ruban.errors import FormatError, Message
from ruban.primitives.group import POINT_BYTES, parse_point
from ruban.primitives.scalar import SCALAR_BYTES, encode_scalar, parse_scalar


def proof_bytes(m: int) -> int:
    """The length of a proof over 4^m places."""
    return 32 * (4 * m + 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A parsed proof: points other than the identity, scalars below l."""

    P: bytes
    A: bytes
    B: bytes
    Q: tuple[bytes, ...]
    R: bytes
    f: tuple[tuple[int, ...], ...]
    z_A: int
    z: int
    z_P: int

    @property
    def first(self) -> bytes:
        """The first message A ‖ B ‖ Q_0 ‖ … ‖ Q_{m−1} ‖ R, all of which the challenge binds."""
        return b"".join((self.A, self.B, *self.Q, self.R))


def encode_proof(proof: Proof) -> bytes:
    """P ‖ first message ‖ f ‖ z_A ‖ z ‖ z_P."""
    scalars = [value for row in proof.f for value in row] + [proof.z_A, proof.z, proof.z_P]
    return proof.P + proof.first + b"".join(encode_scalar(value) for value in scalars)


def parse_proof(data: bytes, m: int) -> Proof:
    """The only proof that `data` encodes for a ring with m digits; FormatError that names the field otherwise."""
    if len(data) != proof_bytes(m):
        raise FormatError("proof", Message("{n} bytes", n=proof_bytes(m)), Message("{n} bytes", n=len(data)))
    parts = [data[i : i + POINT_BYTES] for i in range(0, len(data), POINT_BYTES)]
    point_names = ["P", "A", "B", *(f"Q_{e}" for e in range(m)), "R"]
    points = [parse_point(name, part) for name, part in zip(point_names, parts[: m + 4], strict=True)]
    scalar_names = [f"f_{j},{d}" for j in range(m) for d in (1, 2, 3)] + ["z_A", "z", "z_P"]
    scalars = [parse_scalar(name, part) for name, part in zip(scalar_names, parts[m + 4 :], strict=True)]
    return Proof(
        P=points[0],
        A=points[1],
        B=points[2],
        Q=tuple(points[3:-1]),
        R=points[-1],
        f=tuple(tuple(scalars[3 * j : 3 * j + 3]) for j in range(m)),
        z_A=scalars[-3],
        z=scalars[-2],
        z_P=scalars[-1],
    )


def split_points_and_scalars(field: str, data: bytes, points: tuple[str, ...], scalars: tuple[str, ...]) -> list[bytes]:
    """The 32-byte parts of a short proof: first its points, then its scalars, each checked; FormatError otherwise."""
    size = POINT_BYTES * len(points) + SCALAR_BYTES * len(scalars)
    if len(data) != size:
        raise FormatError(field, Message("{n} bytes", n=size), Message("{n} bytes", n=len(data)))
    parts = [data[i : i + 32] for i in range(0, size, 32)]
    for name, part in zip(points, parts, strict=False):
        parse_point(name, part)
    for name, part in zip(scalars, parts[len(points) :], strict=True):
        parse_scalar(name, part)
    return parts
