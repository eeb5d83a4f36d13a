"""The vectors: every case ends as it says, no file is lost, the generator makes them again."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ruban.errors import FormatError
from ruban.proof.vectors import Outcome, expected_of, judge

FOLDER = Path(__file__).resolve().parents[2] / "vectors"
ROW = re.compile(r"\| `([a-z_-]+\.json)` \| ([0-9]+) \| ([0-9]+) \| ([0-9]+) \| ([0-9]+) \| ")


def documented() -> dict[str, tuple[int, ...]]:
    """File → cases, and how many of them expect ok, format and proof, as the README says."""
    lines = (FOLDER / "README.md").read_text("utf-8").split("\n")
    rows = [found for line in lines if (found := ROW.match(line))]
    return {row[1]: tuple(int(row[n]) for n in (2, 3, 4, 5)) for row in rows}


def read(name: str) -> list[dict[str, Any]]:
    cases = json.loads((FOLDER / name).read_text("utf-8"))
    assert isinstance(cases, list)
    assert cases
    return cases


def test_every_file_is_documented_and_there() -> None:
    assert sorted(documented()) == sorted(file.name for file in FOLDER.glob("*.json"))
    assert len(documented()) == 10


@pytest.mark.parametrize("name", sorted(documented()))
def test_every_case_ends_as_it_says(name: str) -> None:
    wrong = [case["name"] for case in read(name) if judge(case) is not expected_of(case)]
    assert not wrong


@pytest.mark.parametrize("name", sorted(documented()))
def test_the_counts_are_those_of_the_readme(name: str) -> None:
    cases = read(name)
    counts = Counter(case["expect"] for case in cases)
    assert (len(cases), counts["ok"], counts["format"], counts["proof"]) == documented()[name]
    assert len({case["name"] for case in cases}) == len(cases)


def test_the_generator_makes_the_same_bytes() -> None:
    spec = importlib.util.spec_from_file_location("generate", FOLDER / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    made = generate.files()
    assert len(made) == 9
    for name, text in made.items():
        assert (FOLDER / name).read_text("utf-8") == text, f"run `python vectors/generate.py`: {name} differs"


def test_a_flipped_expectation_is_noticed() -> None:
    for case in read("proof.json")[:40]:
        for other in {"ok", "format", "proof"} - {case["expect"]}:
            assert judge({**case, "expect": other}).value == case["expect"]


GOOD = read("proof.json")[0]


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_case_without_one_of_its_fields_is_refused(key: str) -> None:
    with pytest.raises(FormatError):
        judge({k: v for k, v in GOOD.items() if k != key})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("colour", "red"),
        ("kind", "spell"),
        ("kind", 1),
        ("expect", "maybe"),
        ("expect", True),
        ("slot", "3"),
        ("slot", True),
        ("slot", 3.0),
        ("slot", None),
        ("ring", "00"),
        ("ring", [0]),
        ("ring", None),
        ("proof", 1),
        ("name", 1),
        ("message", ["00"]),
    ],
)
def test_a_case_of_an_odd_shape_is_refused_and_no_outcome(key: str, value: object) -> None:
    with pytest.raises(FormatError):
        judge({**GOOD, key: value})


def test_a_lone_surrogate_in_a_selector_is_a_fault_of_format() -> None:
    assert judge({**GOOD, "selector": "role:\ud800"}) is Outcome.FORMAT


def test_a_ring_of_more_than_4096_is_a_fault_of_format() -> None:
    assert judge({**GOOD, "ring": GOOD["ring"] * 4097}) is Outcome.FORMAT


def _first(kind: str) -> dict[str, Any]:
    return next(case for path in sorted(FOLDER.glob("*.json")) for case in read(path.name) if case["kind"] == kind)


@pytest.mark.parametrize("kind", ["proving", "naming"])
def test_a_secret_that_opens_no_stub_of_the_ring_is_an_outcome_and_no_crash(kind: str) -> None:
    case = _first(kind)
    assert judge({**case, "seed": "07" * 32}) is Outcome.PROOF
    assert judge({**case, "index": len(case["ring"])}) is Outcome.FORMAT


def test_a_case_cannot_ask_for_endless_work() -> None:
    for count in (0, 97, 2**53 - 1):
        assert judge({**_first("enrolling"), "slots": count, "stubs": []}) is Outcome.FORMAT
    block = {**_first("block"), "rows": 4096 * 999_999, "selector": "all#0/999999"}
    assert judge(block) is Outcome.FORMAT
