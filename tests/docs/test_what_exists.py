"""docs/operate/what-exists.md names every file and every column that a server keeps, and no column that it does not."""

from __future__ import annotations

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.server import serving
from tests.service.cast import DAY, cast_of
from tests.service.test_adopt import sign

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operate" / "what-exists.md"
CODE = re.compile(r"`([^`]+)`")
ONLY_WHERE_CHOSEN = {
    *("group/database.json", "group/witnesses.policy", "group/witnessed.note", "group/moved.json"),
    "ruban.toml",
}


def rows_of(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    part = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A data folder with a letter and a signature that waits, and the files that were there while its server ran."""
    data = tmp_path_factory.mktemp("ran") / "data"
    with cast_of(data, window=0) as cast:
        cast.now = int(time.time()) - 10
        cast.open_letter(5 * DAY)
        sign(cast, 1)
    with serving(data):
        files = {str(path.relative_to(data)) for path in data.rglob("*") if not path.is_dir()}
    return data, files


def test_every_file_is_named(ran: tuple[Path, set[str]]) -> None:
    named = {name for [cell, *_] in rows_of("In the group's folder") for name in CODE.findall(cell)}
    assert ran[1] == named - ONLY_WHERE_CHOSEN


def test_every_column_is_named(ran: tuple[Path, set[str]]) -> None:
    said = {CODE.findall(name)[0]: CODE.findall(columns) for name, columns, _ in rows_of("Column by column")}
    kept = {}
    for file in ("private.db", "group/log.db", "group/openings.db", "group/desk.db"):
        with closing(sqlite3.connect(ran[0] / file)) as database:
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                kept[table] = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    assert kept == said
