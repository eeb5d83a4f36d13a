"""A name is never a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from ruban.people.sheet import as_written, harmless_cell, sheet


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_cell_that_would_be_a_formula_becomes_text(sign: str) -> None:
    cell = f"{sign}HYPERLINK(1)"
    assert harmless_cell(cell) == f"'{cell}"
    assert as_written(harmless_cell(cell)) == cell
    [_, row] = csv.reader(io.StringIO(sheet(["name"], [[cell]]), newline=""))
    assert row == [f"'{cell}"]


@pytest.mark.parametrize("cell", ["", "Ada", "Anne-Marie", "a=b", "'quoted'", 'said "no", twice', "Zoé"])
def test_every_other_cell_is_as_it_was(cell: str) -> None:
    [_, row] = csv.reader(io.StringIO(sheet(["name", "code"], [[cell, "1"]])))
    assert row == [cell, "1"]
    assert as_written(cell) == cell


def test_lines_end_as_asked() -> None:
    assert sheet(["name"], [["Ada"]], line_end="\n") == "name\nAda\n"
