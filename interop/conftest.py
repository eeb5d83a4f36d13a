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
from ruban.log.checkpoint import Checkpoint, open_checkpoint
from ruban.log.merkle import leaf_hash
from ruban.log.note import VerifierKey, encode_vkey, parse_vkey
from ruban.log.tiles import encode_path, parse_bundle, paths_of
from ruban.published import CHECKPOINT
from tests.manage.test_private_tables import ruban


@dataclass(frozen=True, slots=True)
class Log:
    """A log as plain files: its folder, its key, what its checkpoint says to us, its leaf hashes."""

    folder: Path
    verifier: VerifierKey
    checkpoint: Checkpoint
    leaves: list[bytes]

    @property
    def key(self) -> str:
        """As others want it: name+id+key."""
        return encode_vkey(self.verifier)

    @property
    def size(self) -> int:
        return self.checkpoint.size


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
    key = parse_vkey(str(ruban("key", str(folder))["key"]))
    checkpoint = open_checkpoint((folder / CHECKPOINT).read_bytes(), key.name, key.public)
    leaves: list[bytes] = []
    for path in paths_of(checkpoint.size):
        if path.level is None:
            entries = parse_bundle((folder / encode_path(path)).read_bytes(), path.width)
            leaves.extend(leaf_hash(entry) for entry in entries)
    return Log(folder, key, checkpoint, leaves)
