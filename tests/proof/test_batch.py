"""Batches: errors that cancel are found, culprits are named and nobody else, sums agree with the naive ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruban.errors import ProofInvalid
from ruban.primitives.group import IDENTITY, G, add, multiply, multiply_base, subtract
from ruban.primitives.scalar import L, encode_scalar
from ruban.primitives.transcript import Tag, challenge
from ruban.proof import (
    BatchInvalid,
    Claim,
    ControlClaim,
    EnrolmentClaim,
    NameClaim,
    RingClaim,
    enrol,
    prove,
    prove_enrolment,
    sign_control,
    sign_name,
    statement,
    verify,
    verify_batch,
)
from ruban.proof.batch import WeightedSum, ring_coefficients
from ruban.proof.generators import H
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from tests.proof.cast import LETTER, ROLL, SALT, member, members, ring_of
from tests.reference.paper import digits_of


def ring_claim(size: int, index: int, message: bytes = b"m") -> RingClaim:
    ring = ring_of(size)
    return RingClaim.parse(ring, LETTER, message, prove(ring, index, member(index), LETTER, message, nonce_salt=SALT))


def moved(claim: RingClaim, **by: int) -> RingClaim:
    """The claim with some responses moved; its challenge stays, for they are not in it."""
    scalars = {name: (getattr(claim.proof, name) + value) % L for name, value in by.items()}
    return replace(claim, proof=replace(claim.proof, **scalars))


ONE, TWO = ring_claim(5, 1), ring_claim(5, 3)


def one_weight_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (verify, enrol, statement):
        monkeypatch.setattr(module, "random_weight", lambda: 1)


# Each pair or claim adds up to nothing when every equation has the same weight.
CANCELLING = {
    "two proofs, z_P": [moved(ONE, z_P=1), moved(TWO, z_P=-1)],
    "two proofs, z_A": [moved(ONE, z_A=5), moved(TWO, z_A=-5)],
    "two proofs, z": [moved(ONE, z=L - 1), moved(TWO, z=1)],
    "z_A of one against z of another": [moved(ONE, z_A=1), moved(TWO, z=1)],
}


@pytest.mark.parametrize("name", CANCELLING)
def test_a_batch_refuses_proofs_whose_errors_cancel(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(BatchInvalid) as caught:
        verify_batch(CANCELLING[name])
    assert caught.value.culprits == (0, 1)
    one_weight_for_all(monkeypatch)
    verify_batch(CANCELLING[name])


def test_a_proof_refuses_errors_that_cancel_between_its_own_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = moved(ONE, z_A=7, z=7)
    with pytest.raises(BatchInvalid) as caught:
        verify_batch([claim])
    assert caught.value.culprits == (0,)
    one_weight_for_all(monkeypatch)
    verify_batch([claim])


def test_a_signature_by_name_refuses_errors_that_cancel_between_its_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    ring, own = ring_of(5), member(2)
    sd = name_statement(ring, 2, LETTER, own.tag, 0, NO_PREVIOUS, b"body")
    # Both first messages are moved before the challenge, against each other, and then answered honestly.
    R1, R2 = add(multiply_base(5), G), subtract(multiply(6, H), G)
    xi = challenge(Tag.NAME_CHALLENGE, sd, R1 + R2)
    data = R1 + R2 + encode_scalar(5 + xi * own.x) + encode_scalar(6 + xi * own.r)
    claim = NameClaim.parse(ring, 2, sd, own.tag, data)
    with pytest.raises(BatchInvalid):
        verify_batch([claim])
    one_weight_for_all(monkeypatch)
    verify_batch([claim])


def mixed() -> tuple[list[Claim], list[Claim]]:
    """Nine claims of every kind that hold, and the same ones made false."""
    whole = [member(4, slot) for slot in range(3)]
    row, stubs = prove_enrolment(ROLL, b"row", whole), [secret.stub for secret in whole]
    own, ring = member(2), ring_of(5)
    said = control_statement(LETTER, own.tag, 1, NO_PREVIOUS, b"body")
    named = name_statement(ring, 2, LETTER, own.tag, 0, NO_PREVIOUS, b"body")
    enrolled = EnrolmentClaim.parse(ROLL, b"row", stubs, row)
    control = ControlClaim.parse(said, own.tag, sign_control(own, said))
    name = NameClaim.parse(ring, 2, named, own.tag, sign_name(ring, 2, own, named))
    rings = [ring_claim(5, 0), ring_claim(5, 4), ring_claim(1, 0), ring_claim(17, 16), ring_claim(5, 0, b"other")]
    good: list[Claim] = [*rings, enrolled, control, name, ring_claim(2, 1)]
    bad: list[Claim] = [
        *(moved(claim, z=1) for claim in rings),
        replace(enrolled, z_s=enrolled.z_s + 1),
        replace(control, z=control.z + 1),
        replace(name, z2=name.z2 + 1),
        moved(ring_claim(2, 1), z_A=1),
    ]
    return good, bad


GOOD, BAD = mixed()


def test_a_batch_of_every_kind_holds() -> None:
    verify_batch(GOOD)
    verify_batch([])


@given(st.sets(st.integers(0, len(GOOD) - 1), min_size=1))
@settings(max_examples=30, deadline=None)
def test_exactly_the_culprits_are_named(false: set[int]) -> None:
    with pytest.raises(BatchInvalid) as caught:
        verify_batch([BAD[i] if i in false else GOOD[i] for i in range(len(GOOD))])
    assert caught.value.culprits == tuple(sorted(false))
    assert str(len(false)) in str(caught.value)


def test_two_errors_that_look_like_one_between_them_are_both_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places 1 and 3 with the same error look like place 2 with twice as much, where every weight is the same."""
    false = [moved(ONE, z=1), TWO, moved(ONE, z=1), TWO]
    one_weight_for_all(monkeypatch)
    with pytest.raises(BatchInvalid) as fooled:
        verify_batch(false)
    assert fooled.value.culprits == (1,)
    monkeypatch.undo()
    with pytest.raises(BatchInvalid) as caught:
        verify_batch(false)
    assert caught.value.culprits == (0, 2)


def test_weights_are_drawn_for_every_equation_and_kept_to_search(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def weight() -> int:
        drawn.append(len(drawn) + 1)
        return drawn[-1]

    monkeypatch.setattr(verify, "random_weight", weight)
    with pytest.raises(ProofInvalid):
        verify_batch([ONE, moved(TWO, z=1)])
    assert len(drawn) == 3 * 2
    with pytest.raises(ProofInvalid):
        verify_batch([ONE, moved(TWO, z=1)])
    assert len(drawn) == 2 * 3 * 2, "another attempt, other weights"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 100, 257])
def test_the_coefficients_are_those_of_the_naive_sum(size: int) -> None:
    ring = ring_of(size)
    weights = [3, L - 1, 2**128 - 1]
    # The largest residues there are, so that a lane too narrow would overflow.
    F = [[[(L - 1 - t - 5 * j - d) % L for d in range(4)] for j in range(ring.m)] for t in range(len(weights))]
    for rows in F:
        for row in rows:
            row[0] = (L - 2 - sum(row[1:])) % L
    naive = [0] * size
    for weight, rows in zip(weights, F, strict=True):
        for i in range(4**ring.m):
            c = weight
            for j, d in enumerate(digits_of(i, ring.m)):
                c = c * rows[j][d] % L
            naive[min(i, size - 1)] = (naive[min(i, size - 1)] + c) % L
    assert ring_coefficients(ring, list(zip(weights, F, strict=True))) == naive


def test_an_empty_sum_is_the_identity_and_any_term_is_not() -> None:
    total = WeightedSum()
    assert total.total() == IDENTITY
    total.add(members(1)[0].stub, 1)
    assert total.total() == members(1)[0].stub
