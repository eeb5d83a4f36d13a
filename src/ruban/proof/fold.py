"""Σ_i p_i(X) C_i for the whole ring at once, digit by digit: the costly part of proving (spec/proof.md, 5.4).

p_i(X) = Π_j (σ_{j,i_j} X + a_{j,i_j}) is a product over digits, so the sum folds: four neighbours, which differ in
their least significant digit, become one polynomial whose coefficients are points, then four of these one, m times.
That takes some 1.4 N multiplications, where the coefficients of each p_i taken one by one take 2.25 N.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ruban.primitives.group import IDENTITY, add, subtract, vartime_multiscalar
from ruban.proof.generators import BASE

Polynomial = list[bytes]
"""Points, the coefficient of X^0 first."""


def fold_ring(
    stubs: Sequence[bytes],
    digits: Sequence[int],
    a: Sequence[Sequence[int]],
    progress: Callable[[float], None] = lambda share: None,
) -> Polynomial:
    """The m + 1 coefficients of Σ_{i < 4^m} p_i(X) C_i, every place past the ring's end taken as its last stub.

    `digits` are those of the signer's index, m of them; `a[j]` are the four masks of digit j, which add up to 0. The
    coefficient of X^m is the signer's own stub. `progress` is told the share done.
    """
    row = [[stub] for stub in stubs]
    beyond = [stubs[-1]]
    for j, digit in enumerate(digits):
        row += [beyond] * (-len(row) % BASE)
        folded = []
        for at in range(0, len(row), BASE):
            folded.append(_fold(row[at : at + BASE], digit, a[j]))
            if j == 0:
                progress(at / len(row))
        row = folded
        # Four equal neighbours: their masks cancel, and what is left is the one that X multiplies.
        beyond = [IDENTITY, *beyond]
    return row[0]


def _fold(four: Sequence[Polynomial], digit: int, masks: Sequence[int]) -> Polynomial:
    """Σ_d (σ_d X + a_d) P_d(X), with σ_d = 1 for `digit` alone."""
    constant, *masked = [_masked_sum([p[k] for p in four], masks) for k in range(len(four[0]))]
    *shifted, highest = four[digit]
    return [constant, *(add(low, high) for low, high in zip(masked, shifted, strict=True)), highest]


def _masked_sum(points: Sequence[bytes], masks: Sequence[int]) -> bytes:
    """Σ_d a_d P_d = Σ_{d ≥ 1} a_d (P_d − P_0), since the masks add up to 0."""
    first, *others = points
    differing = [(mask, point) for mask, point in zip(masks[1:], others, strict=True) if point != first]
    return vartime_multiscalar((mask, subtract(point, first)) for mask, point in differing)
