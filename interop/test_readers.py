"""Readers by others read our log: Go's checksum-database packages, tessera's fsck, tlog-scales and aics-tlog."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from interop.conftest import Log, aics_tlog, python_of_others
from interop.parts import READER
from ruban.log.merkle import leaf_hash
from ruban.log.receipt import parse_tlog_proof, verify_tlog_proof
from ruban.primitives.encoding import encode_base64


def read(key: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(READER), key, str(folder)], capture_output=True, text=True, timeout=300)


def test_sumdb_proves_every_entry_and_fsck_finds_the_log_whole(log: Log) -> None:
    done = read(log.key, log.folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"sumdb: {log.size} entries\nfsck: whole\n"
    # More than one full tile, and a level above it: no small log's luck.
    assert log.size > 1024


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("tile/entries/001", "tlog.CheckRecord 256"),
        ("tile/0/001", "downloaded inconsistent tile"),
        ("checkpoint", "note.Open"),
    ],
)
def test_they_notice_one_changed_byte(log: Log, tmp_path: Path, path: str, said: str) -> None:
    copy = tmp_path / "log"
    shutil.copytree(log.folder, copy)
    data = bytearray((copy / path).read_bytes())
    data[20] ^= 1
    (copy / path).write_bytes(data)
    done = read(log.key, copy)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_key_of_another_opens_nothing(log: Log) -> None:
    other = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
    done = read(other, log.folder)
    assert done.returncode == 1
    assert "note.Open" in done.stderr


@pytest.mark.parametrize("where", [0, 255, 256, 700, -1])
def test_tlog_scales_checks_an_entry_and_makes_the_proof_that_our_receipts_are(log: Log, where: int) -> None:
    entry = python_of_others("-m", "tlog_scales.cli", "get-leaf", "-c", str(log.folder), str(where))
    assert leaf_hash(entry) == log.leaves[where]
    proof = parse_tlog_proof(python_of_others("-m", "tlog_scales.cli", "gen-proof", str(log.folder), str(where)))
    assert proof.index == where % log.size
    verify_tlog_proof(proof, log.leaves[where], log.verifier.name, log.verifier.public)


def test_aics_tlog_opens_the_checkpoint_and_proves_entries(log: Log) -> None:
    opened = json.loads(aics_tlog("verify-checkpoint", "--tiles", str(log.folder), "--log-key", log.key))
    assert (opened["ok"], opened["tiles_ok"], opened["size"]) == (True, True, log.size)
    for index in (0, 256, log.size - 1):
        options = ["--tiles", str(log.folder), "--log-key", log.key, "--index", str(index)]
        report = json.loads(aics_tlog("verify-inclusion", *options, "--leaf-hash", log.leaves[index].hex()))
        assert report["ok"], report


def test_aics_tlog_reads_the_root_that_we_read(log: Log) -> None:
    report = json.loads(aics_tlog("verify-checkpoint", "--tiles", str(log.folder), "--log-key", log.key))
    assert report["root"] == encode_base64(log.checkpoint.root)
