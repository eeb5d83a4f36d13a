"""Checkpoints: strict text, the right key once, the right log."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruban.errors import CheckpointInvalid, FormatError
from ruban.log.checkpoint import (
    Checkpoint,
    encode_checkpoint,
    grease_signature,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from ruban.log.merkle import EMPTY_ROOT
from ruban.log.note import SignerKey, parse_note, sign_note
from ruban.primitives.ed25519 import public_key

ORIGIN = "ruban.example/lettre"
SEED = b"\x03" * 32
PUBLIC = public_key(SEED)
CHECKPOINT = Checkpoint(origin=ORIGIN, size=1543, root=b"\x9f" * 32)
TEXT = encode_checkpoint(CHECKPOINT)


def test_a_signed_checkpoint_opens_for_its_origin_and_key() -> None:
    assert open_checkpoint(sign_checkpoint(CHECKPOINT, SEED), ORIGIN, PUBLIC) == CHECKPOINT


def test_a_grease_signature_is_skipped() -> None:
    note = sign_checkpoint(CHECKPOINT, SEED, grease_signature(b"\xaa" * 40))
    assert len(parse_note(note).signatures) == 2
    assert open_checkpoint(note, ORIGIN, PUBLIC) == CHECKPOINT


@given(
    st.text(st.characters(exclude_categories=["Z", "C"], exclude_characters="+"), min_size=1, max_size=60),
    st.integers(1, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_comes_back(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin=origin, size=size, root=root)
    assert parse_checkpoint(encode_checkpoint(checkpoint)) == checkpoint


@given(st.data())
def test_whatever_checkpoint_is_accepted_is_the_encoding_of_what_it_says(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TEXT)))
    end = data.draw(st.integers(at, min(at + 2, len(TEXT))))
    changed = TEXT[:at] + data.draw(st.text("0123456789+-_=\n\r A٣", max_size=2)) + TEXT[end:]
    try:
        checkpoint = parse_checkpoint(changed)
    except FormatError:
        return
    assert encode_checkpoint(checkpoint) == changed


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (TEXT.replace("1543", "01543"), "checkpoint size"),
        (TEXT.replace("1543", "+1543"), "checkpoint size"),
        (TEXT.replace("1543", "1_543"), "checkpoint size"),
        (TEXT.replace("1543", " 1543"), "checkpoint size"),
        (TEXT.replace("1543", "١٥٤٣"), "checkpoint size"),
        (TEXT.replace("1543", "-1"), "checkpoint size"),
        (TEXT.replace("1543", ""), "checkpoint size"),
        (TEXT.replace("1543", "9223372036854775808"), "checkpoint size"),
        (TEXT.replace("1543", "99999999999999999999"), "checkpoint size"),
        (TEXT.replace("\n", "\r\n"), "checkpoint origin"),
        (TEXT.replace("1543\n", "1543\u2028"), "checkpoint"),
        (TEXT[:-1], "checkpoint"),
        (TEXT + "\n", "checkpoint"),
        (TEXT + "an extension\n", "checkpoint"),
        ("\n" + TEXT, "checkpoint"),
        (TEXT.replace(ORIGIN, ""), "checkpoint origin"),
        (TEXT.replace(ORIGIN, "ruban example"), "checkpoint origin"),
        (TEXT.replace(ORIGIN, "ruban+example"), "checkpoint origin"),
        (TEXT.replace(ORIGIN, "a" * 241), "checkpoint origin"),
        (TEXT.replace("=\n", "\n"), "checkpoint root"),
        (TEXT.replace("=\n", "==\n"), "checkpoint root"),
        (TEXT.replace("n58=", "n59="), "checkpoint root"),
        (TEXT.replace("n5+f", "n5+f\u00e9"), "checkpoint root"),
        (TEXT.replace("n5+fn5+f", "n5+f", 1), "checkpoint root"),
        (TEXT.replace("1543", "0"), "checkpoint root"),
    ],
)
def test_a_checkpoint_that_is_not_canonical_is_not_parsed(text: str, field: str) -> None:
    assert text != TEXT
    with pytest.raises(FormatError) as caught:
        parse_checkpoint(text)
    assert caught.value.field == field


def test_an_empty_log_has_a_checkpoint() -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT)
    assert open_checkpoint(sign_checkpoint(checkpoint, SEED), ORIGIN, PUBLIC) == checkpoint


def test_a_signed_text_that_is_no_checkpoint_is_refused() -> None:
    # The signature is right: strictness does not depend on the key's holder behaving.
    key = SignerKey(name=ORIGIN, seed=SEED)
    for text in (TEXT + "extension\n", TEXT.replace("1543", "01543"), "hello\n"):
        with pytest.raises(FormatError):
            open_checkpoint(sign_note(text, key), ORIGIN, PUBLIC)


def test_a_checkpoint_of_another_key_is_refused() -> None:
    with pytest.raises(CheckpointInvalid) as caught:
        open_checkpoint(sign_checkpoint(CHECKPOINT, b"\x04" * 32), ORIGIN, PUBLIC)
    assert caught.value.field == "checkpoint signature"


def test_a_checkpoint_of_another_log_is_refused_even_if_the_key_is_the_same() -> None:
    other = sign_checkpoint(dataclasses.replace(CHECKPOINT, origin="ruban.example/autre"), SEED)
    with pytest.raises(CheckpointInvalid):
        open_checkpoint(other, ORIGIN, PUBLIC)
    # The line says the expected name, the text another origin.
    relabelled = sign_note(parse_note(other).text, SignerKey(name=ORIGIN, seed=SEED))
    with pytest.raises(CheckpointInvalid) as caught:
        open_checkpoint(relabelled, ORIGIN, PUBLIC)
    assert caught.value.field == "checkpoint origin"


def test_a_checkpoint_with_any_byte_changed_is_refused() -> None:
    note = sign_checkpoint(CHECKPOINT, SEED)
    for at in range(len(note)):
        changed = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        with pytest.raises((FormatError, CheckpointInvalid)):
            open_checkpoint(changed, ORIGIN, PUBLIC)


def test_what_would_not_parse_is_not_signed() -> None:
    for wrong in (
        dataclasses.replace(CHECKPOINT, origin="a b"),
        dataclasses.replace(CHECKPOINT, size=-1),
        dataclasses.replace(CHECKPOINT, root=bytes(31)),
        dataclasses.replace(CHECKPOINT, size=0),
    ):
        with pytest.raises(ValueError, match="expected"):
            sign_checkpoint(wrong, SEED)
