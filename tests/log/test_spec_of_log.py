"""spec/log.md says what the code does: its examples parse, its limits are the constants, its steps are in the code."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from ruban.log.checkpoint import Checkpoint, open_checkpoint
from ruban.log.merkle import leaf_hash, root_of
from ruban.log.note import parse_vkey
from ruban.log.receipt import open_promise, parse_tlog_proof, verify_tlog_proof
from ruban.log.tiles import parse_bundle

ROOT = Path(__file__).resolve().parents[2]
SPEC = (ROOT / "spec" / "log.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "src" / "ruban" / "log").glob("*.py"))
ORIGIN = "ruban.example/lettre"


def _example(name: str) -> str:
    match = re.search(rf"^```{name}\n(.*?)^```$", SPEC, re.MULTILINE | re.DOTALL)
    assert match, name
    return match[1]


def test_the_example_holds_together() -> None:
    entries = parse_bundle(bytes.fromhex(_example("bundle")), 3)
    assert entries == [b"one", b"two", b"three"]
    hashes = [leaf_hash(entry) for entry in entries]
    assert [value.hex() for value in hashes] == _example("tile").split("\n")[:-1]
    log_key, receipt_key = (parse_vkey(line) for line in _example("vkeys").split("\n")[:-1])
    assert (log_key.name, receipt_key.name) == (ORIGIN, f"{ORIGIN}/receipt")
    checkpoint = open_checkpoint(_example("checkpoint").encode(), ORIGIN, log_key.public)
    assert checkpoint == Checkpoint(origin=ORIGIN, size=3, root=root_of(hashes))
    assert open_promise(_example("promise").encode(), ORIGIN, receipt_key.public).leaf_hash == hashes[1]
    verify_tlog_proof(parse_tlog_proof(_example("tlog-proof").encode()), hashes[1], ORIGIN, log_key.public)


def test_every_limit_in_the_code_is_listed_with_its_value() -> None:
    listed = dict(re.findall(r"^\| `(MAX_\w+)` \| (\d+) \|", SPEC, re.MULTILINE))
    in_code = {}
    for source in SOURCES:
        module = importlib.import_module(f"ruban.log.{source.stem}" if source.stem != "__init__" else "ruban.log")
        for name in re.findall(r"^(MAX_\w+) =", source.read_text(encoding="utf-8"), re.MULTILINE):
            in_code[name] = str(getattr(module, name))
    assert listed == in_code


def test_every_step_stands_beside_the_code_that_takes_it() -> None:
    steps = re.findall(r"^- (\d+\.\d) ", SPEC, re.MULTILINE)
    assert len(steps) == len(set(steps)) == 53
    comments = [
        step
        for source in SOURCES
        for step in re.findall(r"^ *# (\d+\.\d) ", source.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(comments) == sorted(steps)
