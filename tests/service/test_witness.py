"""A witness cosigns what extends all that it ever cosigned, once that is durable, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ruban.errors import (
    CheckpointInvalid,
    FormatError,
    Inconsistent,
    Refused,
    RubanError,
    SignatureInvalid,
    StoreCorrupt,
    StoreError,
    StoreLocked,
)
from ruban.log.checkpoint import sign_checkpoint
from ruban.log.cosignature import open_cosignature
from ruban.log.note import VerifierKey, encode_vkey, parse_note
from ruban.log.witness import AddCheckpoint, encode_request, with_answer
from ruban.primitives.ed25519 import public_key
from ruban.service import witness as module
from ruban.service.witness import Witness, make_witness, open_witness, watch
from tests.log.test_witness import ORIGIN, SEED, checkpoint, request

NAME, NOW = "union.example/witness", 1_795_478_400
VKEY = encode_vkey(VerifierKey(name=ORIGIN, public=public_key(SEED)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_witness(tmp_path / "w", NAME)
    watch(tmp_path / "w", VKEY)
    return tmp_path / "w"


@pytest.fixture
def witness(folder: Path) -> Iterator[Witness]:
    opened = open_witness(folder)
    yield opened
    opened.close()


def ask(witness: Witness, old: int, new: int, salt: bytes = b"") -> bytes:
    return witness.add_checkpoint(encode_request(request(old, new, salt)), NOW)


def test_its_line_is_a_cosignature_of_the_checkpoint(witness: Witness) -> None:
    note = request(0, 3).note
    whole = with_answer(note, ask(witness, 0, 3), frozenset({(NAME, witness.key.key_id)}))
    assert open_cosignature(parse_note(whole), witness.key) == NOW
    assert witness.latest(ORIGIN) == checkpoint(3)
    ask(witness, 3, 7)
    ask(witness, 7, 7)
    assert witness.latest(ORIGIN) == checkpoint(7)


def test_it_remembers_over_a_new_start(folder: Path) -> None:
    witness = open_witness(folder)
    ask(witness, 0, 7)
    witness.close()
    witness = open_witness(folder)
    assert witness.latest(ORIGIN) == checkpoint(7)
    with pytest.raises(Inconsistent):
        ask(witness, 0, 7)
    with pytest.raises(Inconsistent):
        ask(witness, 7, 7, b"fork")
    with pytest.raises(CheckpointInvalid):
        ask(witness, 7, 9, b"fork")
    ask(witness, 7, 9)
    witness.close()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param(b"nonsense", FormatError, id="nonsense"),
        pytest.param(
            encode_request(AddCheckpoint(old_size=0, proof=(), note=sign_checkpoint(checkpoint(3), b"\x02" * 32))),
            SignatureInvalid,
            id="signed by another key",
        ),
    ],
)
def test_what_the_log_has_not_signed_is_refused(witness: Witness, body: bytes, error: type[RubanError]) -> None:
    with pytest.raises(error):
        witness.add_checkpoint(body, NOW)
    assert witness.latest(ORIGIN) is None


def test_a_log_that_is_not_watched_is_refused(tmp_path: Path) -> None:
    make_witness(tmp_path / "other", NAME)
    witness = open_witness(tmp_path / "other")
    with pytest.raises(Refused):
        ask(witness, 0, 3)
    witness.close()


def test_nothing_is_given_away_that_is_not_durable(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_durably", full)
        with pytest.raises(StoreError):
            ask(witness, 0, 3)
    assert witness.latest(ORIGIN) is None
    # It has signed nothing that anybody has: another tree is as good.
    ask(witness, 0, 3, b"another")


def test_of_many_that_ask_at_once_one_branch_is_cosigned(witness: Witness) -> None:
    ask(witness, 0, 3)
    answers: list[bytes] = []

    def asks(salt: bytes, new: int) -> None:
        with suppress(RubanError):
            answers.append(ask(witness, 3, new, salt))

    threads = [threading.Thread(target=asks, args=(b"", new)) for new in (4, 5, 6, 7, 8, 9) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 1


def test_two_processes_do_not_share_a_witness(folder: Path, witness: Witness) -> None:
    with pytest.raises(StoreLocked):
        open_witness(folder)


@pytest.mark.parametrize("name", ["witness.key", "witness.name", "logs"])
def test_a_damaged_file_stops_it_and_shows_no_key(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\xff" + b"ab" * 31)
    with pytest.raises(StoreCorrupt) as caught:
        open_witness(folder)
    assert "abab" not in str(caught.value)


def test_a_damaged_memory_stops_it(folder: Path) -> None:
    witness = open_witness(folder)
    ask(witness, 0, 3)
    witness.close()
    [path] = folder.glob("*.note")
    path.write_bytes(path.read_bytes().replace(ORIGIN.encode(), b"other.example", 1))
    with pytest.raises(StoreCorrupt):
        open_witness(folder)


def test_a_folder_is_made_once_and_a_log_watched_once(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        make_witness(folder, NAME)
    with pytest.raises(Refused):
        watch(folder, encode_vkey(VerifierKey(name=ORIGIN, public=public_key(b"\x02" * 32))))
    with pytest.raises(FormatError):
        watch(folder, "nonsense")
    with pytest.raises(StoreError, match="without a witness"):
        open_witness(tmp_path / "none")
    assert (folder / "witness.key").stat().st_mode & 0o777 == 0o600
