"""`ruban witness`: made, told of a record, and asked over HTTP by whoever speaks tlog-witness."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ruban.log.cosignature import open_cosignature, parse_cosigner
from ruban.log.note import VerifierKey, encode_vkey, parse_note
from ruban.log.witness import AddCheckpoint, encode_request, with_answer
from ruban.manage.demo_serve import free_port
from ruban.primitives.ed25519 import public_key
from tests.log.test_witness import ORIGIN, SEED, request
from tests.manage.commands import Shell
from tests.manage.test_commands import shell

__all__ = ["shell"]


@contextmanager
def witnessing(folder: Path, port: int | None = None, *, end: int = signal.SIGTERM) -> Iterator[str]:
    """The address of a witness in a process of its own; ended by its id."""
    port = port or free_port()
    command = [sys.executable, "-c", "from ruban.cli.main import main; main()", "witness", "serve"]
    process = subprocess.Popen(
        [*command, "--data", str(folder), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert process.poll() is None
            if answered(address + "/")[0]:
                break
            time.sleep(0.1)
        yield address
    finally:
        if end == signal.SIGKILL:
            # Its worker as well, as when the machine goes.
            os.killpg(process.pid, end)
        else:
            process.send_signal(end)
        process.wait(30)


def answered(address: str, body: bytes | None = None) -> tuple[int, str, bytes]:
    """Status, type and body; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body), timeout=30) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()
    except OSError:
        return 0, "", b""


def test_a_record_is_witnessed_from_the_first_checkpoint_on(shell: Shell, tmp_path: Path) -> None:
    made = shell("witness", "make", "union.example/w", "--data", "w", "--json")
    assert made.code == 0, made.err
    key = parse_cosigner(made.json["key"])
    vkey = encode_vkey(VerifierKey(name=ORIGIN, public=public_key(SEED)))
    assert shell("witness", "watch", vkey, "--data", "w").code == 0
    assert shell("witness", "watch", vkey, "--data", "w").code == 1
    with witnessing(tmp_path / "w") as address:
        to = f"{address}/add-checkpoint"
        status, kind, line = answered(to, encode_request(request(0, 3)))
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        whole = with_answer(request(0, 3).note, line, frozenset({(key.name, key.key_id)}))
        assert abs(open_cosignature(parse_note(whole), key) - time.time()) < 60
        # tlog-witness names each refusal.
        assert answered(to, encode_request(request(0, 7))) == (409, "text/x.tlog.size", b"3\n")
        assert answered(to, encode_request(request(3, 3, b"fork")))[:2] == (409, "text/x.tlog.size")
        assert answered(to, encode_request(request(3, 7, b"fork")))[0] == 422
        shrunk = AddCheckpoint(old_size=4, proof=(), note=request(0, 3).note)
        assert answered(to, encode_request(shrunk))[0] == 400
        assert answered(to, b"nonsense")[0] == 400
        stranger = encode_request(request(3, 7)).replace(ORIGIN.encode(), b"ruban.example/andere")
        assert answered(to, stranger)[0] == 404
        forged = bytearray(encode_request(request(3, 7)))
        forged[-4] ^= 1
        assert answered(to, bytes(forged))[0] in (400, 403)
        assert answered(to)[0] == 405
        assert answered(f"{address}/other", b"")[0] == 404
        assert answered(to, b"x" * 200_000)[0] == 413
        assert answered(to, encode_request(request(3, 7)))[0] == 200
        assert shell("witness", "show", "--data", "w").code == 1
    shown = shell("witness", "show", "--data", "w", "--json")
    assert shown.json == {"key": made.json["key"], "logs": {ORIGIN: 7}}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_witness_that_is_killed_remembers_what_it_gave_away(shell: Shell, tmp_path: Path) -> None:
    shell("witness", "make", "union.example/w", "--data", "w")
    shell("witness", "watch", encode_vkey(VerifierKey(name=ORIGIN, public=public_key(SEED))), "--data", "w")
    with witnessing(tmp_path / "w", end=signal.SIGKILL) as address:
        assert answered(f"{address}/add-checkpoint", encode_request(request(0, 7)))[0] == 200
    with witnessing(tmp_path / "w") as address:
        assert answered(f"{address}/add-checkpoint", encode_request(request(0, 7, b"fork")))[0] == 409
