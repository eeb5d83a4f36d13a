"""Promises by the receipt key, and proofs that an entry was recorded."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import CheckpointInvalid, FormatError, InclusionInvalid, SignatureInvalid
from ruban.log.checkpoint import Checkpoint, sign_checkpoint
from ruban.log.merkle import hashes_in_memory, inclusion_proof, leaf_hash, root_of
from ruban.log.note import SignerKey, parse_note, sign_note
from ruban.log.receipt import (
    Promise,
    TlogProof,
    encode_promise,
    encode_tlog_proof,
    open_promise,
    parse_promise,
    parse_tlog_proof,
    receipt_key_name,
    sign_promise,
    verify_tlog_proof,
)
from ruban.primitives.ed25519 import public_key

ORIGIN = "ruban.example/lettre"
LOG_SEED, RECEIPT_SEED = b"\x03" * 32, b"\x04" * 32
LOG_KEY, RECEIPT_KEY = public_key(LOG_SEED), public_key(RECEIPT_SEED)
HASHES = [leaf_hash(bytes([i])) for i in range(11)]
PROMISE = Promise(origin=ORIGIN, leaf_hash=HASHES[5], due_unix_seconds=1_795_338_000)
TEXT = encode_promise(PROMISE)
CHECKPOINT = sign_checkpoint(Checkpoint(origin=ORIGIN, size=11, root=root_of(HASHES)), LOG_SEED)
PROOF = TlogProof(
    index=5, path=tuple(inclusion_proof(hashes_in_memory(HASHES), 5, 11)), checkpoint=CHECKPOINT, extra=b"hello"
)
PROOF_BYTES = encode_tlog_proof(PROOF)


def test_a_signed_promise_opens_for_its_log_and_key() -> None:
    assert open_promise(sign_promise(PROMISE, RECEIPT_SEED), ORIGIN, RECEIPT_KEY) == PROMISE


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**53 - 1))
def test_every_promise_comes_back(leaf: bytes, due: int) -> None:
    promise = Promise(origin=ORIGIN, leaf_hash=leaf, due_unix_seconds=due)
    assert parse_promise(encode_promise(promise)) == promise


@given(st.data())
def test_whatever_promise_is_accepted_is_the_encoding_of_what_it_says(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TEXT)))
    end = data.draw(st.integers(at, min(at + 2, len(TEXT))))
    changed = TEXT[:at] + data.draw(st.text("0123456789+-_=\n\r A٣", max_size=2)) + TEXT[end:]
    try:
        promise = parse_promise(changed)
    except FormatError:
        return
    assert encode_promise(promise) == changed


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (TEXT.replace("receipt/v1", "receipt/v2"), "promise header"),
        (TEXT.replace(ORIGIN, "a b"), "promise origin"),
        (TEXT.replace("=\n", "\n"), "promise leaf hash"),
        (TEXT.replace(TEXT.split("\n")[2], "AAAA"), "promise leaf hash"),
        (TEXT.replace("1795338000", "01795338000"), "promise time"),
        (TEXT.replace("1795338000", "1795338000.5"), "promise time"),
        (TEXT.replace("1795338000", str(2**53)), "promise time"),
        (TEXT.replace("\n", "\r\n"), "promise header"),
        (TEXT + "more\n", "promise"),
        (TEXT[:-1], "promise"),
    ],
)
def test_a_promise_that_is_not_canonical_is_not_parsed(text: str, field: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_promise(text)
    assert caught.value.field == field


def test_a_promise_with_any_byte_changed_is_refused() -> None:
    note = sign_promise(PROMISE, RECEIPT_SEED)
    for at in range(len(note)):
        changed = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        with pytest.raises((FormatError, SignatureInvalid)):
            open_promise(changed, ORIGIN, RECEIPT_KEY)


def test_a_promise_for_another_log_is_refused_even_if_the_key_is_the_same() -> None:
    text = parse_note(sign_promise(dataclasses.replace(PROMISE, origin="ruban.example/x"), RECEIPT_SEED)).text
    relabelled = sign_note(text, SignerKey(name=receipt_key_name(ORIGIN), seed=RECEIPT_SEED))
    with pytest.raises(SignatureInvalid) as caught:
        open_promise(relabelled, ORIGIN, RECEIPT_KEY)
    assert caught.value.field == "promise origin"


def test_the_longest_origin_has_room_for_its_receipt_key() -> None:
    promise = dataclasses.replace(PROMISE, origin="a" * 240)
    assert open_promise(sign_promise(promise, RECEIPT_SEED), "a" * 240, RECEIPT_KEY) == promise


def test_a_checkpoint_is_no_promise_and_a_promise_no_checkpoint() -> None:
    with pytest.raises(SignatureInvalid):
        open_promise(CHECKPOINT, ORIGIN, LOG_KEY)
    with pytest.raises(CheckpointInvalid):
        verify_tlog_proof(
            dataclasses.replace(PROOF, checkpoint=sign_promise(PROMISE, LOG_SEED)), HASHES[5], ORIGIN, LOG_KEY
        )


def test_a_proof_verifies_for_its_leaf() -> None:
    proof = parse_tlog_proof(PROOF_BYTES)
    assert proof == PROOF
    verify_tlog_proof(proof, HASHES[5], ORIGIN, LOG_KEY)


def test_a_proof_without_extra_data_or_path_comes_back() -> None:
    checkpoint = sign_checkpoint(Checkpoint(origin=ORIGIN, size=1, root=HASHES[0]), LOG_SEED)
    proof = TlogProof(index=0, path=(), checkpoint=checkpoint)
    assert encode_tlog_proof(proof).startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nruban.example/lettre\n1\n")
    assert parse_tlog_proof(encode_tlog_proof(proof)) == proof
    verify_tlog_proof(proof, HASHES[0], ORIGIN, LOG_KEY)
    # Empty extra data is another text than none.
    empty = dataclasses.replace(proof, extra=b"")
    assert parse_tlog_proof(encode_tlog_proof(empty)) == empty


def test_a_proof_for_another_leaf_index_or_path_is_refused() -> None:
    cases = [
        (PROOF, HASHES[4]),
        (dataclasses.replace(PROOF, index=4), HASHES[5]),
        (dataclasses.replace(PROOF, index=11), HASHES[5]),
        (dataclasses.replace(PROOF, path=PROOF.path[:-1]), HASHES[5]),
        (dataclasses.replace(PROOF, path=(*PROOF.path, HASHES[0])), HASHES[5]),
        *(
            (dataclasses.replace(PROOF, path=(*PROOF.path[:i], bytes(32), *PROOF.path[i + 1 :])), HASHES[5])
            for i in range(len(PROOF.path))
        ),
    ]
    for proof, leaf in cases:
        with pytest.raises(InclusionInvalid):
            verify_tlog_proof(proof, leaf, ORIGIN, LOG_KEY)


def test_a_proof_under_another_key_or_log_is_refused() -> None:
    with pytest.raises(CheckpointInvalid):
        verify_tlog_proof(PROOF, HASHES[5], ORIGIN, RECEIPT_KEY)
    with pytest.raises(CheckpointInvalid):
        verify_tlog_proof(PROOF, HASHES[5], "ruban.example/autre", LOG_KEY)


@given(st.data())
def test_whatever_proof_is_accepted_is_the_encoding_of_what_it_says(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PROOF_BYTES)))
    end = data.draw(st.integers(at, min(at + 2, len(PROOF_BYTES))))
    changed = PROOF_BYTES[:at] + data.draw(st.sampled_from([b"", b"\n", b" ", b"0", b"=", b"A"])) + PROOF_BYTES[end:]
    try:
        proof = parse_tlog_proof(changed)
    except FormatError:
        return
    assert encode_tlog_proof(proof) == changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"@v1", b"@v2"),
        (b"index 5", b"index 05"),
        (b"index 5", b"index 5 "),
        (b"index 5\n", b""),
        (b"index 5", b"Index 5"),
        (b"extra ", b"extra"),
        (b"extra aGVsbG8=", b"extra aGVsbG9="),
        (b"extra aGVsbG8=\n", b"extra aGVsbG8=\nextra aGVsbG8=\n"),
        (b"extra aGVsbG8=\nindex 5\n", b"index 5\nextra aGVsbG8=\n"),
        (b"\n", b"\r\n"),
        (b"index 5", "index ٥".encode()),
        (b"index 5", b"index \xff"),
        (CHECKPOINT, b"no note\n"),
        (CHECKPOINT, b""),
    ],
)
def test_a_proof_that_is_not_canonical_is_not_parsed(old: bytes, new: bytes) -> None:
    assert old in PROOF_BYTES
    with pytest.raises(FormatError):
        parse_tlog_proof(PROOF_BYTES.replace(old, new))


def test_bounds_of_a_proof_are_kept() -> None:
    many = dataclasses.replace(PROOF, path=(bytes(32),) * 64)
    long = dataclasses.replace(PROOF, extra=bytes(16_385))
    short = dataclasses.replace(PROOF, path=(bytes(31),))
    for proof in (many, long, short):
        with pytest.raises(ValueError, match="expected"):
            encode_tlog_proof(proof)
    with pytest.raises(FormatError):
        parse_tlog_proof(PROOF_BYTES + b"x" * 200_000)
