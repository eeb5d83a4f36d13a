"""The ring folded digit by digit is the sum of its polynomials, place by place."""

from __future__ import annotations

import pytest

from ruban.primitives.group import vartime_multiscalar
from ruban.primitives.scalar import L
from ruban.proof.fold import fold_ring
from ruban.proof.ring import digits_for
from tests.proof.cast import member
from tests.reference.forge import index_polynomials


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 20, 63, 64, 65])
def test_the_fold_is_the_sum_of_every_places_polynomial(size: int) -> None:
    stubs, m = [member(i).stub for i in range(size)], digits_for(size)
    masks = [[-sum(row) % L, *row] for row in ([7 + j, L - 5 * j - 1, 2**200 + j] for j in range(m))]
    for index in {0, size // 2, size - 1}:
        digits = [index // 4**j % 4 for j in range(m)]
        places = [stubs[min(i, size - 1)] for i in range(4**m)]
        polynomials = index_polynomials(digits, masks)
        slow = [
            vartime_multiscalar((p[e], C) for p, C in zip(polynomials, places, strict=True) if e < len(p))
            for e in range(m + 1)
        ]
        assert fold_ring(stubs, digits, masks) == slow
        assert slow[m] == stubs[index]
