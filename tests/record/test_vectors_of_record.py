"""The small record and its dishonest copies are judged as they say, and are what their generator makes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ruban.audit.fetch import open_source
from tests.audit.simulator import verdict_of
from tests.record.vectors_of_record import FOLDER, Files, judge, made, splice

CASES: list[dict[str, Any]] = json.loads((FOLDER / "faults.json").read_bytes())
FILES: Files = {
    path.relative_to(FOLDER / "small").as_posix(): path.read_bytes()
    for path in (FOLDER / "small").rglob("*")
    if path.is_file()
}


def _verdict(place: Path) -> dict[str, Any]:
    verdict = verdict_of(open_source(str(place))).as_json()
    del verdict["proofs"]["seconds"]
    return verdict


def test_the_record_has_its_verdict_as_a_bundle_and_as_a_folder() -> None:
    expected = json.loads((FOLDER / "small.json").read_bytes())
    assert expected["holds"] is True
    assert _verdict(FOLDER / "small.zip") == _verdict(FOLDER / "small") == expected


def test_the_verdict_is_the_one_that_was_meant() -> None:
    first, second = json.loads((FOLDER / "small.json").read_bytes())["letters"]
    keys = ("signed", "enrolled", "entitled", "named", "unnamed", "withdrawn", "erased", "struck", "threshold_reached")
    assert [first["tally"][key] for key in keys] == [13, 25, 38, 4, 9, 1, 1, 2, 1763802900]
    assert [second["tally"][key] for key in keys] == [12, 24, 40, 1, 11, 0, 0, 0, None]
    assert second["tally"]["by_role"] == [{"role": "Salle", "enrolled": 12, "named": 1, "unnamed": 5}]
    assert first["tally"]["by_role"] == []
    assert [letter["status"] for letter in (first, second)] == ["closed", "closed"]


def test_bundle_and_folder_hold_the_same_bytes() -> None:
    with zipfile.ZipFile(FOLDER / "small.zip") as file:
        assert {name: file.read(name) for name in file.namelist()} == FILES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_copy_is_judged_as_it_says(case: dict[str, Any]) -> None:
    earlier = case.get("earlier")
    assert judge(splice(FILES, case["splices"]), None if earlier is None else earlier.encode()) == case["expect"]


def test_the_copies_cover_every_step_and_are_told_apart_by_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) == 87
    steps = {finding["step"] for case in CASES for finding in case["expect"].get("findings", ())}
    assert steps == set(range(1, 9))
    assert sum("raises" in case["expect"] for case in CASES) == 5


def test_the_files_are_what_their_generator_makes() -> None:
    files = made()
    kept = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()} - {"README.md"}
    assert kept == set(files)
    for name, data in files.items():
        assert (FOLDER / name).read_bytes() == data, f"{name}: run `python -m tests.record.vectors_of_record`"
