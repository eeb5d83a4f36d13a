"""The verifiers against proofs made by others (transparency-dev/merkle), where a copy of their data is at hand.

vectors/third_party/README.md says where it comes from and how to run this. 196 of the 518 cases are proofs of RFC 6962;
of the 322 on subtrees, 276 can be said in its language, the other 46 cannot.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ruban.errors import RubanError
from ruban.log.merkle import verify_consistency, verify_inclusion

FOLDER = os.environ.get("RUBAN_MERKLE_TESTDATA")

pytestmark = pytest.mark.skipif(FOLDER is None, reason="RUBAN_MERKLE_TESTDATA names no copy of merkle's testdata")


def _cases(kind: str) -> list[tuple[str, dict[str, Any]]]:
    files = sorted((Path(FOLDER or "") / kind).rglob("*.json"))
    return [(str(path), json.loads(path.read_bytes())) for path in files]


def _bytes(text: str | None) -> bytes:
    return base64.b64decode(text or "", validate=True)


def _judge_inclusion(case: dict[str, Any], index: int, size: int) -> None:
    proof = [_bytes(value) for value in case["proof"] or []]
    verify_inclusion(_bytes(case["leafHash"]), index, size, proof, _bytes(case["root"]))


def _judge_consistency(case: dict[str, Any], size1: int, size2: int) -> None:
    proof = [_bytes(value) for value in case["proof"] or []]
    verify_consistency(size1, size2, proof, _bytes(case["root1"]), _bytes(case["root2"]))


def _agreed(cases: list[tuple[str, dict[str, Any]]], judge: Callable[[dict[str, Any]], None]) -> int:
    """How many cases were accepted; fails where a verdict differs from that of the case's authors."""
    accepted = 0
    for name, case in cases:
        # Their "roots" in this one are no hashes but the words "don't care"; here lengths come first.
        expected = case["wantErr"] or name.endswith(
            "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"
        )
        try:
            judge(case)
        except RubanError:
            assert expected, name
        else:
            assert not expected, name
            accepted += 1
    return accepted


def test_proofs_of_inclusion_are_judged_as_their_authors_do() -> None:
    cases = _cases("inclusion")
    assert len(cases) == 98
    assert _agreed(cases, lambda case: _judge_inclusion(case, case["leafIdx"], case["treeSize"])) == 6


def test_proofs_of_consistency_are_judged_as_their_authors_do() -> None:
    cases = _cases("consistency")
    assert len(cases) == 98
    assert _agreed(cases, lambda case: _judge_consistency(case, case["size1"], case["size2"])) == 5


def test_proofs_on_aligned_subtrees_are_judged_as_their_authors_do() -> None:
    # A subtree [start, end) whose start is aligned is a tree of its own; RFC 6962 has no word for the others.
    inclusion = [(name, case) for name, case in _cases("subtreeinclusion") if _is_aligned(case["start"], case["end"])]
    _agreed(
        inclusion, lambda case: _judge_inclusion(case, case["leafIdx"] - case["start"], case["end"] - case["start"])
    )
    consistency = [(name, case) for name, case in _cases("subtreeconsistency") if case["start"] == 0 < case["end"]]
    _agreed(consistency, lambda case: _judge_consistency(case, case["end"], case["size"]))
    assert (len(inclusion), len(consistency)) == (185, 91)


def _is_aligned(start: int, end: int) -> bool:
    return start < end < 2**63 and start % (1 << (end - start - 1).bit_length()) == 0
