"""The fixed generators H and K(c, j, d), hashed to the group so that no relation between them is known."""

from __future__ import annotations

from ruban.primitives.group import hash_to_group

BASE = 4
"""n: the digits of an index are read in base 4."""
MAX_DIGITS = 6
"""m ≤ 6, so that a ring holds at most 4^6 = 4,096 stubs. K(c, 6, d) is reserved."""

H = hash_to_group(b"H")
K: tuple[tuple[tuple[bytes, ...], ...], ...] = tuple(
    tuple(tuple(hash_to_group(b"K" + bytes([c, j, d])) for d in range(BASE)) for j in range(MAX_DIGITS + 1))
    for c in range(2)
)
"""K[c][j][d]: c = 0 commits to digits, c = 1 to their products."""
