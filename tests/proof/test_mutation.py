"""Every byte of a proof counts, and every field of what is said reaches the challenge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ruban.errors import FormatError, ProofInvalid
from ruban.primitives.group import G, add
from ruban.primitives.transcript import Tag, transcript
from ruban.proof import Ring, RingClaim, prove, verify_proof
from ruban.proof.codec import encode_proof, parse_proof
from tests.proof.cast import HEAD, LETTER, ROLL, SALT, SLOT, member, ring_of

RING = ring_of(5)
MESSAGE = b"a message"
PROOF = prove(RING, 2, member(2), LETTER, MESSAGE, nonce_salt=SALT)


def refuses(data: bytes) -> None:
    with pytest.raises((FormatError, ProofInvalid)):
        verify_proof(RING, LETTER, MESSAGE, data)


def test_one_flipped_bit_in_every_byte_is_refused() -> None:
    verify_proof(RING, LETTER, MESSAGE, PROOF)
    for at in range(len(PROOF)):
        refuses(PROOF[:at] + bytes([PROOF[at] ^ 1 << at % 8]) + PROOF[at + 1 :])


@pytest.mark.slow
def test_every_flipped_bit_is_refused() -> None:
    for bit in range(8 * len(PROOF)):
        at = bit // 8
        refuses(PROOF[:at] + bytes([PROOF[at] ^ 1 << bit % 8]) + PROOF[at + 1 :])


def test_every_part_of_the_first_message_changes_the_challenge() -> None:
    proof = parse_proof(PROOF, RING.m)
    moved: list[dict[str, Any]] = [{name: add(getattr(proof, name), G)} for name in ("P", "A", "B", "R")]
    moved += [{"Q": tuple(add(Q, G) if e == at else Q for e, Q in enumerate(proof.Q))} for at in range(RING.m)]
    challenges = {RingClaim.parse(RING, LETTER, MESSAGE, encode_proof(replace(proof, **one))).xi for one in moved}
    challenges.add(RingClaim.parse(RING, LETTER, MESSAGE, PROOF).xi)
    assert len(challenges) == 4 + RING.m + 1


def test_no_response_changes_the_challenge() -> None:
    # They are answers to it. Were one inside, no proof could be made.
    for at in range(32 * (RING.m + 4), len(PROOF), 32):
        altered = PROOF[:at] + bytes([PROOF[at] ^ 1]) + PROOF[at + 1 :]
        assert RingClaim.parse(RING, LETTER, MESSAGE, altered).xi == RingClaim.parse(RING, LETTER, MESSAGE, PROOF).xi


@pytest.mark.parametrize(
    "changed",
    [
        {"roll_id": bytes(32)},
        {"head": bytes(32)},
        {"selector": "role:all"},
        {"slot": SLOT + 1},
        {"stubs": RING.stubs[::-1]},
        {"stubs": RING.stubs[:4]},
        {"stubs": (*RING.stubs, member(9).stub)},
    ],
    ids=str,
)
def test_every_field_of_a_ring_changes_its_digest(changed: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"roll_id": ROLL, "head": HEAD, "selector": "all", "slot": SLOT, "stubs": RING.stubs}
    assert Ring(**fields).digest == RING.digest
    assert Ring(**{**fields, **changed}).digest != RING.digest


def test_letter_and_message_change_the_challenge() -> None:
    xi = RingClaim.parse(RING, LETTER, MESSAGE, PROOF).xi
    assert RingClaim.parse(RING, bytes(32), MESSAGE, PROOF).xi != xi
    assert RingClaim.parse(RING, LETTER, MESSAGE + b"\0", PROOF).xi != xi


@pytest.mark.parametrize("tag", list(Tag))
def test_every_field_of_every_transcript_changes_its_digest(tag: Tag) -> None:
    values = [bytes([number]) * 8 for number in range(len(tag.fields))]
    digests = {transcript(tag, *values)}
    for number in range(len(values)):
        for other in (b"", b"\xff" * 8, values[number] + b"\0"):
            digests.add(transcript(tag, *values[:number], other, *values[number + 1 :]))
    assert len(digests) == 1 + 3 * len(values)
