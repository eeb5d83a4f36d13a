"""A prover proves only what its secret opens, never reuses a nonce, and checks before it releases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from ruban.errors import ProofInvalid
from ruban.primitives.scalar import encode_scalar
from ruban.proof import (
    BatchInvalid,
    ControlClaim,
    NameClaim,
    enrol,
    prove,
    prove_enrolment,
    prove_together,
    sign_control,
    sign_name,
    statement,
    verify_batch,
    verify_proof,
)
from ruban.proof.codec import Proof, encode_proof
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from tests.proof.cast import LETTER, ROLL, SALT, member, ring_of

# By name: the package gives the function `prove`, which hides the module.
prove_module: Any = import_module("ruban.proof.prove")


def test_two_proofs_of_one_statement_share_the_tag_and_nothing_else() -> None:
    one, two = (prove(ring_of(5), 2, member(2), LETTER, b"m") for _ in range(2))
    for data in (one, two):
        verify_proof(ring_of(5), LETTER, b"m", data)
    same = [at // 32 for at in range(0, len(one), 32) if one[at : at + 32] == two[at : at + 32]]
    assert same == [0]


def test_the_tag_is_the_same_over_every_ring_and_another_in_another_slot() -> None:
    tags = {prove(ring_of(size), 0, member(0), LETTER, b"m")[:32] for size in (1, 2, 5)}
    assert tags == {member(0).tag}
    assert member(0, 4).tag not in tags


@pytest.mark.parametrize(("index", "number"), [(3, 2), (-1, 4), (5, 2), (2, 99)])
def test_a_secret_that_does_not_open_the_stub_is_the_callers_mistake(index: int, number: int) -> None:
    with pytest.raises(ValueError, match="does not open"):
        prove(ring_of(5), index, member(number), LETTER, b"m")
    with pytest.raises(ValueError, match="does not open"):
        sign_name(ring_of(5), index, member(number), b"sd")


@pytest.mark.parametrize("changed", [{"roll_id": bytes(32)}, {"slot": 4}])
def test_a_secret_for_another_roll_or_slot_is_the_callers_mistake(changed: dict[str, Any]) -> None:
    other = replace(member(2), **changed)
    with pytest.raises(ValueError, match="another roll or slot"):
        prove(ring_of(5), 2, other, LETTER, b"m")
    with pytest.raises(ValueError, match="another roll or slot"):
        sign_name(ring_of(5), 2, other, b"sd")


def test_a_challenge_of_zero_starts_again_with_fresh_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []
    real = prove_module.challenge

    def zero_once(tag: Any, sd: bytes, first: bytes) -> int:
        seen.append(first)
        return 0 if len(seen) == 1 else real(tag, sd, first)

    expected = prove(ring_of(2), 1, member(1), LETTER, b"m", nonce_salt=SALT)
    monkeypatch.setattr(prove_module, "challenge", zero_once)
    one = prove(ring_of(2), 1, member(1), LETTER, b"m", nonce_salt=SALT)
    seen.clear()
    two = prove(ring_of(2), 1, member(1), LETTER, b"m", nonce_salt=SALT)
    assert len(seen) == 2
    assert seen[0] != seen[1]
    # Though the salt was given, the second attempt does not follow from it.
    assert len({expected, one, two}) == 3
    verify_proof(ring_of(2), LETTER, b"m", two)


def test_a_fault_in_the_computation_does_not_leave_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    real = prove_module.encode_proof
    monkeypatch.setattr(prove_module, "encode_proof", lambda proof: real(proof)[:-32] + bytes(32))
    with pytest.raises(ProofInvalid):
        prove(ring_of(2), 1, member(1), LETTER, b"m")
    for module in (statement, enrol):
        monkeypatch.setattr(module, "encode_scalar", lambda value: encode_scalar(value + 1))
    attempts: tuple[Callable[[], bytes], ...] = (
        lambda: sign_control(member(1), b"sd"),
        lambda: sign_name(ring_of(2), 1, member(1), b"sd"),
        lambda: prove_enrolment(ROLL, b"row", [member(1)]),
    )
    for attempt in attempts:
        with pytest.raises(ProofInvalid):
            attempt()


def test_proofs_made_together_verify_alone() -> None:
    ring = ring_of(17)
    made = prove_together(ring, [(3, member(3)), (0, member(0)), (16, member(16))], LETTER, b"m")
    assert len(set(made)) == 3
    for data, tag in zip(made, (3, 0, 16), strict=True):
        assert data[:32] == member(tag).tag
        verify_proof(ring, LETTER, b"m", data)


def test_of_proofs_made_together_none_leaves_the_machine_if_one_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bytes] = []

    def faulty(proof: Proof) -> bytes:
        made.append(encode_proof(replace(proof, z_A=proof.z_A + len(made))))
        return made[-1]

    monkeypatch.setattr(prove_module, "encode_proof", faulty)
    with pytest.raises(BatchInvalid) as refused:
        prove_together(ring_of(5), [(0, member(0)), (1, member(1))], LETTER, b"m")
    assert refused.value.culprits == (1,)


def test_progress_rises_to_one() -> None:
    shares: list[float] = []
    prove(ring_of(17), 3, member(3), LETTER, b"m", progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(set(shares)) == 6


def test_a_row_without_stubs_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        prove_enrolment(ROLL, b"row", [])


def test_statements_by_tag_and_by_name_verify_for_what_they_say_alone() -> None:
    ring, own = ring_of(5), member(2)
    said = control_statement(LETTER, own.tag, 1, NO_PREVIOUS, b"withdraw")
    other = control_statement(LETTER, own.tag, 2, said, b"withdraw")
    data = sign_control(own, said)
    verify_batch([ControlClaim.parse(said, own.tag, data)])
    with pytest.raises(ProofInvalid):
        verify_batch([ControlClaim.parse(other, own.tag, data)])
    named = name_statement(ring, 2, LETTER, own.tag, 0, NO_PREVIOUS, b"name")
    data = sign_name(ring, 2, own, named)
    verify_batch([NameClaim.parse(ring, 2, named, own.tag, data)])
    with pytest.raises(ProofInvalid):
        verify_batch([NameClaim.parse(ring, 2, said, own.tag, data)])
