"""Many equations as one: the random weighted sum of everything claimed, in one multi-scalar multiplication.

Spec/proof.md, 6.8 to 6.10. Every equation has its own weight, uniform in [1, 2^128), drawn by the verifier after all
parsing; two errors that would cancel in a plain sum do not. Proofs over one ring share the ring's terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ruban.errors import Message, ProofInvalid
from ruban.primitives.group import IDENTITY, add, multiply_base, vartime_multiscalar
from ruban.primitives.scalar import L
from ruban.proof.generators import BASE
from ruban.proof.ring import Ring

_LOW_DIGITS = 3
"""Digits packed into one long integer: 4^3 lanes. More lanes cost more products to fill them, fewer save none."""


class Claim(Protocol):
    """Something parsed that is true if and only if its equations hold."""

    def accumulate(self, total: WeightedSum) -> None:
        """Add each of its equations to `total` under a fresh random weight."""


class BatchInvalid(ProofInvalid):
    """Some claims of a batch are false; `culprits` are their places. Nothing is said of a failed batch but this."""

    def __init__(self, culprits: tuple[int, ...], size: int) -> None:
        super().__init__("batch", Message("{n} claims that hold", n=size), Message("{n} that do not", n=len(culprits)))
        self.culprits = culprits


class WeightedSum:
    """Σ coefficient·point over all claims added; it is the identity if and only if they all hold (but 2^-128)."""

    def __init__(self) -> None:
        self._base = 0
        self._points: dict[bytes, int] = {}
        self._rings: dict[bytes, tuple[Ring, list[tuple[int, list[list[int]]]]]] = {}

    def add_base(self, coefficient: int) -> None:
        """Add coefficient·G."""
        self._base += coefficient

    def add(self, point: bytes, coefficient: int) -> None:
        """Add coefficient·point."""
        self._points[point] = (self._points.get(point, 0) + coefficient) % L

    # Generators collect without reduction: they are few and met by every proof.
    def add_fixed(self, point: bytes, coefficient: int) -> None:
        """Add coefficient·point for a point that many claims share."""
        self._points[point] = self._points.get(point, 0) + coefficient

    def add_ring(self, ring: Ring, weight: int, F: list[list[int]]) -> None:
        """Add weight·Σ_i c_i C_i with c_i = Π_j F_{j,i_j}, the places past the ring's end folded into its last stub."""
        self._rings.setdefault(ring.digest, (ring, []))[1].append((weight, F))

    def total(self) -> bytes:
        """The sum."""
        points = dict(self._points)
        for ring, proofs in self._rings.values():
            for stub, coefficient in zip(ring.stubs, ring_coefficients(ring, proofs), strict=True):
                points[stub] = points.get(stub, 0) + coefficient
        rest = vartime_multiscalar((c, P) for P, c in points.items())
        return add(multiply_base(self._base), rest)


def _products(rows: list[list[int]], first: int) -> list[int]:
    """first·Π_j rows[j][i_j] mod l for every index i, the first row's digit the least significant."""
    values = [first]
    for row in reversed(rows):
        values = [value * factor % L for value in values for factor in row]
    return values


def ring_coefficients(ring: Ring, proofs: Sequence[tuple[int, list[list[int]]]]) -> list[int]:
    """Σ_t w_t c_{t,i} for each stub i of the ring.

    A proof's coefficients are the outer product of those of its low and of its high digits, so the sum over proofs is
    one matrix product. The low half of a proof is packed into one long integer, lane by lane; each row of the result
    then takes one multiplication of a long by a short integer a proof, which Python does at the speed of C.
    """
    N, m = len(ring.stubs), ring.m
    low_digits = min(m, _LOW_DIGITS)
    lanes: int = BASE**low_digits
    # A lane holds a sum of products of two residues without carrying into the next one.
    lane_bytes = (2 * L.bit_length() + len(proofs).bit_length()) // 8 + 1
    rows_needed = -(-(N - 1) // lanes)
    rows = [0] * rows_needed
    whole = 0
    for weight, F in proofs:
        packed = int.from_bytes(
            b"".join(value.to_bytes(lane_bytes, "little") for value in _products(F[:low_digits], 1)), "little"
        )
        for i, factor in zip(range(rows_needed), _products(F[low_digits:], weight), strict=False):
            rows[i] += factor * packed
        xi = sum(F[0]) % L
        whole += weight * pow(xi, m, L)
    coefficients = []
    for row in rows:
        data = row.to_bytes(lane_bytes * lanes, "little")
        coefficients += [
            int.from_bytes(data[at : at + lane_bytes], "little") % L for at in range(0, len(data), lane_bytes)
        ]
    del coefficients[N - 1 :]
    # All 4^m coefficients of a proof add up to ξ^m, so the last stub takes what the others leave of it.
    return [*coefficients, (whole - sum(coefficients)) % L]


def _holds(claims: Sequence[Claim]) -> bool:
    # 6.8 Fresh weights for every claim and every attempt, after all parsing.
    total = WeightedSum()
    for claim in claims:
        claim.accumulate(total)
    # 6.9 One sum over everything, which must be the identity.
    return total.total() == IDENTITY


def _culprits(claims: Sequence[Claim], start: int, end: int) -> list[int]:
    """The places in [start, end) of the claims that fail on their own, found by halving what fails together.

    Never empty for what failed: should two halves hold that fail together, all of them are named.
    """
    if _holds(claims[start:end]):
        return []
    if end - start == 1:
        return [start]
    # 6.10 Nothing is concluded from a sum that is not the identity, except that it holds a culprit.
    middle = (start + end) // 2
    halves = _culprits(claims, start, middle) + _culprits(claims, middle, end)
    return halves or list(range(start, end))


def verify_batch(claims: Sequence[Claim]) -> None:
    """Return only if every claim holds; BatchInvalid that names each one that does not."""
    if culprits := _culprits(claims, 0, len(claims)):
        raise BatchInvalid(tuple(culprits), len(claims))
