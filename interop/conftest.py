"""The record of the demonstration, and the programs of others that read it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from interop.parts import PYTHON
from ruban.log.merkle import leaf_hash
from ruban.log.tiles import parse_bundle

BUNDLE_ENTRIES = 256


@dataclass(frozen=True, slots=True)
class Log:
    """A log as plain files: its folder, its verifier key, its leaf hashes."""

    folder: Path
    key: str
    leaves: list[bytes]

    @property
    def size(self) -> int:
        return len(self.leaves)


def ruban(*arguments: str) -> str:
    """What a command of ours prints."""
    command = [sys.executable, "-c", "from ruban.cli.main import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def python_of_others(*arguments: str) -> bytes:
    """What a Python program by others prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, capture_output=True, timeout=300, env={**os.environ, "PYTHONPATH": str(PYTHON), "NO_PROXY": "*"}
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def aics_tlog(*arguments: str) -> str:
    """What aics-tlog prints: one object of JSON."""
    return python_of_others("-m", "aics_tlog", *arguments).decode()


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    """The record of 770 people and their letter, with real proofs, as `ruban demo` writes it."""
    at = tmp_path_factory.mktemp("demo")
    ruban("demo", "--out", str(at / "demo"), "--no-serve")
    folder = at / "log"
    with zipfile.ZipFile(at / "demo" / "bundle.zip") as bundle:
        bundle.extractall(folder)
    leaves: list[bytes] = []
    for path in sorted((folder / "tile" / "entries").rglob("*")):
        if path.is_file():
            width = int(path.name) if path.parent.suffix == ".p" else BUNDLE_ENTRIES
            leaves.extend(leaf_hash(entry) for entry in parse_bundle(path.read_bytes(), width))
    return Log(folder, ruban("key", str(folder)).split()[-1], leaves)
