"""Our verifiers against what Google's log Argon 2020 answered, as Go's own tests keep it: 961,984,013 certificates."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from interop.parts import SUMDB
from ruban.errors import InclusionInvalid, Inconsistent
from ruban.log.merkle import leaf_hash, verify_consistency, verify_inclusion

ENTRY_INDEX = 10_000
OLDER_SIZE = 3_654_490
OLDER_ROOT = base64.b64decode("AuIZ5V6sDUj1vn3Y1K85oOaQ7y+FJJKtyRTl1edIKBQ=")


def answer(name: str) -> Any:
    return json.loads((SUMDB / "tlog" / "testdata" / "argon2020" / f"{name}.json").read_bytes())


def hashes(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(text, validate=True) for text in texts]


def test_a_certificate_of_argon_is_proven_and_its_neighbour_is_not() -> None:
    head, proof = answer("sth"), answer("proof")
    [entry] = answer("entries")["entries"]
    leaf, root = leaf_hash(base64.b64decode(entry["leaf_input"])), base64.b64decode(head["sha256_root_hash"])
    verify_inclusion(leaf, ENTRY_INDEX, head["tree_size"], hashes(proof["audit_path"]), root)
    with pytest.raises(InclusionInvalid):
        verify_inclusion(leaf, ENTRY_INDEX + 1, head["tree_size"], hashes(proof["audit_path"]), root)


def test_argon_has_only_grown_and_not_from_another_size() -> None:
    head, proof = answer("sth"), hashes(answer("consistency")["consistency"])
    root = base64.b64decode(head["sha256_root_hash"])
    verify_consistency(OLDER_SIZE, head["tree_size"], proof, OLDER_ROOT, root)
    with pytest.raises(Inconsistent):
        verify_consistency(OLDER_SIZE + 1, head["tree_size"], proof, OLDER_ROOT, root)
