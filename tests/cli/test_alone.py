"""The wheel alone, without extras and without network, verifies and signs: the auditor's and the signer's machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.cli.stage import OPEN_MEMBER, stage
from tests.house.test_wheel import OFFLINE, installed

__all__ = ["installed"]
pytestmark = pytest.mark.slow

MAIN = "from ruban.cli.main import main; main()"


@cache
def without_network() -> tuple[list[str], str]:
    """A command that takes the network away from what it runs, and what Python has to do first where there is none."""
    for command in (["unshare", "-n"], ["unshare", "-rn"]):
        try:
            if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
                return command, ""
        except FileNotFoundError:
            break
    # No namespace to be had: any attempt to use a socket ends the process, which cannot look like success.
    return [], OFFLINE


def python(
    installed: Path, code: str, *arguments: str | Path, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run `code` with the wheel and what it needs, nothing else of this environment, and no network."""
    command, first = without_network()
    start = f"import sys; sys.path.insert(0, {str(installed)!r})\n{first}\n{code}"
    return subprocess.run(
        [*command, sys.executable, "-I", "-S", "-c", start, *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=arguments[-1] if arguments and Path(arguments[-1]).is_dir() else None,
        input=stdin,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
    )


def test_there_is_no_network_for_what_runs_here(installed: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2); print('connected')"
        done = python(installed, code)
    assert done.returncode != 0
    assert b"connected" not in done.stdout


def test_it_verifies_a_bundle(installed: Path, folder: Path) -> None:
    done = python(installed, MAIN, "verify", folder / "bundle.zip")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "7 signed, of 12 enrolled, of 30 entitled (23.3 %)" in done.stdout.decode()
    assert "No second party has confirmed this record." in done.stdout.decode()
    assert python(installed, MAIN, "verify", folder / "forged.zip").returncode == 1


def test_it_speaks_french(installed: Path, folder: Path) -> None:
    done = python(installed, MAIN, "verify", folder / "bundle.zip", "--lang", "fr")
    assert "7 signatures, sur 12 inscrits" in done.stdout.decode()
    assert "Commandes" in python(installed, MAIN, "--lang", "fr", "--help").stdout.decode()


def test_it_signs_from_a_file_and_from_words(installed: Path, folder: Path) -> None:
    done = python(installed, MAIN, "sign", folder / "bundle.zip", "--secret", folder / "secret.json", "--yes")
    assert (done.returncode, done.stdout[:10]) == (0, b'{"entry":"')
    words = stage().words(OPEN_MEMBER, "french").encode()
    done = python(installed, MAIN, "sign", folder / "bundle.zip", "--words", "--yes", stdin=words + b"\n")
    assert (done.returncode, done.stdout[:10]) == (0, b'{"entry":"')


def test_it_judges_vectors_and_copies_bundles(installed: Path, folder: Path) -> None:
    case = '{"name":"a","kind":"hash-to-group","message":"00","point":"00","expect":"format"}'
    (folder / "v.json").write_text(f"[{case}]")
    assert python(installed, MAIN, "vectors", folder / "v.json").returncode == 0
    assert python(installed, MAIN, "bundle", folder / "bundle.zip", "--out", folder / "x.zip").returncode == 0


def test_an_address_cannot_be_reached_and_that_is_said(installed: Path) -> None:
    done = python(installed, MAIN, "verify", "http://127.0.0.1:9/group")
    # In a namespace the sentence says that nobody answered; under the hook, that the network was touched.
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["group", "roll", "letter", "release", "demo"])
def test_the_servers_commands_say_what_to_install(installed: Path, name: str) -> None:
    done = python(installed, MAIN, name)
    assert done.returncode == 2
    assert b"hint: pip install 'ruban[server]' installs it." in done.stderr


def test_a_servers_data_folder_says_what_to_install(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "log.db").write_bytes(b"")
    done = python(installed, MAIN, "verify", tmp_path)
    assert done.returncode == 2
    assert b"pip install 'ruban[server]'" in done.stderr
