"""The vectors of spec/log.md: each is judged as it says, and the files are what their generator makes."""

from __future__ import annotations

import json

import pytest

from tests.log.vectors_of_log import FOLDER, encode, files, judge

COUNTS = {
    "bundle.json": 7,
    "checkpoint.json": 12,
    "consistency.json": 94,
    "inclusion.json": 132,
    "note.json": 17,
    "receipt.json": 21,
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_each_case_is_judged_as_it_says(name: str) -> None:
    cases = json.loads((FOLDER / name).read_bytes())
    assert len(cases) == COUNTS[name]
    assert len({case["name"] for case in cases}) == len(cases)
    for case in cases:
        assert judge(case) == case["expect"], case["name"]


def test_the_files_are_what_their_generator_makes() -> None:
    made = files()
    assert sorted(made) == sorted(path.name for path in FOLDER.glob("*.json")) == sorted(COUNTS)
    for name, cases in made.items():
        assert (FOLDER / name).read_bytes() == encode(cases), name
