"""Many equations as one: the random weighted sum of everything claimed, in one multi-scalar multiplication.

Spec/proof.md, 6.8 to 6.10. Every equation has its own weight, uniform in [1, 2^128), drawn by the verifier after all
parsing; two errors that would cancel in a plain sum do not. Proofs over one ring share the ring's terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ruban.errors import Message, ProofInvalid
from ruban.primitives.group import IDENTITY, add, multiply_base, subtract, vartime_multiscalar
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
        self._fixed: dict[bytes, int] = {}
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
        self._fixed[point] = self._fixed.get(point, 0) + coefficient

    def add_ring(self, ring: Ring, weight: int, F: list[list[int]]) -> None:
        """Add weight·Σ_i c_i C_i with c_i = Π_j F_{j,i_j}, the places past the ring's end folded into its last stub."""
        self._rings.setdefault(ring.digest, (ring, []))[1].append((weight, F))

    def add_shared(self, other: WeightedSum, factor: int) -> None:
        """Add `factor` times the terms of another sum that are shared with other claims: all but its own points."""
        self._base += factor * other._base
        for point, coefficient in other._fixed.items():
            self.add_fixed(point, factor * coefficient)
        for ring, proofs in other._rings.values():
            for weight, F in proofs:
                self.add_ring(ring, factor * weight % L, F)

    def own_points(self) -> bytes:
        """The sum of the terms that no other claim shares."""
        return vartime_multiscalar((c, P) for P, c in self._points.items())

    def total(self) -> bytes:
        """The sum."""
        points = dict(self._points)
        for point, coefficient in self._fixed.items():
            points[point] = points.get(point, 0) + coefficient
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


class _Batch:
    """A batch under one set of weights, so that the errors of disjoint parts add up: what is known of a whole and of
    one half is known of the other (6.10).

    The dear part of a sum are the stubs of its rings, the same for one proof and for a hundred. Each claim's own points
    are multiplied once; then a part costs its rings, and additions.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        # 6.8 Fresh weights for every claim and every attempt, after all parsing.
        self._shares = []
        for claim in claims:
            share = WeightedSum()
            claim.accumulate(share)
            self._shares.append(share)
        self._own = [share.own_points() for share in self._shares]

    def culprits(self) -> list[int]:
        """The places of the false claims."""
        every = range(len(self._shares))
        # 6.9 One sum over everything, which must be the identity.
        error = self._error(every)
        return [] if error == IDENTITY else self._within(every, error)

    def _within(self, places: range, error: bytes) -> list[int]:
        """The false ones among `places`, whose errors add up to `error`, which is not the identity."""
        if len(places) == 1:
            return [places[0]]
        if len(places) > 2 and (alone := self._only_culprit(places, error)) is not None:
            return [alone]
        left, right = places[: len(places) // 2], places[len(places) // 2 :]
        error_left = self._error(left)
        error_right = subtract(error, error_left)
        return [
            *(self._within(left, error_left) if error_left != IDENTITY else []),
            *(self._within(right, error_right) if error_right != IDENTITY else []),
        ]

    def _only_culprit(self, places: range, error: bytes) -> int | None:
        """The one false claim among `places`; None if there are several.

        If the errors times their places, counted from 1, add up to j times the plain sum, then the errors of all
        claims but the j-th add up to nothing under the weights w_i (i - j), none of which is 0: they hold, as in 6.9.
        """
        by_place, multiple = self._error(places, by_place=True), IDENTITY
        for place in places:
            multiple = add(multiple, error)
            if multiple == by_place:
                return place
        return None

    def _error(self, places: range, *, by_place: bool = False) -> bytes:
        shared = WeightedSum()
        own, above = IDENTITY, IDENTITY
        # From the last to the first: each of the running sums `above` holds a place once for each place before it.
        for number, place in reversed(list(enumerate(places, 1))):
            shared.add_shared(self._shares[place], number if by_place else 1)
            above = add(above, self._own[place])
            own = add(own, above) if by_place else above
        return add(own, shared.total())


def verify_batch(claims: Sequence[Claim]) -> None:
    """Return only if every claim holds; BatchInvalid that names each one that does not."""
    if culprits := _Batch(claims).culprits():
        raise BatchInvalid(tuple(culprits), len(claims))
