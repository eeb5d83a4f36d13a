"""Attacks, each by its name: hijacked names, denied spending, second tags, doubled stubs, traps of the library."""

from __future__ import annotations

import pytest

from ruban.errors import FormatError, ProofInvalid
from ruban.primitives.group import IDENTITY, G, add, multiply, multiply_base
from ruban.primitives.scalar import L, encode_scalar
from ruban.primitives.transcript import Tag, challenge
from ruban.proof import ControlClaim, EnrolmentClaim, NameClaim, Ring, parse_ring, prove, verify_batch, verify_proof
from ruban.proof.codec import proof_bytes
from ruban.proof.generators import H
from ruban.proof.statement import NO_PREVIOUS, control_statement, name_statement
from tests.proof.cast import HEAD, LETTER, ROLL, SALT, SLOT, member, ring_of, statement_of
from tests.reference import paper

VICTIM, THIEF = member(1), member(98)
COPIED = add(multiply_base(VICTIM.s), multiply(THIEF.r, H))
"""The thief's stub: the victim's serial, known since the victim's tag is, under a blinding of the thief's own."""


def ring_with_thief() -> Ring:
    stubs = (*ring_of(5).stubs[:4], COPIED)
    return Ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=stubs)


def test_a_copied_serial_cannot_claim_the_victims_signature_by_name() -> None:
    ring = ring_with_thief()
    sd = name_statement(ring, 4, LETTER, VICTIM.tag, 0, NO_PREVIOUS, b"it was me")
    k1, k2 = 11, 12
    R1, R2 = multiply_base(k1), multiply(k2, H)
    xi = challenge(Tag.NAME_CHALLENGE, sd, R1 + R2)
    # The blinding is the thief's, so the second equation holds; only the key is missing.
    data = R1 + R2 + encode_scalar(k1 + xi * THIEF.x) + encode_scalar(k2 + xi * THIEF.r)
    with pytest.raises(ProofInvalid):
        verify_batch([NameClaim.parse(ring, 4, sd, VICTIM.tag, data)])
    honest = R1 + R2 + encode_scalar(k1 + xi * VICTIM.x) + encode_scalar(k2 + xi * THIEF.r)
    verify_batch([NameClaim.parse(ring, 4, sd, VICTIM.tag, honest)])


def test_a_copied_serial_cannot_spend_the_victims_tag_first() -> None:
    ring = ring_with_thief()
    about = statement_of(ring, b"m")
    nonces = paper.Nonces.take(paper.nonce_list(b"thief", SALT, b"", 11), 2)
    first = paper.commit(ring.stubs, 4, VICTIM.tag, nonces)
    proof = paper.respond(first, 4, THIEF.x, THIEF.r, nonces, paper.challenge_of(about, first))
    assert paper.equations(about, proof) == (True, True, False)
    with pytest.raises(ProofInvalid):
        verify_proof(ring, LETTER, b"m", proof.encode())


def test_a_serial_of_ones_choice_fits_no_tag() -> None:
    # The serial is the hash of the tag, so a stub with another one opens to no tag that anybody could present.
    chosen = add(multiply_base(VICTIM.s + 1), multiply(THIEF.r, H))
    ring = Ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=(*ring_of(5).stubs[:4], chosen))
    about = statement_of(ring, b"m")
    for x in (VICTIM.x, THIEF.x):
        proof = paper.prove(about, 4, x, THIEF.r, b"k" * 64, SALT)
        assert paper.equations(about, proof) == (True, False, True)
        with pytest.raises(ProofInvalid):
            verify_proof(ring, LETTER, b"m", proof.encode())


def test_the_identity_is_no_tag() -> None:
    about = statement_of(ring_of(5), b"m")
    proof = paper.prove(about, 1, 0, VICTIM.r, b"k" * 64, SALT)
    assert proof.P == IDENTITY
    with pytest.raises(FormatError) as caught:
        verify_proof(ring_of(5), LETTER, b"m", proof.encode())
    assert caught.value.field == "P"
    sd = control_statement(LETTER, IDENTITY, 1, NO_PREVIOUS, b"")
    with pytest.raises(FormatError) as caught:
        ControlClaim.parse(sd, IDENTITY, multiply_base(5) + encode_scalar(5))
    assert caught.value.field == "tag"
    with pytest.raises(FormatError) as caught:
        NameClaim.parse(ring_of(5), 1, sd, IDENTITY, G + G + bytes(64))
    assert caught.value.field == "tag"


def test_a_stub_cannot_stand_twice_in_two_encodings() -> None:
    # libsodium 1.0.18 decodes both to the same element.
    stub = ring_of(5).stubs[0]
    doubled = stub[:31] + bytes([stub[31] | 0x80])
    with pytest.raises(FormatError) as caught:
        parse_ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=[stub, doubled])
    assert caught.value.field == "stub 1"
    with pytest.raises(FormatError) as caught:
        EnrolmentClaim.parse(ROLL, b"row", [stub, doubled], G + bytes(64))
    assert caught.value.field == "stub 1"


def test_a_ring_made_by_hand_may_not_hold_the_identity_or_a_stub_twice() -> None:
    stubs = ring_of(5).stubs
    for odd in ((*stubs, IDENTITY), (*stubs, stubs[0]), ()):
        with pytest.raises(FormatError):
            Ring(roll_id=ROLL, head=HEAD, selector="all", slot=SLOT, stubs=odd)


def test_a_place_before_the_first_is_not_the_last() -> None:
    sd = control_statement(LETTER, VICTIM.tag, 0, NO_PREVIOUS, b"")
    for index in (-1, 5):
        with pytest.raises(FormatError) as caught:
            NameClaim.parse(ring_of(5), index, sd, VICTIM.tag, G + G + bytes(64))
        assert caught.value.field == "index"
        with pytest.raises(FormatError):
            name_statement(ring_of(5), index, LETTER, VICTIM.tag, 0, NO_PREVIOUS, b"")


@pytest.mark.parametrize("name", ["z_A", "z", "z_P", "f_0,1"])
def test_a_response_with_the_order_added_is_refused_before_it_is_used(name: str) -> None:
    # Scalar multiplication takes s + l for s: without the check one proof would have two encodings.
    data = prove(ring_of(5), 2, member(2), LETTER, b"m", nonce_salt=SALT)
    at = {"f_0,1": 6, "z_A": 12, "z": 13, "z_P": 14}[name] * 32
    more = int.from_bytes(data[at : at + 32], "little") + L
    with pytest.raises(FormatError) as caught:
        verify_proof(ring_of(5), LETTER, b"m", data[:at] + more.to_bytes(32, "little") + data[at + 32 :])
    assert caught.value.field == name


def test_a_challenge_of_zero_is_refused_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    ring, own = ring_of(5), member(2)
    data = prove(ring, 2, own, LETTER, b"m", nonce_salt=SALT)
    sd = control_statement(LETTER, own.tag, 1, NO_PREVIOUS, b"")
    from ruban.proof import enrol, statement, verify

    for module in (enrol, statement, verify):
        monkeypatch.setattr(module, "challenge", lambda *_: 0)
    refused = (
        lambda: verify_proof(ring, LETTER, b"m", data),
        lambda: ControlClaim.parse(sd, own.tag, G + bytes(32)),
        lambda: NameClaim.parse(ring, 2, sd, own.tag, G + G + bytes(64)),
        lambda: EnrolmentClaim.parse(ROLL, b"row", [own.stub], G + bytes(64)),
    )
    for attempt in refused:
        with pytest.raises(ProofInvalid) as caught:
            attempt()
        assert caught.value.field == "challenge"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_identifiers_of_another_length_are_refused(size: int) -> None:
    ring, own = ring_of(5), member(2)
    data = prove(ring, 2, own, LETTER, b"m", nonce_salt=SALT)
    refused = (
        ("letter", lambda: verify_proof(ring, bytes(size), b"m", data)),
        ("letter", lambda: control_statement(bytes(size), own.tag, 1, NO_PREVIOUS, b"")),
        ("letter", lambda: name_statement(ring, 2, bytes(size), own.tag, 0, NO_PREVIOUS, b"")),
        ("prev", lambda: control_statement(LETTER, own.tag, 1, bytes(size), b"")),
        ("prev", lambda: name_statement(ring, 2, LETTER, own.tag, 0, bytes(size), b"")),
    )
    for field, attempt in refused:
        with pytest.raises(FormatError) as caught:
            attempt()
        assert caught.value.field == field


def test_no_bytes_of_the_right_length_crash_the_verifier() -> None:
    for size in (0, 1, 31, 32, proof_bytes(2) - 1, proof_bytes(2), proof_bytes(3)):
        for fill in (0, 1, 0x7F, 0xFF):
            with pytest.raises(FormatError):
                verify_proof(ring_of(5), LETTER, b"m", bytes([fill]) * size)
