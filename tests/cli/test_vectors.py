"""`ruban vectors` judges files in the documented format, and names what does not end as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ruban.primitives.randomness import random_bytes
from ruban.proof import MemberSecret, parse_ring, prove
from tests.cli.stage import run

MESSAGE = b"a message"


def case(name: str = "three of them", **changes: Any) -> dict[str, Any]:
    """The example of the issue: a proof over a ring of three."""
    roll, head, letter = (bytes([n]) * 32 for n in (1, 2, 3))
    secrets = [MemberSecret.from_seed(roll, bytes([n]) * 32).slot(3) for n in range(10, 13)]
    ring = parse_ring(roll_id=roll, head=head, selector="all", slot=3, stubs=[secret.stub for secret in secrets])
    proof = prove(ring, 1, secrets[1], letter, MESSAGE, nonce_salt=random_bytes(32))
    return {
        "name": name,
        "kind": "proof",
        "roll": roll.hex(),
        "head": head.hex(),
        "selector": "all",
        "slot": 3,
        "letter": letter.hex(),
        "ring": [stub.hex() for stub in ring.stubs],
        "message": MESSAGE.hex(),
        "proof": proof.hex(),
        "expect": "ok",
    } | changes


@pytest.fixture
def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def write(value: Any, name: str = "v.json") -> str:
        data = value if isinstance(value, bytes) else json.dumps(value, indent=1).encode()
        (tmp_path / name).write_bytes(data)
        return name

    return write


def test_expectations_that_hold_end_with_0(put: Any) -> None:
    other = case("another message", message="00", expect="proof")
    cut = case("cut short", proof=case()["proof"][:-2], expect="format")
    result = run("vectors", put([case(), other, cut]))
    assert result.exit_code == 0
    assert result.stdout.split("\n")[1].split() == ["v.json", "3", "3", "0"]


def test_an_expectation_that_fails_is_named_and_ends_with_1(put: Any) -> None:
    first = put([case(), case("called \x1b[31mred", expect="proof")], "a.json")
    second = put([case(expect="format")], "b.json")
    result = run("vectors", first, second)
    assert result.exit_code == 1
    assert "a.json: called red: expected proof, got ok\n" in result.stdout
    assert "b.json: three of them: expected format, got ok\n" in result.stdout
    shown = json.loads(run("vectors", first, second, "--json").stdout)
    assert shown["holds"] is False
    assert [file["cases"] for file in shown["files"]] == [2, 1]
    assert shown["files"][1]["failed"] == [{"name": "three of them", "expected": "format", "got": "ok"}]


def test_a_slip_in_the_bytes_does_not_hide_behind_a_false_proof(put: Any) -> None:
    result = run("vectors", put([case(proof=case()["proof"][:-2], expect="proof")]))
    assert result.exit_code == 1
    assert "expected proof, got format" in result.stdout


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "a list of at least one case"),
        ({}, "a list of at least one case"),
        (b"", "an error at offset 0"),
        (b"\xff", "other bytes at offset 0"),
        (b'[{"name":"a","name":"b"}]', "a key that stands twice"),
        (b'[{"name":1.5}]', "a number that is no integer"),
        ([[]], "case 1: expected an object with a name"),
        ([{"kind": "proof"}], "case 1: expected an object with a name"),
        ([case(), case()], "case 2: expected a name of its own"),
        ([case(expect="maybe")], "case 1 (three of them): expected “ok”, “format” or “proof”"),
        ([case(), case("b", kind="poem")], "case 2 (b), kind: expected"),
        ([case(extra=1)], "case 1 (three of them), case: expected exactly the fields of its kind"),
        ([{k: v for k, v in case().items() if k != "ring"}], "case 1 (three of them), case: expected exactly"),
        ([case(slot="3")], "case 1 (three of them), slot: expected an integer"),
        ([case(ring="00")], "case 1 (three of them), ring: expected a list of strings"),
    ],
)
def test_a_malformed_file_is_wrong_use_and_says_where(put: Any, content: Any, said: str) -> None:
    result = run("vectors", put([case()], "good.json"), put(content))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: v.json: ")
    assert said in result.stderr
    assert "\nhint: vectors/README.md describes the format." in result.stderr


def test_no_file_at_all_is_wrong_use() -> None:
    assert run("vectors").exit_code == 2


def test_a_file_that_is_not_there_is_an_error_without_a_trace(tmp_path: Path) -> None:
    result = run("vectors", tmp_path / "none.json")
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr
