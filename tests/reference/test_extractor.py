"""Special soundness: m + 1 answers to one first message give back the index, the blinding and the key."""

from __future__ import annotations

import pytest

from ruban.primitives.group import add, multiply, multiply_base
from tests.proof.cast import SALT, members, ring_of, statement_of
from tests.reference import paper

L = paper.L


def leading_coefficient(values: dict[int, int]) -> int:
    """Of the polynomial of degree len(values) − 1 that takes these values (Lagrange)."""
    total = 0
    for at, value in values.items():
        below = 1
        for other in values:
            if other != at:
                below = below * (at - other) % L
        total += value * pow(below, -1, L)
    return total % L


def extract(answers: list[paper.Transcript]) -> tuple[int, int, int]:
    """(index, r, x) from m + 1 accepting transcripts with one first message, from what is public alone."""
    one, two = answers[0], answers[1]
    gap = pow(one.xi - two.xi, -1, L)
    index = 0
    for j, (row, other) in enumerate(zip(one.f, two.f, strict=True)):
        # f = σ ξ + a is a line in ξ, and σ its slope.
        slopes = [(a - b) * gap % L for a, b in zip(row, other, strict=True)]
        slopes = [(1 - sum(slopes)) % L, *slopes]
        assert sorted(slopes) == [0, 0, 0, 1]
        index += slopes.index(1) * 4**j
    # z = r ξ^m − Σ ρ_e ξ^e is a polynomial of degree m in ξ, and r its leading coefficient.
    r = leading_coefficient({answer.xi: answer.z for answer in answers})
    return index, r, (one.z_P - two.z_P) * gap % L


@pytest.mark.parametrize(("size", "index"), [(1, 0), (3, 2), (4, 0), (5, 4), (16, 11), (17, 16)])
def test_answers_to_one_first_message_give_the_secret(size: int, index: int) -> None:
    ring, secret = ring_of(size), members(size)[index]
    statement = statement_of(ring, b"said")
    nonces = paper.Nonces.take(paper.nonce_list(b"extractor", SALT, b"", 3 + 4 * ring.m), ring.m)
    first = paper.commit(ring.stubs, index, secret.tag, nonces)
    answers = [
        paper.respond(first, index, secret.x, secret.r, nonces, 1000 + 7 * number) for number in range(ring.m + 1)
    ]
    assert all(paper.equations(statement, answer) == (True, True, True) for answer in answers)
    found, r, x = extract(answers)
    assert (found, r, x) == (index, secret.r, secret.x)
    assert ring.stubs[found] == add(multiply_base(statement.serial(multiply_base(x))), multiply(r, paper.H))


def test_one_answer_fewer_does_not_give_the_blinding() -> None:
    ring, secret = ring_of(5), members(5)[3]
    nonces = paper.Nonces.take(paper.nonce_list(b"extractor", SALT, b"", 11), 2)
    first = paper.commit(ring.stubs, 3, secret.tag, nonces)
    answers = [paper.respond(first, 3, secret.x, secret.r, nonces, xi) for xi in (5, 9)]
    assert extract(answers)[1] != secret.r
