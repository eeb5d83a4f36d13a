"""What a log and a witness say to each other: requests and answers strictly, and the judgement."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ruban.errors import CheckpointInvalid, FormatError, Inconsistent, RubanError
from ruban.log.checkpoint import Checkpoint, encode_checkpoint, sign_checkpoint
from ruban.log.cosignature import CosignerKey, cosign
from ruban.log.merkle import leaf_hash, root_of
from ruban.log.note import parse_note
from ruban.log.witness import (
    MAX_REQUEST_BYTES,
    AddCheckpoint,
    encode_answer,
    encode_request,
    judge,
    parse_request,
    with_answer,
)
from ruban.primitives.ed25519 import public_key
from tests.log import naive_merkle as naive

ORIGIN, SEED = "ruban.example/lettre", b"\x01" * 32
LEAVES = [bytes([n]) for n in range(9)]


def checkpoint(size: int, salt: bytes = b"") -> Checkpoint:
    hashes = [leaf_hash(salt + leaf) for leaf in LEAVES[:size]]
    return Checkpoint(origin=ORIGIN, size=size, root=root_of(hashes))


def request(old: int, new: int, salt: bytes = b"") -> AddCheckpoint:
    proof = () if old == 0 else tuple(naive.proof(old, [salt + leaf for leaf in LEAVES[:new]]))
    return AddCheckpoint(old_size=old, proof=proof, note=sign_checkpoint(checkpoint(new, salt), SEED))


def bare(old: int, *proof: bytes) -> AddCheckpoint:
    """A request whose proof is none, or nonsense."""
    return AddCheckpoint(old_size=old, proof=proof, note=b"")


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (3, 7), (4, 8), (7, 7), (8, 9)])
def test_what_extends_the_latest_is_accepted(old: int, new: int) -> None:
    asked = request(old, new)
    assert parse_request(encode_request(asked)) == asked
    judge(asked, checkpoint(new), None if old == 0 else checkpoint(old))


@pytest.mark.parametrize(
    ("asked", "new", "latest", "error"),
    [
        pytest.param(request(3, 7), 7, None, Inconsistent, id="an old size where nothing was cosigned"),
        pytest.param(request(0, 7), 7, 3, Inconsistent, id="no old size where something was"),
        pytest.param(request(3, 7), 7, 4, Inconsistent, id="another old size"),
        pytest.param(bare(8), 7, 8, FormatError, id="shrunk"),
        pytest.param(bare(3), 7, 3, CheckpointInvalid, id="no proof"),
        pytest.param(bare(0, bytes(32)), 3, None, CheckpointInvalid, id="a proof of 0"),
        pytest.param(bare(7, bytes(32)), 7, 7, CheckpointInvalid, id="a proof of 7"),
    ],
)
def test_what_does_not_is_refused(asked: AddCheckpoint, new: int, latest: int | None, error: type[RubanError]) -> None:
    with pytest.raises(error):
        judge(asked, checkpoint(new), None if latest is None else checkpoint(latest))


def test_a_fork_is_refused_whichever_proof_comes_with_it() -> None:
    with pytest.raises(CheckpointInvalid):
        judge(request(3, 7, b"fork"), checkpoint(7, b"fork"), checkpoint(3))
    with pytest.raises(Inconsistent):
        judge(request(7, 7, b"fork"), checkpoint(7, b"fork"), checkpoint(7))


BODY = encode_request(request(3, 7))


@pytest.mark.parametrize(
    "change",
    [
        lambda body: b"",
        lambda body: body.replace(b"old 3", b"old 03"),
        lambda body: body.replace(b"old 3", b"old -3"),
        lambda body: body.replace(b"old 3", b"Old 3"),
        lambda body: body.replace(b"old 3", b"old 9223372036854775808"),
        lambda body: body.replace(b"\n", b"\r\n"),
        lambda body: body.replace(b"old 3\n", b"old 3\nAAAA\n"),
        lambda body: body.replace(b"old 3\n", b"old 3\n" + b"A" * 43 + b"=\n" * 64),
        lambda body: body.replace(b"\n\n", b"\n", 1),
        lambda body: body[:-1],
        lambda body: "é".encode() + body,
        lambda body: body + b"x" * MAX_REQUEST_BYTES,
    ],
)
def test_what_is_no_request_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FormatError):
        parse_request(change(BODY))


def test_an_answer_adds_the_lines_of_known_keys_in_place_of_older_ones() -> None:
    note = request(0, 7).note
    text = encode_checkpoint(checkpoint(7))
    key = CosignerKey(name="w.example", public=public_key(b"\x09" * 32))
    known = frozenset({(key.name, key.key_id)})
    stranger = cosign(text, "stranger.example", b"\x08" * 32, 5)
    first = with_answer(note, encode_answer((stranger, cosign(text, key.name, b"\x09" * 32, 5))), known)
    second = with_answer(first, encode_answer((cosign(text, key.name, b"\x09" * 32, 6),)), known)
    names = [line.name for line in parse_note(second).signatures]
    assert names == [ORIGIN, "w.example"]
    assert parse_note(second).signatures[1] != parse_note(first).signatures[1]
    for wrong in (b"", b"\n", b"no line\n", encode_answer((stranger,))[:-1]):
        with pytest.raises(FormatError):
            with_answer(note, wrong, known)
