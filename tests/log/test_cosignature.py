"""Cosignatures: what a witness signs, and every line that is not one."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest

from ruban.errors import FormatError, SignatureInvalid
from ruban.log.checkpoint import Checkpoint, encode_checkpoint, sign_checkpoint
from ruban.log.cosignature import CosignerKey, cosign, encode_cosigner, open_cosignature, parse_cosigner
from ruban.log.merkle import root_of
from ruban.log.note import Note, NoteSignature, VerifierKey, encode_vkey, parse_note
from ruban.primitives.ed25519 import public_key, sign
from ruban.primitives.encoding import encode_base64

SEED, NAME, NOW = b"\x09" * 32, "witness.example/w1", 1_795_478_400
KEY = CosignerKey(name=NAME, public=public_key(SEED))
CHECKPOINT = Checkpoint(origin="ruban.example/lettre", size=3, root=root_of([b"\1" * 32] * 3))
TEXT = encode_checkpoint(CHECKPOINT)
SIGNED = parse_note(sign_checkpoint(CHECKPOINT, b"\x01" * 32))


def cosigned(*lines: NoteSignature) -> Note:
    return replace(SIGNED, signatures=(*SIGNED.signatures, *lines))


def test_a_cosignature_says_when() -> None:
    assert open_cosignature(cosigned(cosign(TEXT, NAME, SEED, NOW)), KEY) == NOW


def test_the_signed_bytes_are_those_of_the_specification() -> None:
    line = cosign(TEXT, NAME, SEED, 1_679_315_147)
    message = b"cosignature/v1\ntime 1679315147\n" + TEXT.encode()
    assert line.signature == struct.pack(">Q", 1_679_315_147) + sign(SEED, message)


def test_the_key_of_c2sps_example_has_its_id() -> None:
    # witness.example.com/w1 in C2SP's tlog-cosignature: only its ID is known, of four bytes; ours differs by key.
    assert len(KEY.key_id) == 4
    assert KEY.key_id != VerifierKey(name=NAME, public=KEY.public).key_id


def test_a_key_is_written_and_read() -> None:
    assert parse_cosigner(encode_cosigner(KEY)) == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        NAME,
        encode_vkey(VerifierKey(name=NAME, public=KEY.public)),
        encode_cosigner(KEY).replace("+", "+0", 1),
        f"{NAME}+00000000+{encode_cosigner(KEY).rpartition('+')[2]}",
        f"{NAME}+{KEY.key_id.hex()}+{encode_base64(bytes([4]) + bytes(32))}",
        f"a b+{KEY.key_id.hex()}+{encode_base64(bytes([4]) + KEY.public)}",
    ],
)
def test_what_is_no_key_of_a_witness_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        parse_cosigner(text)


GOOD = cosign(TEXT, NAME, SEED, NOW)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((), id="none"),
        pytest.param((GOOD, GOOD), id="twice"),
        pytest.param((cosign(TEXT + "\n", NAME, SEED, NOW),), id="of another text"),
        pytest.param((cosign(TEXT, NAME, b"\x08" * 32, NOW),), id="by another key"),
        pytest.param((cosign(TEXT, "other.example", SEED, NOW),), id="by another name"),
        pytest.param((replace(GOOD, signature=struct.pack(">Q", NOW + 1) + GOOD.signature[8:]),), id="another time"),
        pytest.param((replace(GOOD, signature=GOOD.signature[8:]),), id="without time"),
        pytest.param((replace(GOOD, signature=GOOD.signature + b"\0"),), id="a byte more"),
        pytest.param((replace(GOOD, signature=b"\xff" * 8 + GOOD.signature[8:]),), id="a time above 2^63"),
        pytest.param(
            (replace(GOOD, signature=struct.pack(">Q", 0) + sign(SEED, TEXT.encode())),), id="a log's signature"
        ),
    ],
)
def test_what_is_no_cosignature_is_refused(lines: tuple[NoteSignature, ...]) -> None:
    with pytest.raises(SignatureInvalid):
        open_cosignature(cosigned(*lines), KEY)


def test_a_time_that_does_not_fit_is_the_callers_mistake() -> None:
    for wrong in (-1, 2**63):
        with pytest.raises(ValueError, match="time"):
            cosign(TEXT, NAME, SEED, wrong)
