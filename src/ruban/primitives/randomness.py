"""The only door to randomness: the operating system's generator. No other module draws any."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def random_bytes(size: int) -> bytes:
    """`size` uniform bytes."""
    return secrets.token_bytes(size)


def random_below(bound: int) -> int:
    """A uniform integer in [0, bound); ValueError unless bound ≥ 1."""
    return secrets.randbelow(bound)


def random_weight() -> int:
    """A uniform integer in [1, 2^128): the weight of one equation in a batch (spec/proof.md, 6)."""
    return 1 + random_below((1 << 128) - 1)


def shuffled(items: Iterable[T]) -> list[T]:
    """The items in a uniformly random order (Fisher–Yates with the system's generator)."""
    result = list(items)
    for last in range(len(result) - 1, 0, -1):
        other = random_below(last + 1)
        result[last], result[other] = result[other], result[last]
    return result
