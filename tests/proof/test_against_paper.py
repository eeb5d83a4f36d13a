"""Prover and verifier agree with the naive transcription on every ring of up to sixteen, at every place."""

from __future__ import annotations

import pytest

from ruban.errors import ProofInvalid
from ruban.proof import prove, verify_proof
from tests.proof.cast import LETTER, SALT, members, ring_of, statement_of
from tests.reference import paper

MESSAGE = b"a message"


@pytest.mark.parametrize("size", range(1, 17))
def test_prover_and_paper_make_the_same_bytes_at_every_place(size: int) -> None:
    ring, secrets = ring_of(size), members(size)
    statement = statement_of(ring, MESSAGE)
    for index, secret in enumerate(secrets):
        data = prove(ring, index, secret, LETTER, MESSAGE, nonce_salt=SALT)
        slow = paper.prove(statement, index, secret.x, secret.r, secret.nonce_key, SALT)
        assert data == slow.encode()
        assert paper.equations(statement, paper.parse(statement, data, ring.m)) == (True, True, True)


@pytest.mark.parametrize("size", [1, 4, 5, 16])
def test_verifier_and_paper_refuse_the_same_altered_scalars(size: int) -> None:
    ring, secrets = ring_of(size), members(size)
    statement = statement_of(ring, MESSAGE)
    data = prove(ring, size - 1, secrets[-1], LETTER, MESSAGE, nonce_salt=SALT)
    for place in range(ring.m + 4, len(data) // 32):
        altered = bytearray(data)
        altered[32 * place] ^= 1
        # Every scalar stands in an equation, so the paper's verifier refuses too.
        assert paper.equations(statement, paper.parse(statement, bytes(altered), ring.m)) != (True, True, True)
        with pytest.raises(ProofInvalid):
            verify_proof(ring, LETTER, MESSAGE, bytes(altered))
