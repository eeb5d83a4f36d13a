"""Randomness covers its whole range: the ends occur, nothing outside does, and no bit is stuck.

Chances of a false alarm are below 2^-40 each; the figures stand beside the tests.
"""

from __future__ import annotations

import secrets
from collections import Counter

import pytest

from ruban.primitives.randomness import random_below, random_bytes, random_weight, shuffled


def test_small_ranges_are_covered_whole() -> None:
    for bound in (1, 2, 3, 5, 17):
        # A value is missed with probability (1 − 1/17)^1000 < 2^-87.
        assert {random_below(bound) for _ in range(1000)} == set(range(bound))
    with pytest.raises(ValueError):  # noqa: PT011
        random_below(0)


def test_every_bit_of_a_weight_occurs_and_zero_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [random_weight() for _ in range(400)]
    assert all(1 <= w < 2**128 for w in drawn)
    for bit in range(128):
        assert {w >> bit & 1 for w in drawn} == {0, 1}
    for lowest_or_highest, weight in ((lambda bound: 0, 1), (lambda bound: bound - 1, 2**128 - 1)):
        monkeypatch.setattr(secrets, "randbelow", lowest_or_highest)
        assert random_weight() == weight


def test_every_byte_occurs() -> None:
    # A byte is missed with probability (255/256)^20000 < 2^-112.
    assert set(random_bytes(20_000)) == set(range(256))
    assert random_bytes(0) == b""


def test_every_order_occurs_about_equally_often() -> None:
    orders = Counter(tuple(shuffled("abcd")) for _ in range(24_000))
    assert len(orders) == 24
    # Each is expected 1,000 times; 700 and 1,300 are more than nine standard deviations away.
    assert all(700 < count < 1300 for count in orders.values())


def test_shuffling_keeps_every_item_and_leaves_the_original() -> None:
    items = list(range(50))
    assert sorted(shuffled(items)) == items == list(range(50))
    assert shuffled([]) == []
