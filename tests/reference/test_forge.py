"""What is forged from a whole ring's secrets is what the real prover makes."""

from __future__ import annotations

import pytest

from ruban.proof import prove, verify_proof
from tests.proof.cast import LETTER, SALT, members, ring_of
from tests.reference.forge import forge


@pytest.mark.parametrize(("size", "index"), [(1, 0), (2, 1), (4, 2), (5, 4), (16, 9), (17, 16), (70, 69)])
def test_a_forged_proof_has_the_bytes_of_a_real_one(size: int, index: int) -> None:
    ring, secrets = ring_of(size), members(size)
    forged = forge(ring, secrets, index, LETTER, b"m", nonce_salt=SALT)
    assert forged == prove(ring, index, secrets[index], LETTER, b"m", nonce_salt=SALT)


def test_a_forged_proof_over_770_stubs_verifies() -> None:
    verify_proof(ring_of(770), LETTER, b"m", forge(ring_of(770), members(770), 769, LETTER, b"m"))
