"""Perfect witness indistinguishability, by counting: in a group of 2 or 3 elements all randomness is tried.

The naive prover runs unchanged, only its group is the integers mod q. For a fixed ring and tag each stub can be opened
to the tag's serial, with one blinding each; whichever opening is used, each transcript comes out equally often.
"""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from tests.reference import paper

Answers = Counter[tuple[object, ...]]


def use_toy_group(monkeypatch: pytest.MonkeyPatch, q: int) -> None:
    """Make the paper's group the integers mod q, each a byte, with the generators 1 and q − 1."""
    monkeypatch.setattr(paper, "L", q)
    monkeypatch.setattr(paper, "IDENTITY", b"\0")
    monkeypatch.setattr(paper, "add", lambda a, b: bytes([(a[0] + b[0]) % q]))
    monkeypatch.setattr(paper, "multiply", lambda k, P: bytes([k * P[0] % q]))
    monkeypatch.setattr(paper, "multiply_base", lambda k: bytes([k % q]))
    monkeypatch.setattr(paper, "H", bytes([q - 1]))
    K = [[[bytes([1 + (c + j + d) % (q - 1) if q > 2 else 1]) for d in range(4)] for j in range(7)] for c in range(2)]
    monkeypatch.setattr(paper, "K", K)


def transcripts(ring: list[int], index: int, x: int, s: int, q: int, m: int, fixed_rho: bool = False) -> Answers:
    """How often each transcript comes out when the stub at `index` is the one that is opened."""
    r = (ring[index] - s) * pow(q - 1, -1, q) % q
    stubs, counted = [bytes([C]) for C in ring], Counter[tuple[object, ...]]()
    for values in product(range(q), repeat=3 + 4 * m):
        if fixed_rho and any(values[3 : 3 + m]):
            continue
        nonces = paper.Nonces.take(values, m)
        first = paper.commit(stubs, index, bytes([x]), nonces)
        for xi in range(1, q):
            answer = paper.respond(first, index, x, r, nonces, xi)
            counted[(answer.first, xi, answer.f, answer.z_A, answer.z, answer.z_P)] += 1
    return counted


@pytest.mark.parametrize(("q", "m", "ring"), [(3, 1, [0, 1, 2, 1]), (3, 1, [2, 0]), (2, 2, [0, 1, 1, 0, 1])])
def test_every_member_makes_every_transcript_equally_often(
    monkeypatch: pytest.MonkeyPatch, q: int, m: int, ring: list[int]
) -> None:
    use_toy_group(monkeypatch, q)
    x, s = 1, q - 1
    counted = [transcripts(ring, index, x, s, q, m) for index in range(len(ring))]
    assert sum(counted[0].values()) == q ** (3 + 4 * m) * (q - 1)
    assert all(other == counted[0] for other in counted[1:])


@pytest.mark.slow
def test_every_member_makes_every_transcript_equally_often_in_a_group_of_five(monkeypatch: pytest.MonkeyPatch) -> None:
    use_toy_group(monkeypatch, 5)
    assert transcripts([0, 3], 0, 4, 2, 5, 1) == transcripts([0, 3], 1, 4, 2, 5, 1)


def test_a_prover_that_leaves_a_mask_out_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    use_toy_group(monkeypatch, 3)
    ring = [0, 1, 2]
    assert transcripts(ring, 0, 1, 2, 3, 1, fixed_rho=True) != transcripts(ring, 1, 1, 2, 3, 1, fixed_rho=True)
